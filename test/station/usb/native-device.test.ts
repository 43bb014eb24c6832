import { getEventListeners } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import { NativeUsbBus } from '../../../src/main/station/usb/native-bus.ts'
import type { ControlSetup, TransferOptions, UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { type FakeAnswer, FakeDevice, FakeUsb, journalLog } from './fake-native.ts'

const forever = new AbortController().signal
const within = (timeoutMs: number, signal: AbortSignal = forever): TransferOptions => ({ timeoutMs, signal })
const read: ControlSetup = { requestType: 0xa1, request: 3, value: 0x1234, index: 0x0002 }
const write: ControlSetup = { requestType: 0x21, request: 1, value: 0x1234, index: 0x0002 }

function plugged() {
  const clock = createVirtualClock()
  const usb = new FakeUsb()
  const native = new FakeDevice()
  const warnings: string[] = []
  usb.present = [native]
  const bus = new NativeUsbBus({ usb, clock, log: journalLog(warnings) })
  const device = bus.devices()[0] as UsbDevice
  const unplug = (): void => {
    usb.present = []
    usb.hint?.()
  }
  return { clock, usb, native, warnings, bus, device, unplug, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() }
}

describe('opening', () => {
  it('is tried again for two seconds after the arrival while the system denies access', async () => {
    await using bench = plugged()
    bench.native.openErrors.push(-3, -3, -3)
    await bench.device.open(forever)
    expect(bench.native.journal).toEqual(['open', 'open', 'open', 'open'])
    expect(bench.clock.monotonic()).toBe(300)
  })

  it('is denied when the system still denies it then', async () => {
    await using bench = plugged()
    bench.native.openErrors.push(...Array.from({ length: 100 }, () => -3))
    await expect(bench.device.open(forever)).rejects.toMatchObject({ code: 'USB_ACCESS_DENIED' })
    expect(bench.clock.monotonic()).toBe(2_000)
  })

  it('of a device that was there for long is not tried again', async () => {
    await using bench = plugged()
    await bench.clock.sleep(60_000)
    bench.native.openErrors.push(-3)
    await expect(bench.device.open(forever)).rejects.toMatchObject({ code: 'USB_ACCESS_DENIED' })
    expect(bench.native.journal).toEqual(['open'])
  })

  it('ends when it is aborted, or the device leaves', async () => {
    await using bench = plugged()
    bench.native.openErrors.push(-3, -3, -3)
    const stop = new AbortController()
    const stopped = bench.device.open(stop.signal)
    stop.abort()
    await expect(stopped).rejects.toMatchObject({ code: 'JOB_ABORTED' })
    await expect(bench.device.open(stop.signal)).rejects.toMatchObject({ code: 'JOB_ABORTED' })
    const opening = bench.device.open(forever)
    bench.unplug()
    await expect(opening).rejects.toMatchObject({ code: 'USB_GONE' })
  })
})

describe('a control transfer', () => {
  it('sends the SETUP packet of USB 2.0 section 9.3 and the data behind it', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    bench.usb.answer = { kind: 'taken', sizeBytes: 3 }
    await bench.device.controlOut(write, Uint8Array.of(7, 8, 9), within(100))
    expect([...(bench.usb.submitted[0] ?? [])]).toEqual([0x21, 1, 0x34, 0x12, 2, 0, 3, 0, 7, 8, 9])
  })

  it('has a buffer even without data', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    bench.usb.answer = { kind: 'taken', sizeBytes: 0 }
    await bench.device.controlOut(write, new Uint8Array(), within(100))
    expect(bench.usb.submitted[0]?.length).toBe(8)
  })

  it('brings what the device sent, as plain bytes', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    bench.usb.answer = { kind: 'data', data: Uint8Array.of(1, 2, 3) }
    expect(await bench.device.controlIn(read, 6, within(100))).toEqual(Uint8Array.of(1, 2, 3))
    expect(bench.usb.submitted[0]?.length).toBe(14)
  })

  it('of which the device took only a part is a fault', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    bench.usb.answer = { kind: 'taken', sizeBytes: 2 }
    const transfer = bench.device.controlOut(write, Uint8Array.of(7, 8, 9), within(100))
    await expect(transfer).rejects.toMatchObject({ code: 'USB_FAILED' })
  })

  it('against its own direction is refused before the device sees it', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    await expect(bench.device.controlIn(write, 6, within(100))).rejects.toMatchObject({ code: 'INTERNAL' })
    await expect(bench.device.controlOut(read, Uint8Array.of(1), within(100))).rejects.toMatchObject({
      code: 'INTERNAL',
    })
    expect(bench.usb.submitted).toEqual([])
  })

  it('that the system refuses is its fault', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    bench.usb.answer = { kind: 'refused', errno: -4 }
    await expect(bench.device.controlIn(read, 6, within(100))).rejects.toMatchObject({ code: 'USB_GONE' })
  })

  it('without an answer is cancelled at its deadline, and no timeout of the library is used', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    const fault = await bench.device.controlIn(read, 6, within(1_500)).catch((thrown: unknown) => thrown)
    expect(fault).toMatchObject({ code: 'USB_TIMEOUT', detail: expect.stringContaining('no answer in 1500 ms') })
    expect(bench.native.journal).toEqual(['open', 'cancel'])
    expect(bench.clock.monotonic()).toBe(1_500)
  })

  it('that answers leaves no timer behind', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    bench.usb.answer = { kind: 'data', data: Uint8Array.of(1) }
    await bench.device.controlIn(read, 1, within(1_500))
    await bench.clock.sleep(5_000)
    expect(bench.native.journal).toEqual(['open'])
  })

  it('keeps its own deadline behind longer ones, and takes with it what stands in line behind', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    const endings: string[] = []
    const silent = (timeoutMs: number) =>
      bench.device
        .controlIn(read, 6, within(timeoutMs))
        .catch((thrown: Fault) => endings.push(`${thrown.code} of ${timeoutMs} after ${bench.clock.monotonic()}`))
    await Promise.all([5_000, 700, 900].map(silent))
    expect(endings.sort()).toEqual([
      'USB_TIMEOUT of 5000 after 5000',
      'USB_TIMEOUT of 700 after 700',
      'USB_TIMEOUT of 900 after 700',
    ])
  })

  it('leaves one listener on its signal however many there are, and none after the close', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    bench.usb.answer = { kind: 'data', data: Uint8Array.of(1) }
    const { signal } = new AbortController()
    for (let done = 0; done < 50; done += 1) await bench.device.controlIn(read, 1, within(1_500, signal))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await bench.device.close()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('with another signal is not ended by the abort of a first', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    const [one, other] = [new AbortController(), new AbortController()]
    const first = bench.device.controlIn(read, 6, within(10_000, one.signal))
    const second = bench.device.controlIn(read, 6, within(2_000, other.signal))
    one.abort()
    await expect(first).rejects.toMatchObject({ code: 'JOB_ABORTED' })
    await expect(second).rejects.toMatchObject({ code: 'USB_TIMEOUT' })
  })

  it('whose cancel is not honoured is given up all the same', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    bench.usb.answer = { kind: 'deaf' }
    await expect(bench.device.controlIn(read, 6, within(1_000))).rejects.toMatchObject({ code: 'USB_TIMEOUT' })
    expect(bench.clock.monotonic()).toBe(3_000)
    await bench.device.close()
    expect(bench.warnings[0]).toContain('pending request')
  })

  it('that is aborted ends with the reason of the signal', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    const stop = new AbortController()
    const transfer = bench.device.controlIn(read, 6, within(10_000, stop.signal))
    stop.abort(new Fault('BOARD_SWAPPED', 'another board'))
    await expect(transfer).rejects.toMatchObject({ code: 'BOARD_SWAPPED' })
    await expect(bench.device.controlIn(read, 6, within(1, stop.signal))).rejects.toMatchObject({
      code: 'BOARD_SWAPPED',
    })
    expect(bench.usb.submitted.length).toBe(1)
  })
})

describe('what has ended', () => {
  it('is let go of, whichever way it ended: a callback that leads to its transfer would keep it for ever', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    const answers: readonly FakeAnswer[] = [
      { kind: 'data', data: Uint8Array.of(1, 2) },
      { kind: 'status', errno: 4 },
      { kind: 'refused', errno: -1 },
      { kind: 'silent' },
      { kind: 'deaf' },
    ]
    for (const answer of answers) {
      bench.usb.answer = answer
      await bench.device.controlIn(read, 8, within(1_000)).catch(() => undefined)
    }
    bench.usb.answer = { kind: 'silent' }
    setFlagsFromString('--expose-gc')
    await turn()
    runInNewContext('gc')()
    expect(bench.usb.transfers.map((transfer) => transfer.deref())).toEqual(answers.map(() => undefined))
    expect(bench.usb.callbacks).toHaveLength(answers.length)
  })
})

describe('a device that leaves', () => {
  it('ends what is pending with USB_GONE and is closed', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    const transfer = bench.device.controlIn(read, 6, within(10_000))
    bench.unplug()
    await expect(transfer).rejects.toMatchObject({ code: 'USB_GONE' })
    await bench.device.close()
    expect(bench.native.journal).toEqual(['open', 'cancel', 'close'])
    await expect(bench.device.controlIn(read, 6, within(1))).rejects.toMatchObject({ code: 'USB_GONE' })
    await expect(bench.device.open(forever)).rejects.toMatchObject({ code: 'USB_GONE' })
  })

  it('right after an unclear failure was the failure', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    bench.usb.answer = { kind: 'status', errno: 1 }
    const transfer = bench.device.controlIn(read, 6, within(10_000))
    const leaving = bench.clock.sleep(300).then(bench.unplug)
    await expect(transfer).rejects.toMatchObject({ code: 'USB_GONE' })
    await leaving
  })

  it('not after an unclear failure leaves the failure as it is', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    bench.usb.answer = { kind: 'status', errno: 1 }
    await expect(bench.device.controlIn(read, 6, within(10_000))).rejects.toMatchObject({ code: 'USB_FAILED' })
    expect(bench.clock.monotonic()).toBe(400)
  })
})

describe('acts on the thread pool', () => {
  it('are done by interface number and report their faults', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    await bench.device.claim(2)
    await bench.device.selectAlternate(2, 1)
    await bench.device.release(2)
    expect(bench.native.journal).toEqual(['open', 'claim 2', 'alternate 2 1', 'release 2'])
    bench.native.actError = -5
    await expect(bench.device.reset()).rejects.toMatchObject({ code: 'USB_GONE' })
    await expect(bench.device.selectAlternate(2, 9)).rejects.toMatchObject({ code: 'USB_FAILED' })
  })

  it('need an open device', async () => {
    await using bench = plugged()
    await expect(bench.device.claim(0)).rejects.toMatchObject({ code: 'INTERNAL' })
    await expect(bench.device.reset()).rejects.toMatchObject({ code: 'INTERNAL' })
  })
})

describe('closing', () => {
  it('waits for what is pending, releases what is claimed, then closes, once', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    await bench.device.claim(0)
    await bench.device.claim(2)
    const transfer = bench.device
      .controlIn(read, 6, within(500))
      .catch(() => bench.native.journal.push('transfer ended'))
    const reset = bench.device.reset()
    await Promise.all([bench.device.close(), bench.device.close()])
    await Promise.all([transfer, reset])
    const order = ['open', 'claim 0', 'claim 2', 'reset', 'cancel', 'transfer ended', 'release 0', 'release 2', 'close']
    expect(bench.native.journal).toEqual(order)
    await bench.device.close()
    expect(bench.native.journal).toEqual(order)
  })

  it('never throws, and says what went wrong', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    await bench.device.claim(0)
    bench.native.actError = -1
    await bench.device.close()
    expect(bench.native.journal).toEqual(['open', 'claim 0', 'release 0', 'close'])
    expect(bench.warnings).toEqual([expect.stringContaining('LIBUSB_ERROR_IO')])
  })

  it('says nothing of interfaces that left with their device', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    await bench.device.claim(0)
    bench.native.actError = -4
    await bench.device.close()
    expect(bench.native.journal).toEqual(['open', 'claim 0', 'release 0', 'close'])
    expect(bench.warnings).toEqual([])
  })

  it('is waited for by the next open', async () => {
    await using bench = plugged()
    await bench.device.open(forever)
    await bench.device.claim(0)
    await Promise.all([bench.device.close(), bench.device.open(forever)])
    expect(bench.native.journal).toEqual(['open', 'claim 0', 'release 0', 'close', 'open'])
  })
})
