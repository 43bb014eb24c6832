// Requests of a board's set-up: the set-up flag, the claim code, and the light that says "it is me". What they set lies
// in the device configuration (DCT), where a DFU tool finds it too.
import type { NormalModeHost } from '../board-parts.ts'
import { since } from '../boot/device-os-eras.ts'
import { setupDoneByte } from '../boot/listening.ts'
import { simPlatformOf } from '../sim-platforms.ts'
import { bytesOf, encode, flag, uintOf } from './protobuf.ts'
import { done, type RequestHandler, refused, systemErrors } from './request-answer.ts'

const offsets = { claimCode: 1762, claimed: 1825 } as const
const claimCodeBytes = 63
const claimedMark = '1'.charCodeAt(0)

/** By request type. */
export function setupHandlers(
  { facts, chips: { dct } }: NormalModeHost,
  systemVersion: () => number,
): Readonly<Record<number, RequestHandler>> {
  /** Only nRF boards had the flag; "none" answers that the request is not known. */
  const setupFlag = () => {
    if (systemVersion() >= since.alwaysSetUp) return 'always'
    return simPlatformOf(facts.platform).family === 'nrf52' ? 'dct' : 'none'
  }
  return {
    73: (fields) => {
      const isDone = uintOf(fields, 1) !== 0
      const kind = setupFlag()
      if (kind === 'none' || (kind === 'always' && !isDone)) return refused(systemErrors.notSupported)
      if (kind === 'dct') dct[setupDoneByte.offset] = isDone ? setupDoneByte.done : setupDoneByte.notDone
      return done()
    },
    74: () => {
      const kind = setupFlag()
      if (kind === 'none') return refused(systemErrors.notSupported)
      return done(encode(flag(1, kind === 'always' || dct[setupDoneByte.offset] === setupDoneByte.done)))
    },
    200: (fields) => {
      const code = new Uint8Array(claimCodeBytes)
      code.set(bytesOf(fields, 1).subarray(0, claimCodeBytes))
      dct.set(code, offsets.claimCode)
      return done()
    },
    201: () => done(encode(flag(1, dct[offsets.claimed] === claimedMark))),
    // A rainbow on the light, and its end: nothing that USB shows.
    230: () => done(),
    231: () => done(),
  }
}
