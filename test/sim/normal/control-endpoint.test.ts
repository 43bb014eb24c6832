import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ControlAnswer, SimPlatform } from '../../../src/main/sim/board-parts.ts'
import { factoryChips, testHost } from '../boot/bench-board.ts'
import { Dialogue } from './dialogue.ts'

const ok = 0
const pending = 2
const busy = 3
const notFound = 5
const echo = 1

const dialogue = (platform: SimPlatform = 'boron') => new Dialogue(testHost(platform))
const ascii = (answer: ControlAnswer) => (answer.kind === 'data' ? new TextDecoder().decode(answer.data) : answer.kind)

describe('INIT', () => {
  it('counts ids from 1', () => {
    const board = dialogue()
    expect([board.init(echo), board.init(echo)]).toEqual([
      { status: ok, id: 1 },
      { status: ok, id: 2 },
    ])
  })

  it('wraps the id after 65535 to 0', () => {
    const board = dialogue()
    for (let i = 0; i < 65_534; i++) {
      board.init(echo)
      board.reset(0)
    }
    expect(board.init(echo)).toEqual({ status: ok, id: 65_535 })
    expect(board.init(echo)).toEqual({ status: ok, id: 0 })
  })

  it('is busy with the fifth request and free again when one has ended', () => {
    const board = dialogue()
    for (let i = 0; i < 4; i++) board.init(echo)
    expect(board.init(echo)).toEqual({ status: busy })
    board.wait(10)
    board.check(1)
    expect(board.init(echo)).toEqual({ status: ok, id: 5 })
  })

  it('has a buffer at once for 64 bytes of payload and is pending for more', () => {
    const board = dialogue()
    expect(board.init(echo, 64)).toEqual({ status: ok, id: 1 })
    expect(board.init(echo, 65)).toEqual({ status: pending, id: 2 })
    expect(board.check(2)).toEqual({ status: pending })
    board.wait(1)
    expect(board.check(2)).toEqual({ status: ok })
  })
})

describe('the service requests', () => {
  it.each([0, 6, 16, 63, 65, 4096])('INIT, CHECK and RESET stall with a length of %i', (length) => {
    const board = dialogue()
    expect([board.init(echo, 0, length), board.check(1, length), board.reset(0, length)]).toEqual(
      Array(3).fill('stall'),
    )
  })

  it('stall in the wrong direction and stall when unknown', () => {
    const board = dialogue()
    const setup = { request: 1, value: 0, index: echo, lengthBytes: 64 }
    const data = new Uint8Array(64)
    expect(board.face.control({ ...setup, requestType: 0x40 }, data).kind).toBe('stall')
    expect(board.face.control({ ...setup, requestType: 0xc0, request: 3 }, data).kind).toBe('stall')
    expect(board.service(6, 0)).toBe('stall')
    expect(board.service(0xee, 4)).toBe('stall')
  })
})

describe('CHECK', () => {
  it('does not find what was never asked, nor what has ended', () => {
    const board = dialogue()
    expect(board.check(7)).toEqual({ status: notFound })
    board.init(echo)
    board.wait(1)
    expect(board.check(1)).toEqual({ status: ok, result: 0 })
    expect(board.check(1)).toEqual({ status: notFound })
  })

  it('is pending until the board has had its time', () => {
    const board = dialogue()
    board.init(90)
    board.wait(59)
    expect(board.check(1)).toEqual({ status: pending })
    board.wait(1)
    expect(board.check(1)).toMatchObject({ status: ok, result: 0 })
  })

  it('gives result and size again until the body was received', () => {
    const board = dialogue()
    board.init(20)
    board.wait(1)
    const told = { status: ok, size: 26, result: 0 }
    expect([board.check(1), board.check(1)]).toEqual([told, told])
    board.receive(1, 26)
    expect(board.check(1)).toEqual({ status: notFound })
  })

  it('shows the requests of several hosts in the order they came in', () => {
    const board = dialogue()
    board.init(90)
    board.init(72)
    board.wait(60)
    expect([board.check(1), board.check(2)]).toMatchObject([{ result: 0 }, { status: pending }])
    board.wait(1)
    expect(board.check(2)).toMatchObject({ result: 0 })
  })
})

describe('SEND', () => {
  it('takes a payload in one piece or in chunks', () => {
    const board = dialogue()
    const payload = Uint8Array.from({ length: 1000 }, (_, i) => i)
    board.init(echo, 1000)
    board.wait(1)
    for (let at = 0; at < 1000; at += 300) expect(board.send(1, payload.slice(at, at + 300))).toBe('ack')
    board.wait(1)
    expect(board.check(1)).toEqual({ status: ok, size: 1000, result: 0 })
    expect(board.receive(1, 1000)).toEqual(payload)
  })

  it.each(['boron', 'p2'] as const)('%s acknowledges a short misfit and drops it; the request waits on', (platform) => {
    const board = dialogue(platform)
    board.init(echo, 10)
    expect(board.send(1, new Uint8Array(11))).toBe('ack')
    expect(board.send(9, new Uint8Array(4))).toBe('ack')
    expect(board.check(1)).toEqual({ status: ok })
    expect(board.send(1, new Uint8Array(10))).toBe('ack')
    board.wait(1)
    expect(board.check(1)).toMatchObject({ result: 0, size: 10 })
  })

  it('photon stalls every misfit', () => {
    const board = dialogue('photon')
    board.init(echo, 10)
    expect([board.send(1, new Uint8Array(11)), board.send(9, new Uint8Array(4))]).toEqual(['stall', 'stall'])
    expect(board.send(1, new Uint8Array(10))).toBe('ack')
  })

  it('stalls a misfit over 64 bytes: too much, unknown id, not yet allocated, already running', () => {
    const board = dialogue()
    board.init(echo, 100)
    expect(board.send(1, new Uint8Array(100))).toBe('stall')
    board.wait(1)
    expect([board.send(1, new Uint8Array(101)), board.send(9, new Uint8Array(65))]).toEqual(['stall', 'stall'])
    expect(board.send(1, new Uint8Array(100))).toBe('ack')
    expect(board.send(1, new Uint8Array(100))).toBe('stall')
  })

  it('stalls without data', () => {
    for (const platform of ['photon', 'boron', 'p2'] as const) {
      const board = dialogue(platform)
      board.init(echo, 10)
      expect(board.send(1, new Uint8Array(0))).toBe('stall')
    }
  })
})

describe('RECV', () => {
  it('gives the reply in parts and ends the request with the last', () => {
    const board = dialogue()
    board.init(20)
    board.wait(1)
    board.check(1)
    const parts = [board.receive(1, 20), board.receive(1, 6), board.receive(1, 1)]
    expect(parts.map((part) => part.length)).toEqual([20, 6, 'stall'.length])
    expect(parts[2]).toBe('stall')
  })

  it('stalls for more than is left, for nothing, too early and for an unknown id', () => {
    const board = dialogue()
    board.init(20)
    expect(board.receive(1, 26)).toBe('stall')
    board.wait(1)
    expect([board.receive(1, 27), board.receive(1, 0), board.receive(2, 1)]).toEqual(Array(3).fill('stall'))
  })
})

describe('what a request does at its end', () => {
  it('happens only when the host has fetched the result', () => {
    const board = dialogue()
    board.init(50)
    board.wait(60_000)
    expect(board.host.resets).toEqual([])
    board.check(1)
    expect(board.host.resets).toEqual([{ delayMs: 1000, into: 'dfu' }])
  })

  it.each([
    ['RESET of the request', (board: Dialogue) => board.reset(1)],
    ['RESET of all', (board: Dialogue) => board.reset(0)],
    ['a bus reset', (board: Dialogue) => board.face.busReset()],
  ])('happens when the finished request is cancelled by %s', (_, cancel) => {
    const board = dialogue()
    board.init(40)
    board.wait(1)
    cancel(board)
    expect(board.host.resets).toEqual([{ delayMs: 1000, into: 'boot' }])
    expect(board.check(1)).toEqual({ status: notFound })
  })
})

describe('a request cancelled before its handler was done', () => {
  it('does nothing any more', () => {
    const board = dialogue()
    board.init(50)
    expect(board.reset(1)).toEqual({ status: ok })
    board.wait(60_000)
    expect(board.host.resets).toEqual([])
  })
})

describe('RESET', () => {
  it('does not find an unknown request', () => {
    expect(dialogue().reset(3)).toEqual({ status: notFound })
  })

  it('cancels all with id 0, none being there included', () => {
    const board = dialogue()
    expect(board.reset(0)).toEqual({ status: ok })
    for (let i = 0; i < 4; i++) board.init(echo, 10)
    expect(board.reset(0)).toEqual({ status: ok })
    expect(board.init(echo)).toMatchObject({ status: ok })
  })
})

describe('raw requests', () => {
  it('give the device ID in upper case and the version, if there is room', () => {
    const board = dialogue()
    expect(ascii(board.raw(0xc0, 20, 64))).toBe('E00FCE68AABBCCDDEEFF0011')
    expect(ascii(board.raw(0xc0, 20, 24))).toBe('E00FCE68AABBCCDDEEFF0011')
    expect(ascii(board.raw(0xc0, 20, 23))).toBe('stall')
    expect(ascii(board.raw(0xc0, 30, 64))).toBe('2.0.1')
    expect(ascii(board.raw(0xc0, 30, 4))).toBe('stall')
  })

  it('stall over 64 bytes, with a value, and when unknown', () => {
    const board = dialogue()
    expect(board.raw(0xc0, 30, 65).kind).toBe('stall')
    expect(board.raw(0xc0, 50, 64).kind).toBe('stall')
    expect(board.raw(0x40, 50, 0).kind).toBe('stall')
    const setup = { requestType: 0xc0, request: 0x50, value: 1, index: 30, lengthBytes: 64 }
    expect(board.face.control(setup, new Uint8Array(0)).kind).toBe('stall')
  })

  it('reset at once', () => {
    const board = dialogue('photon')
    expect(board.raw(0x40, 40, 0).kind).toBe('ack')
    expect(board.host.resets).toEqual([{ delayMs: 0, into: 'boot' }])
  })

  it('P2 resets without ever answering the status stage of an OUT without data', () => {
    const board = dialogue('p2')
    expect(board.raw(0x40, 40, 0).kind).toBe('no-status')
    expect(board.raw(0x40, 40, 1).kind).toBe('ack')
    expect(board.host.resets).toHaveLength(2)
  })

  it('are answered by a protected board too', () => {
    const board = new Dialogue(testHost('boron', { protection: 'protected' }))
    expect(ascii(board.raw(0xc0, 30, 64))).toBe('2.0.1')
  })
})

describe('the serial port', () => {
  const lineCoding = (baud: number) => {
    const data = new Uint8Array(7)
    new DataView(data.buffer).setUint32(0, baud, true)
    return data
  }
  const set = (board: Dialogue, data: Uint8Array) =>
    board.face.control({ requestType: 0x21, request: 0x20, value: 0, index: 0, lengthBytes: data.length }, data).kind

  it('enters DFU mode at once with 14400 baud and no other', () => {
    const board = dialogue()
    expect([set(board, lineCoding(115_200)), board.host.resets.length]).toEqual(['ack', 0])
    expect(set(board, lineCoding(14_400))).toBe('ack')
    expect(board.host.resets).toEqual([{ delayMs: 0, into: 'dfu' }])
  })

  it('keeps its line coding and takes the control lines', () => {
    const board = dialogue()
    set(board, lineCoding(115_200))
    const read = { requestType: 0xa1, request: 0x21, value: 0, index: 0, lengthBytes: 7 }
    expect(board.face.control(read, new Uint8Array(0))).toEqual({ kind: 'data', data: lineCoding(115_200) })
    const lines = { requestType: 0x21, request: 0x22, value: 3, index: 0, lengthBytes: 0 }
    expect(board.face.control(lines, new Uint8Array(0)).kind).toBe('ack')
    expect(set(board, new Uint8Array(3))).toBe('stall')
  })
})

describe('the endpoint', () => {
  it('answers any setup without throwing, and with at most the bytes asked for', () => {
    const setup = fc.record({
      requestType: fc.constantFrom(0xc0, 0x40, 0x21, 0xa1, 0xc1, 0x80),
      request: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(0x50), fc.integer({ min: 0, max: 255 })),
      value: fc.oneof(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 0xffff })),
      index: fc.oneof(
        fc.integer({ min: 0, max: 8 }),
        fc.constantFrom(10, 20, 30, 32, 40, 50, 72, 74, 76, 91, 250, 251, 252, 253, 302, 554),
      ),
      lengthBytes: fc.oneof(fc.constant(64), fc.integer({ min: 0, max: 4096 })),
    })
    const step = fc.record({ setup, data: fc.uint8Array({ maxLength: 80 }), waitMs: fc.integer({ min: 0, max: 20 }) })
    const chips = factoryChips('boron')
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const board = new Dialogue(testHost('boron', { chips }))
        for (const { setup: given, data, waitMs } of steps) {
          const isOut = (given.requestType & 0x80) === 0
          const asked = isOut ? { ...given, lengthBytes: data.length } : given
          const answer = board.face.control(asked, isOut ? data : new Uint8Array(0))
          if (answer.kind === 'data') expect(answer.data.length).toBeLessThanOrEqual(asked.lengthBytes)
          board.wait(waitMs)
        }
      }),
      { numRuns: 200 },
    )
  })
})
