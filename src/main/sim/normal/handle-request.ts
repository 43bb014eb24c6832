// The request types that the simulated Device OS knows, each with what it does and from which release on. Everything
// it says about itself it reads out of the chips. What is not in the table is answered as not supported, as on a board.
import type { NormalModeHost } from '../board-parts.ts'
import { findModule, systemVersionOf } from '../boot/installed-modules.ts'
import { deviceOsText } from '../boot/known-releases.ts'
import { moduleFunctions } from '../boot/memory-map.ts'
import { pauses } from '../timings.ts'
import { createFirmwareUpdate } from './firmware-update.ts'
import { moduleInfoReply, newFormatFrom } from './module-info.ts'
import { protectionHandlers } from './protection-requests.ts'
import { decode, encode, text, uint } from './protobuf.ts'
import { done, quickMs, type RequestAnswer, type RequestHandler, refused, systemErrors } from './request-answer.ts'
import { setupHandlers } from './setup-requests.ts'

/** System module version of 5.8.0: from there on the IMEI comes with the ICCID. */
const imeiFrom = 5800
const moduleInfoMs = 60
/** Requests that a protected board still answers. */
const openWhenProtected: readonly number[] = [10, 20, 76, 77]

/** The handler of all request types for one run of Device OS; its state ends with the reset. */
export function createRequestHandler(host: NormalModeHost): (type: number, payload: Uint8Array) => RequestAnswer {
  const handlers = handlersOf(host)
  return (type, payload) => {
    if (host.protection === 'protected' && !openWhenProtected.includes(type)) return refused(systemErrors.protected)
    const handler = handlers[type]
    if (!handler) return refused(systemErrors.notSupported)
    const isRaw = type === 1 || type === 10
    const fields = isRaw ? [] : decode(payload)
    return fields ? handler(fields, payload) : refused(systemErrors.badData)
  }
}

function handlersOf(host: NormalModeHost): Readonly<Record<number, RequestHandler>> {
  const update = createFirmwareUpdate(host)
  return {
    1: (_, payload) => done(payload),
    10: (_, payload) => (hasUserFirmware(host) ? done(payload) : refused(systemErrors.notSupported)),
    ...identityHandlers(host),
    ...resetHandlers(host),
    ...listeningHandlers(),
    ...setupHandlers(host, () => systemVersion(host)),
    ...protectionHandlers(host, () => systemVersion(host)),
    90: () => done(moduleInfoReply(host, systemVersion(host)), moduleInfoMs),
    91: () => (systemVersion(host) < newFormatFrom ? refused(systemErrors.notSupported) : done()),
    250: update.start,
    251: update.finish,
    252: update.cancel,
    253: update.data,
    554: iccidHandler(host),
  }
}

function systemVersion(host: NormalModeHost): number {
  return systemVersionOf(host.facts.platform, host.chips) ?? 0
}

function identityHandlers(host: NormalModeHost): Readonly<Record<number, RequestHandler>> {
  return {
    20: () => done(encode(text(1, host.facts.deviceId))),
    21: () => done(encode(text(1, host.facts.serialNumber))),
    30: () => done(encode(text(1, deviceOsText(systemVersion(host))))),
    // No simulated board has a Wi-Fi coprocessor with firmware of its own.
    31: () => refused(systemErrors.notSupported),
    // No capability: the simulated update takes no compressed modules.
    32: () => done(),
  }
}

function resetHandlers(host: NormalModeHost): Readonly<Record<number, RequestHandler>> {
  const resetInto = (into: 'boot' | 'dfu' | 'safe') => () => ({
    ...done(),
    followUp: () => host.resetAfter(pauses.requestToResetMs, into),
  })
  return { 40: resetInto('boot'), 50: resetInto('dfu'), 60: resetInto('safe') }
}

function listeningHandlers(): Readonly<Record<number, RequestHandler>> {
  let isListening = false
  const turn = (on: boolean) => () => {
    isListening = on
    return done()
  }
  return { 70: turn(true), 71: turn(false), 72: () => done(encode(uint(1, isListening ? 1 : 0))) }
}

function iccidHandler(host: NormalModeHost): RequestHandler {
  let isModemOn = false
  return () => {
    const { iccid, imei } = host.facts
    if (iccid === null) return refused(systemErrors.notSupported)
    const durationMs = isModemOn ? quickMs : pauses.modemOnMs
    isModemOn = true
    const hasImei = imei !== null && systemVersion(host) >= imeiFrom
    return done(encode([...text(1, iccid), ...(hasImei ? text(2, imei) : [])]), durationMs)
  }
}

function hasUserFirmware(host: NormalModeHost): boolean {
  if (host.mode === 'safe') return false
  const places = [1, 2].map((index) =>
    findModule(host.facts.platform, host.chips, { function: moduleFunctions.user, index }),
  )
  return places.some((module) => module?.isIntact)
}
