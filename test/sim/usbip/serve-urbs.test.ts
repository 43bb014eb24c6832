// One device over one stream: every transfer answered once and in its kind, and whatever the host does wrong ends the
// stream and nothing else.
import { duplexPair } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { ControlAnswer } from '../../../src/main/sim/board-parts.ts'
import { serveUrbs } from '../../../src/main/sim/usbip/serve-urbs.ts'
import type { AnswerControl, EndpointBehaviour } from '../../../src/main/sim/usbip/served-device.ts'
import { systemClock } from '../../../src/main/station/system-clock.ts'
import { getDescriptor, type Host, hostAt, submit, unlink } from './usbip-host.ts'

const deviceId = 0x10002
const endpoints: Readonly<Record<number, EndpointBehaviour>> = { 129: 'silent', 2: 'sink', 130: 'silent', 3: 'halted' }

function serving(control: AnswerControl) {
  const [ours, theirs] = duplexPair()
  const host = hostAt(ours)
  const device = { control, endpoint: (address: number) => endpoints[address] ?? 'absent' }
  return { host, ...serveUrbs(theirs, { device, deviceId, clock: systemClock }) }
}

const data = (...bytes: readonly number[]): ControlAnswer => ({ kind: 'data', data: Uint8Array.from(bytes) })
const read18 = { setup: getDescriptor(0x0100, 18), lengthBytes: 18, deviceId }
const counting = (sizeBytes: number) => Uint8Array.from({ length: sizeBytes }, (_, n) => n & 0xff)

async function answered(host: Host): Promise<readonly [sequence: number, status: number, moved: number]> {
  const { sequence, status, moved } = await host.answer()
  return [sequence, status, moved]
}

describe('a control transfer', () => {
  it('brings what the device sent, also when that is less than asked for', async () => {
    const { host } = serving(() => data(1, 2, 3))
    host.write(submit({ ...read18, sequence: 1 }))
    expect(await answered(host)).toEqual([1, 0, 3])
    expect([...(await host.read(3))]).toEqual([1, 2, 3])
  })

  it('that wants no short packet is told of one, and still gets the data', async () => {
    const { host } = serving(() => data(1, 2, 3))
    host.write(submit({ ...read18, sequence: 1, flags: 1 }))
    expect(await answered(host)).toEqual([1, -121, 3])
    expect(await host.read(3)).toHaveLength(3)
  })

  it('never brings more than wLength, nor more than the host has room for', async () => {
    const { host } = serving(() => ({ kind: 'data', data: counting(100) }))
    host.write(submit({ ...read18, sequence: 1 }), submit({ ...read18, sequence: 2, lengthBytes: 10 }))
    expect(await answered(host)).toEqual([1, 0, 18])
    await host.read(18)
    expect(await answered(host)).toEqual([2, 0, 10])
  })

  it('may be empty: an IN transfer of a device with nothing to say, an OUT transfer without data', async () => {
    const { host } = serving(({ requestType }) => (requestType === 0x80 ? data() : { kind: 'ack' }))
    host.write(
      submit({ ...read18, sequence: 1 }),
      submit({ sequence: 2, deviceId, isIn: false, setup: [0, 9, 1, 0, 0, 0, 0, 0] }),
    )
    expect(await answered(host)).toEqual([1, 0, 0])
    expect(await answered(host)).toEqual([2, 0, 0])
  })

  it('takes its data to the device', async () => {
    const seen: Uint8Array[] = []
    const { host } = serving((_, bytes) => {
      seen.push(bytes)
      return { kind: 'ack' }
    })
    host.write(
      submit({ sequence: 1, deviceId, isIn: false, setup: [0x21, 1, 2, 0, 0, 0, 0, 16], data: counting(4096) }),
    )
    expect(await answered(host)).toEqual([1, 0, 4096])
    expect(seen).toEqual([counting(4096)])
  })

  it.each([
    ['OUT data longer than wLength', { isIn: false, setup: [0x21, 1, 0, 0, 0, 0, 2, 0], data: counting(3) }],
    ['OUT data shorter than wLength', { isIn: false, setup: [0x21, 1, 0, 0, 0, 0, 2, 0], data: counting(1) }],
    ['OUT data without wLength', { isIn: false, setup: [0x21, 1, 0, 0, 0, 0, 0, 0], data: counting(1) }],
    ['a data stage against the SETUP packet', { isIn: true, setup: [0x21, 1, 0, 0, 0, 0, 2, 0], lengthBytes: 2 }],
  ])('with %s stalls and never reaches the device', async (_, words) => {
    const { host } = serving(() => {
      throw new Error('reached')
    })
    host.write(submit({ sequence: 1, deviceId, ...words }))
    expect(await answered(host)).toEqual([1, -32, 0])
  })

  it('that stalls says so, and the next one works', async () => {
    let isFirst = true
    const { host } = serving(() => {
      const answer: ControlAnswer = isFirst ? { kind: 'stall' } : data(7)
      isFirst = false
      return answer
    })
    host.write(submit({ ...read18, sequence: 1 }), submit({ ...read18, sequence: 2 }))
    expect(await answered(host)).toEqual([1, -32, 0])
    expect(await answered(host)).toEqual([2, 0, 1])
  })

  it('without a status stage stays pending until it is given up; the device learns of it', async () => {
    let signal = new AbortController().signal
    const { host } = serving((_setup, _data, given) => {
      signal = given
      return { kind: 'no-status' }
    })
    host.write(submit({ ...read18, sequence: 1 }))
    await turn()
    expect(signal.aborted).toBe(false)
    host.write(unlink(2, 1, deviceId))
    expect(await host.answer()).toMatchObject({ kind: 4, sequence: 2, status: -104 })
    expect(signal.aborted).toBe(true)
  })

  it('that was answered before it is given up leaves "done" for the unlink, and no second answer', async () => {
    const { host } = serving(() => data(1))
    host.write(submit({ ...read18, sequence: 1 }))
    expect(await answered(host)).toEqual([1, 0, 1])
    await host.read(1)
    host.write(unlink(2, 1, deviceId), unlink(3, 77, deviceId))
    expect(await host.answer()).toMatchObject({ kind: 4, sequence: 2, status: 0 })
    expect(await host.answer()).toMatchObject({ kind: 4, sequence: 3, status: 0 })
  })

  it('that was given up gets no answer when the device comes with it later', async () => {
    const late = Promise.withResolvers<ControlAnswer>()
    const { host } = serving(({ value }) => (value === 0x0100 ? late.promise : data(2)))
    host.write(submit({ ...read18, sequence: 1 }), unlink(2, 1, deviceId))
    expect(await host.answer()).toMatchObject({ kind: 4, sequence: 2, status: -104 })
    late.resolve(data(1))
    host.write(submit({ ...read18, sequence: 3, setup: getDescriptor(0x0200, 9), lengthBytes: 9 }))
    expect(await answered(host)).toEqual([3, 0, 1])
  })
})

describe('another endpoint', () => {
  it('with nothing to say keeps IN transfers pending until they are unlinked', async () => {
    const { host } = serving(() => data())
    host.write(submit({ sequence: 1, deviceId, endpoint: 1, lengthBytes: 16 }))
    host.write(submit({ sequence: 2, deviceId, endpoint: 2, lengthBytes: 128 }))
    host.write(unlink(3, 2, deviceId), unlink(4, 1, deviceId))
    expect(await host.answer()).toMatchObject({ kind: 4, sequence: 3, status: -104 })
    expect(await host.answer()).toMatchObject({ kind: 4, sequence: 4, status: -104 })
  })

  it('that takes data takes it all, a zero-length packet too', async () => {
    const { host } = serving(() => data())
    host.write(submit({ sequence: 1, deviceId, endpoint: 2, isIn: false, data: counting(1280) }))
    host.write(submit({ sequence: 2, deviceId, endpoint: 2, isIn: false }))
    expect(await answered(host)).toEqual([1, 0, 1280])
    expect(await answered(host)).toEqual([2, 0, 0])
  })

  it('that is halted, or is not there, stalls', async () => {
    const { host } = serving(() => data())
    host.write(submit({ sequence: 1, deviceId, endpoint: 3, isIn: false, data: counting(1) }))
    host.write(submit({ sequence: 2, deviceId, endpoint: 9, lengthBytes: 64 }))
    expect(await answered(host)).toEqual([1, -32, 0])
    expect(await answered(host)).toEqual([2, -32, 0])
  })

  it('refuses isochronous transfers', async () => {
    const { host } = serving(() => data())
    host.write(submit({ sequence: 1, deviceId, endpoint: 1, lengthBytes: 64, packets: 3 }))
    expect(await host.answer()).toMatchObject({ kind: 3, status: -22, moved: 0, packets: 0 })
  })
})

describe('a host that cannot be understood', () => {
  it.each([
    ['sends garbage', Buffer.from('GET / HTTP/1.1\r\nHost: board\r\nUser-Agent: something\r\n\r\n')],
    ['means another device', submit({ ...read18, sequence: 1, deviceId: deviceId + 1 })],
    ['unlinks for another device', unlink(1, 1, deviceId + 1)],
    ['announces two gigabytes', submit({ sequence: 1, deviceId, endpoint: 2, lengthBytes: 0x7fffffff, isIn: false })],
    ['uses a sequence twice', Buffer.concat([1, 1].map(() => submit({ sequence: 1, deviceId, endpoint: 1 })))],
    [
      'has 1025 transfers pending',
      Buffer.concat(Array.from({ length: 1025 }, (_, n) => submit({ sequence: n, deviceId, endpoint: 1 }))),
    ],
  ])('%s: the connection ends, with the reason', async (_, bytes) => {
    const { host, ended } = serving(() => data())
    host.write(bytes)
    expect((await ended)?.message).toMatch(/^CALL_REJECTED: USB\/IP: /)
  })

  it('goes in the middle of a message: no reason to give, and pending transfers end', async () => {
    let signal = new AbortController().signal
    const { host, ended } = serving((_setup, _data, given) => {
      signal = given
      return { kind: 'no-status' }
    })
    host.write(submit({ ...read18, sequence: 1 }), submit({ ...read18, sequence: 2 }).subarray(0, 30))
    await turn()
    host.stream.destroy()
    expect(await ended).toBeNull()
    expect(signal.aborted).toBe(true)
  })

  it('may send its messages in any pieces', async () => {
    const { host } = serving(() => data(1))
    const bytes = Buffer.concat([1, 2, 3].map((sequence) => submit({ ...read18, sequence })))
    for (const byte of bytes) host.stream.write(Buffer.from([byte]))
    for (const sequence of [1, 2, 3]) {
      expect(await answered(host)).toEqual([sequence, 0, 1])
      await host.read(1)
    }
  })

  it('does not read its answers: no more of them are made than the stream holds', async () => {
    let asked = 0
    const [ours, theirs] = duplexPair()
    const control: AnswerControl = () => {
      asked += 1
      return { kind: 'data', data: counting(4096) }
    }
    serveUrbs(theirs, { device: { control, endpoint: () => 'absent' }, deviceId, clock: systemClock })
    const all = 900
    const one = (sequence: number) =>
      submit({ sequence, deviceId, setup: getDescriptor(0x0200, 4096), lengthBytes: 4096 })
    for (let sequence = 0; sequence < all; sequence += 1) {
      ours.write(one(sequence))
      await turn()
    }
    expect(asked).toBeLessThan(100)
    const host = hostAt(ours)
    for (let sequence = 0; sequence < all; sequence += 1) {
      expect((await host.answer()).sequence).toBe(sequence)
      await host.read(4096)
    }
    expect(asked).toBe(all)
  })
})

describe('a device that leaves', () => {
  it('ends what is pending and what was just sent, then the stream', async () => {
    const { host, leave, ended } = serving(() => ({ kind: 'no-status' }))
    host.write(submit({ ...read18, sequence: 1 }), submit({ sequence: 2, deviceId, endpoint: 1, lengthBytes: 16 }))
    await turn()
    host.write(submit({ ...read18, sequence: 3 }))
    leave()
    leave()
    for (const sequence of [1, 2, 3]) expect(await answered(host)).toEqual([sequence, -108, 0])
    await expect(host.read(1)).rejects.toThrow('closed')
    host.stream.end()
    expect(await ended).toBeNull()
  })
})
