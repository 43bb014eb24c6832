// The request protocol against a scripted endpoint: the wire format byte by byte, and every way it can go wrong.
import { describe, expect, it } from 'vitest'
import { controlRequest, type RequestLink } from '../../../src/main/station/identity/control-request.ts'
import { rawReset } from '../../../src/main/station/identity/raw-requests.ts'
import { updateFirmware } from '../../../src/main/station/identity/update-firmware.ts'
import type { ControlSetup, UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { parsePortPath } from '../../../src/shared/model/ids.ts'

interface Reply {
  readonly status?: number
  readonly id?: number
  readonly size?: number
  readonly result?: number
}

function pack({ status = 0, id, size, result }: Reply): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(16))
  let flags = 1
  let at = 6
  bytes.setUint16(4, status, true)
  if (id !== undefined) {
    flags |= 2
    bytes.setUint16(at, id, true)
    at += 2
  }
  if (size !== undefined) {
    flags |= 4
    bytes.setUint32(at, size, true)
    at += 4
  }
  if (result !== undefined) {
    flags |= 8
    bytes.setInt32(at, result, true)
    at += 4
  }
  bytes.setUint32(0, flags, true)
  return new Uint8Array(bytes.buffer, 0, at)
}

interface Transfer {
  readonly setup: ControlSetup
  readonly lengthBytes: number
  readonly data: Uint8Array
}

type Answer = Uint8Array | Fault

interface Endpoint {
  readonly link: RequestLink
  readonly transfers: Transfer[]
  readonly sleeps: number[]
  readonly stop: AbortController
}

/** An endpoint that answers each transfer as `answer` says; time passes only in sleeps. */
function endpoint(answer: (transfer: Transfer) => Answer): Endpoint {
  const transfers: Transfer[] = []
  const sleeps: number[] = []
  const stop = new AbortController()
  let nowMs = 0
  const run = (transfer: Transfer): Uint8Array => {
    transfers.push(transfer)
    const reply = answer(transfer)
    if (reply instanceof Fault) throw reply
    return reply
  }
  const device: UsbDevice = {
    portPath: parsePortPath('1-1') ?? expect.fail(),
    deviceAddress: 2,
    vendorId: 0x2b04,
    productId: 0xc00d,
    deviceRelease: 0,
    manufacturerIndex: 1,
    productIndex: 2,
    serialNumberIndex: 3,
    configuration: () => new Uint8Array(0),
    open: async () => {},
    controlIn: async (setup, lengthBytes) => run({ setup, lengthBytes, data: new Uint8Array(0) }),
    controlOut: async (setup, data) => void run({ setup, lengthBytes: data.length, data: data.slice() }),
    claim: async () => {},
    release: async () => {},
    selectAlternate: async () => {},
    reset: async () => {},
    close: async () => {},
  }
  const clock = {
    now: () => nowMs,
    monotonic: () => nowMs,
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted()
      sleeps.push(ms)
      nowMs += ms
    },
  }
  return { link: { device, clock, signal: stop.signal }, transfers, sleeps, stop }
}

const type = { name: 'Echo', type: 1, timeoutMs: 5000 }
const names = ['', 'INIT', 'CHECK', 'SEND', 'RECV', 'RESET']
const services = (on: Endpoint) => on.transfers.map(({ setup }) => names[setup.request])

/** Answers in order; the last answer stays. */
function inOrder(...answers: readonly Answer[]): () => Answer {
  let at = 0
  return () => answers[Math.min(at++, answers.length - 1)] as Answer
}

describe('a control request', () => {
  it('without payload and reply is INIT and CHECK, each asking for 64 bytes', async () => {
    const on = endpoint(inOrder(pack({ id: 7 }), pack({ result: 0 })))
    expect(await controlRequest(on.link, { ...type, type: 50 })).toHaveLength(0)
    expect(on.transfers.map(({ setup, lengthBytes }) => ({ ...setup, lengthBytes }))).toEqual([
      { requestType: 0xc0, request: 1, value: 0, index: 50, lengthBytes: 64 },
      { requestType: 0xc0, request: 2, value: 0, index: 7, lengthBytes: 64 },
    ])
  })

  it('with payload and reply is INIT, SEND, CHECK, RECV', async () => {
    const body = Uint8Array.of(1, 2, 3)
    const on = endpoint(inOrder(pack({ id: 7 }), new Uint8Array(0), pack({ size: 3, result: 0 }), body))
    expect(await controlRequest(on.link, type, Uint8Array.of(9, 9))).toEqual(body)
    expect(
      on.transfers.map(({ setup, lengthBytes, data }) => [...Object.values(setup), lengthBytes, [...data]]),
    ).toEqual([
      [0xc0, 1, 2, 1, 64, []],
      [0x40, 3, 0, 7, 2, [9, 9]],
      [0xc0, 2, 0, 7, 64, []],
      [0xc0, 4, 0, 7, 3, []],
    ])
  })

  it('waits with the payload until the board has a buffer', async () => {
    const on = endpoint(
      inOrder(pack({ status: 2, id: 7 }), pack({ status: 2 }), pack({}), new Uint8Array(0), pack({ result: 0 })),
    )
    await controlRequest(on.link, type, new Uint8Array(100))
    expect(services(on)).toEqual(['INIT', 'CHECK', 'CHECK', 'SEND', 'CHECK'])
  })

  it('may be taken a little after its payload was acknowledged', async () => {
    const on = endpoint(inOrder(pack({ id: 7 }), new Uint8Array(0), pack({}), pack({ status: 2 }), pack({ result: 0 })))
    await controlRequest(on.link, type, Uint8Array.of(1))
    expect(services(on)).toEqual(['INIT', 'SEND', 'CHECK', 'CHECK', 'CHECK'])
  })

  it('splits long payloads and replies into pieces of 4096 bytes', async () => {
    const on = endpoint(({ setup, lengthBytes }) => {
      if (setup.request === 1) return pack({ id: 7 })
      return setup.request === 2 ? pack({ size: 5000, result: 0 }) : new Uint8Array(lengthBytes)
    })
    expect(await controlRequest(on.link, type, new Uint8Array(9000))).toHaveLength(5000)
    expect(on.transfers.filter(({ setup }) => setup.request > 2).map((each) => each.lengthBytes)).toEqual([
      4096, 4096, 808, 4096, 904,
    ])
  })

  it('checks fast at first and slower later', async () => {
    const on = endpoint(({ setup }) => (setup.request === 1 ? pack({ id: 7 }) : pack({ status: 2 })))
    await expect(controlRequest(on.link, type)).rejects.toMatchObject({ code: 'USB_TIMEOUT' })
    expect(on.sleeps.slice(0, 3).every((ms) => ms <= 5)).toBe(true)
    expect(Math.max(...on.sleeps)).toBe(50)
    expect(on.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(5000)
    expect(services(on).at(-1)).toBe('RESET')
  })

  it('is found late by a fifth of its time at most', async () => {
    for (const tookMs of [5, 30, 180, 2_000]) {
      const on = endpoint(({ setup }) => {
        if (setup.request === 1) return pack({ id: 7 })
        return on.link.clock.monotonic() >= tookMs ? pack({ result: 0 }) : pack({ status: 2 })
      })
      await controlRequest(on.link, type)
      expect(on.link.clock.monotonic()).toBeLessThanOrEqual(tookMs * 1.25)
    }
  })

  it('is asked again while four others are under way', async () => {
    const on = endpoint(inOrder(pack({ status: 3 }), pack({ status: 4 }), pack({ id: 7 }), pack({ result: 0 })))
    await controlRequest(on.link, type)
    expect(services(on)).toEqual(['INIT', 'INIT', 'INIT', 'CHECK'])
  })

  it('names the result code of a refusal, and knows a protected board', async () => {
    const refuse = (result: number) => controlRequest(endpoint(inOrder(pack({ id: 7 }), pack({ result }))).link, type)
    await expect(refuse(-130)).rejects.toThrow('CONTROL_REQUEST_FAILED: Echo: not allowed (-130)')
    await expect(refuse(-1801)).rejects.toThrow('DEVICE_PROTECTED: Echo: protected (-1801)')
    await expect(refuse(-999)).rejects.toThrow('CONTROL_REQUEST_FAILED: Echo: result -999')
  })

  it.each([
    ['is lost', inOrder(pack({ id: 7 }), pack({ status: 5 })), 'CHECK answered notFound'],
    ['gets no id', inOrder(pack({})), 'INIT gave no request id'],
    ['gets a cut reply', inOrder(Uint8Array.of(3, 0, 0)), 'service reply too short'],
    ['gets an unknown status', inOrder(pack({ status: 77 })), 'unknown status 77'],
    [
      'gets a short body',
      inOrder(pack({ id: 7 }), pack({ size: 9, result: 0 }), new Uint8Array(3)),
      'RECV gave 3 of 9',
    ],
  ])('that %s is CONTROL_REQUEST_FAILED', async (_, answer, detail) => {
    const thrown = await controlRequest(endpoint(answer).link, type).catch((reason: unknown) => reason)
    expect(thrown).toMatchObject({ code: 'CONTROL_REQUEST_FAILED', detail: expect.stringContaining(detail) })
  })

  it('whose payload the board acknowledges and drops is a failure, not a success', async () => {
    const on = endpoint(({ setup }) => (setup.request === 1 ? pack({ id: 7 }) : pack({})))
    await expect(controlRequest(on.link, type, Uint8Array.of(1))).rejects.toThrow('did not take the payload')
  })

  it('is cancelled on the board when the station stops, and the reason is kept', async () => {
    const reason = new Fault('JOB_ABORTED', 'the operator pressed stop')
    const on = endpoint(({ setup }) => {
      if (setup.request === 2) on.stop.abort(reason)
      return setup.request === 1 ? pack({ id: 7 }) : pack({ status: 2 })
    })
    await expect(controlRequest(on.link, type)).rejects.toBe(reason)
    expect(on.transfers.at(-1)).toMatchObject({ setup: { request: 5, index: 7 }, lengthBytes: 64 })
  })

  it('of a board that is gone is not cancelled', async () => {
    const on = endpoint(inOrder(pack({ id: 7 }), new Fault('USB_GONE', 'test')))
    await expect(controlRequest(on.link, type)).rejects.toMatchObject({ code: 'USB_GONE' })
    expect(services(on)).toEqual(['INIT', 'CHECK'])
  })
})

describe('a firmware update', () => {
  /** A board that takes updates in pieces of 4 bytes and ends each request with the given result. */
  const updateOn = (results: Record<number, number>) => {
    let current = 0
    return endpoint(({ setup }) => {
      if (setup.request === 1) current = setup.index
      if (setup.request === 1) return pack({ id: 7 })
      if (setup.request === 4) return Uint8Array.of(0x08, 4)
      const result = results[current] ?? 0
      return current === 250 && result === 0 ? pack({ size: 2, result }) : pack({ result })
    })
  }
  const inits = (on: Endpoint) =>
    on.transfers.filter(({ setup }) => setup.request === 1).map(({ setup }) => setup.index)

  it('starts, sends pieces as the board wants them, and finishes', async () => {
    const on = updateOn({})
    const seen: unknown[] = []
    await updateFirmware(on.link, new Uint8Array(10).fill(5), { onProgress: (progress) => void seen.push(progress) })
    expect(inits(on)).toEqual([250, 253, 253, 253, 251])
    expect(seen).toEqual([4, 8, 10].map((doneBytes) => ({ doneBytes, totalBytes: 10 })))
    const sent = on.transfers.filter(({ setup }) => setup.request === 3).map(({ data }) => [...data])
    expect(sent[0]).toEqual([0x08, 10, 0x10, 0])
    expect(sent.slice(1, 4)).toEqual([
      [0x0a, 4, 5, 5, 5, 5],
      [0x0a, 4, 5, 5, 5, 5],
      [0x0a, 2, 5, 5],
    ])
  })

  it('that is refused is UPDATE_REFUSED with the name of the reason, and is cancelled', async () => {
    const on = updateOn({ 251: -1340 })
    await expect(updateFirmware(on.link, new Uint8Array(4))).rejects.toThrow(
      'UPDATE_REFUSED: FinishFirmwareUpdate: dependency check failed (-1340)',
    )
    expect(inits(on)).toEqual([250, 253, 251, 252])
  })

  it('of a protected board is DEVICE_PROTECTED', async () => {
    const on = updateOn({ 250: -1801 })
    await expect(updateFirmware(on.link, new Uint8Array(4))).rejects.toMatchObject({ code: 'DEVICE_PROTECTED' })
    expect(inits(on)).toEqual([250])
  })
})

describe('a raw reset', () => {
  it('carries one dummy byte on RTL boards and none on others', async () => {
    const lengthOf = async (platform: 'p2' | 'boron' | 'photon') => {
      const on = endpoint(() => new Uint8Array(0))
      await rawReset(on.link, platform)
      expect(on.transfers[0]?.setup).toEqual({ requestType: 0x40, request: 0x50, value: 0, index: 40 })
      return on.transfers[0]?.lengthBytes
    }
    expect([await lengthOf('p2'), await lengthOf('boron'), await lengthOf('photon')]).toEqual([1, 0, 0])
  })

  it('takes no answer for done, for the board is gone, but not a refusal', async () => {
    await rawReset(endpoint(() => new Fault('USB_TIMEOUT', 'test')).link, 'p2')
    await rawReset(endpoint(() => new Fault('USB_GONE', 'test')).link, 'boron')
    await expect(rawReset(endpoint(() => new Fault('USB_STALL', 'test')).link, 'boron')).rejects.toMatchObject({
      code: 'USB_STALL',
    })
  })
})
