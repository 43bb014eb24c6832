// The driver: what it puts on the wire for each ask, what it answers, and when it stops asking.
import { describe, expect, it } from 'vitest'
import { type DfuLink, drive } from '../../../src/main/station/dfu/drive.ts'
import type { Dfu, DfuAsk, DfuReply } from '../../../src/main/station/dfu/machine.ts'
import type { ControlSetup, UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { parsePortPath } from '../../../src/shared/model/ids.ts'

interface Seen {
  readonly setup?: ControlSetup
  readonly lengthBytes?: number
  readonly data?: readonly number[]
  readonly timeoutMs?: number
  readonly selected?: readonly number[]
}

function linkWith(fails: unknown = null) {
  const seen: Seen[] = []
  const waits: number[] = []
  const stop = new AbortController()
  const fail = () => {
    if (fails !== null) throw fails
  }
  const device: UsbDevice = {
    portPath: parsePortPath('1-1') ?? expect.fail(),
    deviceAddress: 2,
    vendorId: 0x2b04,
    productId: 0xd00d,
    deviceRelease: 0,
    manufacturerIndex: 1,
    productIndex: 2,
    serialNumberIndex: 3,
    configuration: () => new Uint8Array(0),
    open: async () => {},
    controlIn: async (setup, lengthBytes, { timeoutMs }) => {
      seen.push({ setup, lengthBytes, timeoutMs })
      fail()
      return Uint8Array.of(1, 2, 3)
    },
    controlOut: async (setup, data, { timeoutMs }) => {
      seen.push({ setup, data: [...data], timeoutMs })
      fail()
    },
    claim: async () => {},
    release: async () => {},
    selectAlternate: async (...selected) => {
      seen.push({ selected })
      fail()
    },
    reset: async () => {},
    close: async () => {},
  }
  const clock = {
    now: () => 0,
    monotonic: () => 42,
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted()
      waits.push(ms)
    },
  }
  let transfers = 0
  const link: DfuLink = {
    device,
    interfaceNumber: 3,
    clock,
    signal: stop.signal,
    onNews: () => {},
    onTransfer: () => {
      transfers += 1
    },
  }
  return { link, seen, waits, stop, transfers: () => transfers }
}

function* askOnce(ask: DfuAsk): Dfu<DfuReply> {
  return yield ask
}

describe('the driver', () => {
  it.each<[string, DfuAsk, Seen]>([
    [
      'DNLOAD',
      { kind: 'send', request: 'DNLOAD', block: 2, data: Uint8Array.of(7), timeoutMs: 5 },
      { setup: { requestType: 0x21, request: 1, value: 2, index: 3 }, data: [7], timeoutMs: 5 },
    ],
    [
      'CLRSTATUS',
      { kind: 'send', request: 'CLRSTATUS', block: 0, data: new Uint8Array(0), timeoutMs: 5 },
      { setup: { requestType: 0x21, request: 4, value: 0, index: 3 }, data: [], timeoutMs: 5 },
    ],
    [
      'ABORT',
      { kind: 'send', request: 'ABORT', block: 0, data: new Uint8Array(0), timeoutMs: 5 },
      { setup: { requestType: 0x21, request: 6, value: 0, index: 3 }, data: [], timeoutMs: 5 },
    ],
    [
      'UPLOAD',
      { kind: 'read', block: 9, lengthBytes: 4096, timeoutMs: 5 },
      { setup: { requestType: 0xa1, request: 2, value: 9, index: 3 }, lengthBytes: 4096, timeoutMs: 5 },
    ],
    [
      'GETSTATUS',
      { kind: 'status', timeoutMs: 5 },
      { setup: { requestType: 0xa1, request: 3, value: 0, index: 3 }, lengthBytes: 6, timeoutMs: 5 },
    ],
    ['SET_INTERFACE', { kind: 'select', alternate: 1 }, { selected: [3, 1] }],
  ])('puts %s on the wire as the standard says', async (_, ask, expected) => {
    const on = linkWith()
    await drive(askOnce(ask), on.link)
    expect([on.seen, on.transfers()]).toEqual([[expected], 1])
  })

  it('sends nothing for a wait', async () => {
    const on = linkWith()
    await drive(askOnce({ kind: 'wait', ms: 50 }), on.link)
    expect([on.seen, on.waits]).toEqual([[], [50]])
  })

  it('answers with data, with a stall, or with what was lost', async () => {
    const ask: DfuAsk = { kind: 'status', timeoutMs: 5 }
    const gone = new Fault('USB_GONE', 'test')
    expect(await drive(askOnce(ask), linkWith().link)).toEqual({ kind: 'data', data: Uint8Array.of(1, 2, 3) })
    expect(await drive(askOnce(ask), linkWith(new Fault('USB_STALL', 'test')).link)).toEqual({ kind: 'stalled' })
    expect(await drive(askOnce(ask), linkWith(gone).link)).toEqual({ kind: 'lost', fault: gone })
  })

  it('puts what is begun on the wire at once, and ends it in its order', async () => {
    const on = linkWith()
    const status = (timeoutMs: number): DfuAsk => ({ kind: 'begin', request: { kind: 'status', timeoutMs } })
    function* both(): Dfu<readonly DfuReply[]> {
      yield status(1)
      yield status(2)
      expect(on.seen.map(({ timeoutMs }) => timeoutMs)).toEqual([1, 2])
      return [yield { kind: 'end' }, yield { kind: 'end' }]
    }
    expect(await drive(both(), on.link)).toHaveLength(2)
  })

  it('does not return before everything that was begun is off the wire, even when the machine throws', async () => {
    const on = linkWith()
    const { promise, resolve } = Promise.withResolvers<void>()
    const slow: DfuLink = { ...on.link, device: { ...on.link.device, controlOut: () => promise } }
    function* throwing(): Dfu<void> {
      const bare = { block: 0, data: new Uint8Array(0), timeoutMs: 5 } as const
      yield { kind: 'begin', request: { kind: 'send', request: 'ABORT', ...bare } }
      throw new Fault('DFU_PROTOCOL', 'test')
    }
    let isOver = false
    const driven = drive(throwing(), slow).finally(() => {
      isOver = true
    })
    await new Promise((settled) => setImmediate(settled))
    expect(isOver).toBe(false)
    resolve()
    await expect(driven).rejects.toMatchObject({ code: 'DFU_PROTOCOL' })
  })

  it('lets an error that is no fault through: it is a bug and not an answer', async () => {
    const bug = new TypeError('test')
    await expect(drive(askOnce({ kind: 'status', timeoutMs: 5 }), linkWith(bug).link)).rejects.toBe(bug)
  })

  it('sends nothing once the signal has come, and keeps its reason', async () => {
    for (const [reason, code] of [
      [new Fault('JOB_ABORTED', 'stop'), 'JOB_ABORTED'],
      [new Error('any other'), 'JOB_ABORTED'],
      [new Fault('STATION_CRASHED', 'shutting down'), 'STATION_CRASHED'],
    ] as const) {
      const on = linkWith()
      on.stop.abort(reason)
      await expect(drive(askOnce({ kind: 'status', timeoutMs: 5 }), on.link)).rejects.toMatchObject({ code })
      expect(on.seen).toEqual([])
    }
  })

  it('never drives a machine again that has thrown', async () => {
    const on = linkWith()
    let resumed = 0
    function* throwing(): Dfu<void> {
      yield { kind: 'status', timeoutMs: 5 }
      resumed += 1
      throw new Fault('DFU_PROTOCOL', 'test')
    }
    await expect(drive(throwing(), on.link)).rejects.toMatchObject({ code: 'DFU_PROTOCOL' })
    expect([resumed, on.seen.length]).toEqual([1, 1])
  })
})
