// The face of Device OS on endpoint 0: sorts vendor requests into the request channel and the raw requests, class
// requests to the serial port, and stalls the rest. Standard requests are answered around it.
import type { ControlAnswer, ControlFace, NormalModeHost, SimSetup } from '../board-parts.ts'
import { since } from '../boot/device-os-eras.ts'
import { systemVersionOf } from '../boot/installed-modules.ts'
import { simPlatformOf } from '../sim-platforms.ts'
import { createRequestHandler } from './handle-request.ts'
import { answerRaw, rawRequest } from './raw-requests.ts'
import { RequestChannel } from './request-channel.ts'
import { createSerialLine } from './serial-line.ts'

const services = { init: 1, check: 2, send: 3, receive: 4, reset: 5 } as const
const vendorIn = 0xc0
const vendorOut = 0x40
/** INIT, CHECK and RESET demand exactly this length. */
const serviceBytes = 64

/** One run of Device OS: from its start to the next reset. Board times are those of the host given. */
export function createControlEndpoint(host: NormalModeHost): ControlFace {
  const channel = new RequestChannel({
    boardTimeMs: () => host.boardTimeMs(),
    handle: createRequestHandler(host),
    handled: (durationMs) => host.handled?.(durationMs),
    askedEarly: (replyBytes) => host.askedEarly?.(replyBytes),
    // Read in the sources of nRF and RTL; of Gen 2 it is not known.
    dropsShortMisfits: simPlatformOf(host.facts.platform).family !== 'gen2',
  })
  const serialLine = createSerialLine(host)
  const hasRequests = knowsControlRequests(host)
  return {
    control(setup, data) {
      if (setup.requestType === vendorIn || setup.requestType === vendorOut) {
        if (!hasRequests) return { kind: 'stall' }
        const isRaw = setup.request === rawRequest
        return withoutStatus(host, setup, isRaw ? answerRaw(host, setup) : answerService(channel, setup, data))
      }
      return serialLine.control(setup, data) ?? { kind: 'stall' }
    },
    busReset() {
      channel.cancelAll()
    },
  }
}

/** Gen 2 before 0.8.0 knows no vendor request at all; what is left is the serial port. */
function knowsControlRequests({ facts: { platform }, chips }: NormalModeHost): boolean {
  if (simPlatformOf(platform).family !== 'gen2') return true
  return (systemVersionOf(platform, chips) ?? 0) >= since.controlRequests
}

function answerService(channel: RequestChannel, setup: SimSetup, data: Uint8Array): ControlAnswer {
  if (setup.request === services.send) {
    const isTaken = setup.requestType === vendorOut && channel.send(setup.index, data)
    return { kind: isTaken ? 'ack' : 'stall' }
  }
  const reply = setup.requestType === vendorIn ? serviceReply(channel, setup) : null
  return reply ? { kind: 'data', data: reply } : { kind: 'stall' }
}

function serviceReply(channel: RequestChannel, setup: SimSetup): Uint8Array | null {
  if (setup.request === services.receive) return channel.receive(setup.index, setup.lengthBytes)
  if (setup.lengthBytes !== serviceBytes) return null
  if (setup.request === services.init) return channel.init(setup.index, setup.value)
  if (setup.request === services.check) return channel.check(setup.index)
  return setup.request === services.reset ? channel.reset(setup.index) : null
}

/** RTL boards execute an OUT request without data but never finish its status stage. */
function withoutStatus(host: NormalModeHost, setup: SimSetup, answer: ControlAnswer): ControlAnswer {
  const isEmptyOut = setup.requestType === vendorOut && setup.lengthBytes === 0
  const isRtl = simPlatformOf(host.facts.platform).family === 'rtl872x'
  return isRtl && isEmptyOut && answer.kind === 'ack' ? { kind: 'no-status' } : answer
}
