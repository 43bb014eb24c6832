// The request types that the simulated Device OS knows, each with what it does and from which release on. Everything
// it says about itself it reads out of the chips. What is not in the table is answered as not supported, as on a board.
import type { NormalModeHost } from '../board-parts.ts'
import { since } from '../boot/device-os-eras.ts'
import { scheduleFactoryReset } from '../boot/factory-image.ts'
import { installedUser, systemVersionOf } from '../boot/installed-modules.ts'
import { startsListening } from '../boot/listening.ts'
import { simPlatformOf } from '../sim-platforms.ts'
import { pauses } from '../timings.ts'
import { assetInfoReply } from './asset-info.ts'
import { createFirmwareUpdate } from './firmware-update.ts'
import { identityHandlers } from './identity-requests.ts'
import { moduleInfoReply } from './module-info.ts'
import { protectionHandlers } from './protection-requests.ts'
import { decode, encode, uint } from './protobuf.ts'
import { done, type RequestAnswer, type RequestHandler, refused, systemErrors } from './request-answer.ts'
import { setupHandlers } from './setup-requests.ts'

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
  const systemVersion = () => systemVersionOf(host.facts.platform, host.chips) ?? 0
  return {
    1: (_, payload) => done(payload),
    10: (_, payload) => (hasUserFirmware(host) ? done(payload) : refused(systemErrors.notSupported)),
    ...identityHandlers(host, systemVersion),
    ...resetHandlers(host),
    ...listeningHandlers(host, systemVersion),
    ...setupHandlers(host, systemVersion),
    ...protectionHandlers(host, systemVersion),
    90: () => done(moduleInfoReply(host, systemVersion()), moduleInfoMs),
    91: () => {
      const isKnown = systemVersion() >= since.newModuleInfo && familyOf(host) !== 'gen2'
      return isKnown ? done(assetInfoReply(host), moduleInfoMs) : refused(systemErrors.notSupported)
    },
    250: update.start,
    251: update.finish,
    252: update.cancel,
    253: update.data,
  }
}

function familyOf(host: NormalModeHost) {
  return simPlatformOf(host.facts.platform).family
}

function resetHandlers(host: NormalModeHost): Readonly<Record<number, RequestHandler>> {
  const resetInto = (into: 'boot' | 'dfu' | 'safe', finish?: () => void) => () => ({
    ...done(),
    followUp: () => {
      host.resetAfter(pauses.requestToResetMs, into, finish)
      return 0
    },
  })
  const factoryReset = () => scheduleFactoryReset(host.facts.platform, host.chips)
  return { 40: resetInto('boot'), 41: resetInto('boot', factoryReset), 50: resetInto('dfu'), 60: resetInto('safe') }
}

function listeningHandlers(
  host: NormalModeHost,
  systemVersion: () => number,
): Readonly<Record<number, RequestHandler>> {
  let isListening = startsListening(host.facts.platform, host.chips)
  const turn = (on: boolean) => () => {
    isListening = on
    return done()
  }
  return {
    70: turn(true),
    71: turn(false),
    72: () => {
      const isKnown = familyOf(host) !== 'gen2' || systemVersion() >= since.deviceModeOnGen2
      return isKnown ? done(encode(uint(1, isListening ? 1 : 0))) : refused(systemErrors.notSupported)
    },
  }
}

function hasUserFirmware(host: NormalModeHost): boolean {
  return host.mode === 'normal' && installedUser(host.facts.platform, host.chips)?.isIntact === true
}
