// The DFU interface of a device whose program runs (USB DFU 1.1, states appIDLE and appDETACH): it can be told to go to
// its loader, by itself or with the bus reset that has to follow in time, and nothing else.
import type { SimSetup } from '../board-parts.ts'
import { request, state, status } from '../dfu/dfu-words.ts'
import { ackReply, type DeviceFace, dataAnswer, type FaceReply, stallReply } from '../face-reply.ts'
import type { StandardHooks } from '../usb/standard-requests.ts'
import { dfuInterface } from './device-descriptors.ts'

export interface RuntimeHost {
  /** The device's time. */
  nowMs(): number
  /** How much of the device's time passes in this much of the host's. */
  ownMs(hostMs: number): number
  enterLoader(): void
  /** Once, after a while. */
  later(delayMs: number, act: () => void): void
}

export interface RuntimeFacts {
  readonly detachTimeoutMs: number
  /** Leaves the bus by itself after DFU_DETACH; else it waits for a bus reset. */
  readonly willDetach: boolean
  /** forced: hears DFU_DETACH only with bit 8 of wIndex. */
  readonly detachIndex?: 'interface' | 'forced'
}

interface Machine {
  readonly facts: RuntimeFacts
  readonly host: RuntimeHost
  /** While dfu-detach is awaited: until then. */
  detachUntilMs: number | null
}

/** From the answer to DFU_DETACH until a device that detaches by itself is off the bus. Model. */
const selfDetachMs = 20
const classInterface = 0x21

export function createRuntimeDfu(facts: RuntimeFacts, host: RuntimeHost): DeviceFace & StandardHooks {
  const machine: Machine = { facts, host, detachUntilMs: null }
  return {
    selectAlternate: (alternate) => alternate === 0,
    alternate: () => 0,
    configured: () => {},
    busReset: () => {
      const isAsked = isDetaching(machine)
      machine.detachUntilMs = null
      if (isAsked) host.enterLoader()
    },
    request: (setup) => {
      const isClass = (setup.requestType & 0x7f) === classInterface
      return isClass && (setup.index & 0xff) === dfuInterface.normal ? answer(machine, setup) : stallReply
    },
  }
}

function answer(machine: Machine, setup: SimSetup): FaceReply {
  const now = isDetaching(machine) ? state.appDetach : state.appIdle
  switch (setup.request) {
    case request.getstatus:
      return { answer: dataAnswer([status.ok, 0, 0, 0, now, 0], setup) }
    case request.getstate:
      return { answer: dataAnswer([now], setup) }
    case request.detach:
      // A device that wants the bit takes no offence at its absence, and takes no notice either.
      if (isForced(machine) && setup.index >> 8 === 0) return ackReply
      if (now === state.appIdle) return detach(machine, setup.value)
      break
    default:
  }
  machine.detachUntilMs = null
  return stallReply
}

function isForced({ facts }: Machine): boolean {
  return facts.detachIndex === 'forced'
}

function detach(machine: Machine, timeoutMs: number): FaceReply {
  const { facts, host } = machine
  const waitMs = Math.min(timeoutMs, facts.detachTimeoutMs)
  machine.detachUntilMs = host.nowMs() + host.ownMs(waitMs)
  if (facts.willDetach) host.later(selfDetachMs, host.enterLoader)
  return ackReply
}

function isDetaching({ detachUntilMs, host }: Machine): boolean {
  return detachUntilMs !== null && host.nowMs() <= detachUntilMs
}
