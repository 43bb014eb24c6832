import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import { ControlPipe, controlBuffer } from '../../../src/main/station/usb/control-pipe.ts'
import type { NativeUsb, TransferDone } from '../../../src/main/station/usb/native-usb.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { FakeDevice, nativeError } from './fake-native.ts'

const cancelled = 3

/** A kernel's endpoint 0: the first in line is on the wire, and when it ends the next goes out at once. */
function lineOfTransfers() {
  const wire: number[] = []
  const line: { readonly request: number; readonly done: TransferDone }[] = []
  const usb: Pick<NativeUsb, 'createTransfer'> = {
    createTransfer: (_device, done) => {
      const here = { request: 0, done }
      return {
        submit: (buffer) => {
          here.request = buffer[1] ?? 0
          line.push(here)
          if (line[0] === here) wire.push(here.request)
        },
        cancel: () => {
          const at = line.indexOf(here)
          line.splice(at, 1)
          if (at === 0 && line[0]) wire.push(line[0].request)
          queueMicrotask(() => done(nativeError(cancelled), Buffer.alloc(0), 0))
          return true
        },
      }
    },
  }
  return { wire, usb: usb as NativeUsb }
}

describe('transfers in line', () => {
  const threeInLine = (end: AbortSignal, timeoutMs: number) => {
    const { wire, usb } = lineOfTransfers()
    const pipe = new ControlPipe({ usb, device: new FakeDevice(), clock: createVirtualClock() })
    const transfer = (request: number) => {
      const buffer = controlBuffer({ requestType: 0x21, request, value: 0, index: 0 }, 6)
      return pipe.transfer({ buffer, act: () => `request ${request}`, options: { timeoutMs, signal: end } })
    }
    return { wire, pipe, all: Promise.allSettled([transfer(1), transfer(2), transfer(3)]) }
  }
  const codes = (all: readonly PromiseSettledResult<number>[]) =>
    all.map((each) => (each.status === 'rejected' && each.reason instanceof Fault ? each.reason.code : each.status))

  it('never reach the board once a stop has cancelled the one before them', async () => {
    const stop = new AbortController()
    const { wire, all } = threeInLine(stop.signal, 5_000)
    stop.abort()
    expect(codes(await all)).toEqual(['JOB_ABORTED', 'JOB_ABORTED', 'JOB_ABORTED'])
    expect(wire).toEqual([1])
  })

  it('never reach the board once the one before them was given up', async () => {
    const { wire, all } = threeInLine(new AbortController().signal, 700)
    expect(codes(await all)).toEqual(['USB_TIMEOUT', 'USB_TIMEOUT', 'USB_TIMEOUT'])
    expect(wire).toEqual([1])
  })

  it('never reach the board once its device has left or the station stops', async () => {
    const { wire, pipe, all } = threeInLine(new AbortController().signal, 5_000)
    pipe.giveUp(new Fault('USB_GONE', 'left'))
    expect(codes(await all)).toEqual(['USB_GONE', 'USB_GONE', 'USB_GONE'])
    expect(wire).toEqual([1])
  })
})
