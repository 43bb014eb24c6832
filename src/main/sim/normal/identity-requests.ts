// The requests by which a board tells who it is and what it runs: device ID, serial number, versions, capabilities,
// modem. Older releases know fewer of them.
import type { NormalModeHost } from '../board-parts.ts'
import { since } from '../boot/device-os-eras.ts'
import { deviceOsText } from '../boot/known-releases.ts'
import { simPlatformOf } from '../sim-platforms.ts'
import { pauses } from '../timings.ts'
import { encode, fixed32, text, uint } from './protobuf.ts'
import { done, quickMs, type RequestHandler, refused, systemErrors } from './request-answer.ts'

/** System module version of 5.8.0: from there on the IMEI comes with the ICCID. */
const imeiFrom = 5800
const takesCompressed = 1

/** By request type. */
export function identityHandlers(
  host: NormalModeHost,
  systemVersion: () => number,
): Readonly<Record<number, RequestHandler>> {
  const isGen2 = simPlatformOf(host.facts.platform).family === 'gen2'
  return {
    20: () => done(encode(text(1, host.facts.deviceId))),
    21: () => {
      if (isGen2 && systemVersion() < since.serialNumberOnGen2) return refused(systemErrors.notSupported)
      return done(encode(text(1, host.facts.serialNumber)))
    },
    30: () => done(encode(text(1, deviceOsText(systemVersion())))),
    31: () => {
      const { ncp } = host.chips
      if (!ncp) return refused(systemErrors.notSupported)
      return done(encode([...text(1, `0.0.${ncp.version}`), ...uint(2, ncp.version)]))
    },
    32: () => {
      const flags = !isGen2 && systemVersion() >= since.packedModules ? takesCompressed : 0
      return done(encode(fixed32(1, flags)))
    },
    554: iccidHandler(host, systemVersion),
  }
}

function iccidHandler(host: NormalModeHost, systemVersion: () => number): RequestHandler {
  let isModemOn = false
  return () => {
    const { iccid, imei } = host.facts
    if (iccid === null) return refused(systemErrors.notSupported)
    const durationMs = isModemOn ? quickMs : pauses.modemOnMs
    isModemOn = true
    const hasImei = imei !== null && systemVersion() >= imeiFrom
    return done(encode([...text(1, iccid), ...(hasImei ? text(2, imei) : [])]), durationMs)
  }
}
