// What holds for the loader of a plain DFU device whatever a host sends to it, and whenever.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAccountBook } from '../../../src/main/sim/account.ts'
import { createDeviceMemory } from '../../../src/main/sim/generic/device-memory.ts'
import { defaultMemory, defaultProfile } from '../../../src/main/sim/generic/device-profile.ts'
import { createPlainDfu } from '../../../src/main/sim/generic/plain-dfu.ts'

const transferBytes = 64
const memories = [{ ...defaultMemory, sizeBytes: 4096, pageBytes: 512 }] as const
const anyAttributes = fc.record({
  canDownload: fc.boolean(),
  canUpload: fc.boolean(),
  isManifestationTolerant: fc.boolean(),
  willDetach: fc.boolean(),
})
const anyAct = fc.record({
  // DETACH to ABORT, and one that DFU does not have.
  request: fc.nat(7),
  block: fc.oneof(fc.nat(2), fc.nat(80)),
  data: fc.uint8Array({ maxLength: transferBytes + 1 }),
  waitMs: fc.oneof(fc.constant(0), fc.nat(100)),
})

type Act = typeof anyAct extends fc.Arbitrary<infer T> ? T : never

const [dnload, upload, getstatus, clrstatus, getstate, abort] = [1, 2, 3, 4, 5, 6]
const [idle, busy, manifest, waitReset, error] = [2, 4, 7, 8, 10]

function loader(attributes: typeof defaultProfile.attributes) {
  const profile = { ...defaultProfile, attributes, memories, transferSizeBytes: transferBytes, returnsByItself: false }
  const time = { nowMs: 0 }
  const memory = createDeviceMemory(memories[0], createAccountBook(), new Uint8Array())
  const dfu = createPlainDfu({
    profile,
    memories: [memory],
    startStatus: 0,
    interfaceNumber: 0,
    owed: { resets: 0 },
    host: {
      nowMs: () => time.nowMs,
      hostMs: (durationMs) => Math.ceil(durationMs),
      markProgram: () => {},
      restart: () => {},
      later: () => expect.unreachable(),
    },
  })
  const send = (request: number, block = 0, data: Uint8Array = new Uint8Array()) => {
    const isIn = request === upload || request === getstatus || request === getstate
    const lengthBytes = request === getstatus ? 6 : request === getstate ? 1 : isIn ? transferBytes : data.length
    const setup = { requestType: isIn ? 0xa1 : 0x21, request, value: block, index: 0, lengthBytes }
    return dfu.request(setup, isIn ? new Uint8Array() : data).answer
  }
  const status = () => {
    const answer = send(getstatus)
    if (answer.kind !== 'data') return { code: 0, pollMs: 0, state: busy }
    const [code = 0, low = 0, middle = 0, high = 0, state = 0] = answer.data
    return { code, pollMs: low | (middle << 8) | (high << 16), state }
  }
  return { send, status, time, memory }
}

describe('a plain loader under any sequence of requests', () => {
  it('answers each, is in error only with a reason, and a host finds the way to dfuIDLE or to the bus reset', () => {
    fc.assert(
      fc.property(anyAttributes, fc.array(anyAct, { maxLength: 30 }), (attributes, acts) => {
        const { send, status, time } = loader(attributes)
        for (const { request, block, data, waitMs } of acts) {
          send(request, block, data)
          time.nowMs += waitMs
        }
        let now = status()
        for (let tries = 0; tries < 6 && now.state !== idle && now.state !== waitReset; tries += 1) {
          time.nowMs += now.pollMs + 1
          if (now.state === error) send(clrstatus)
          else if (now.state !== busy && now.state !== manifest) send(abort)
          now = status()
          expect(now.code === 0).toBe(now.state !== error)
        }
        expect(now.state).toBe(now.state === waitReset && !attributes.isManifestationTolerant ? waitReset : idle)
      }),
      { numRuns: 300 },
    )
  })

  it('writes what a patient host sends, and nothing else', () => {
    const anyImage = fc.uint8Array({ minLength: 1, maxLength: 4096 })
    fc.assert(
      fc.property(anyImage, anyImage, (first, second) => {
        const { send, status, time, memory } = loader(defaultProfile.attributes)
        const download = (image: Uint8Array) => {
          for (let at = 0; at < image.length; at += transferBytes) {
            send(dnload, at / transferBytes, image.subarray(at, at + transferBytes))
            time.nowMs += status().pollMs
            expect(status()).toEqual({ code: 0, pollMs: 0, state: 5 })
          }
          send(abort)
        }
        download(first)
        download(second)
        const pages = Math.ceil(second.length / 512) * 512
        const rest = Math.max(pages, first.length)
        const expected = new Uint8Array(4096).fill(0xff)
        expected.set(first)
        expected.fill(0xff, 0, pages)
        expected.set(second)
        expect(Buffer.compare(memory.read(0, rest), expected.subarray(0, rest))).toBe(0)
      }),
      { numRuns: 40 },
    )
  })

  it('takes no request for done before its time', () => {
    const acts: readonly Act['request'][] = [dnload, upload, getstatus, clrstatus, getstate, abort]
    for (const request of acts) {
      const { send, status, time } = loader(defaultProfile.attributes)
      send(dnload, 0, new Uint8Array(transferBytes))
      const { pollMs } = status()
      time.nowMs += pollMs - 1
      expect(send(request, 0, new Uint8Array(1)).kind).toBe('stall')
      expect(status()).toMatchObject({ code: 0x0f, state: error })
    }
  })
})
