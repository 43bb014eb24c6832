// A device as a host at the far end of a USB/IP connection meets it: control transfers on endpoint 0, other endpoints
// by their address, and bus resets. `serveVisit` makes one of a simulated board's visit to the bus.
import type { ControlAnswer, SimSetup } from '../board-parts.ts'
import type { Visit } from '../visit.ts'

/**
 * Answers every request on endpoint 0, the standard ones included. It may take its time; no-status: it never answers.
 * The signal aborts when the host gives the request up.
 */
export type AnswerControl = (
  setup: SimSetup,
  data: Uint8Array,
  signal: AbortSignal,
) => ControlAnswer | Promise<ControlAnswer>

/** silent: IN, nothing to say, pending until the host gives up. sink: OUT, takes all. halted: there, but stalled. */
export type EndpointBehaviour = 'silent' | 'sink' | 'halted' | 'absent'

export interface ServedDevice {
  readonly control: AnswerControl
  /** By endpoint address, never 0. */
  endpoint(address: number): EndpointBehaviour
}

/** The kernel reads so much of the device descriptor only right after a reset of the port, before it knows the device. */
const firstReadBytes = 64
/** The longest wait that timers take; the host's own deadline is the one that counts. */
const hostDecidesMs = 2 ** 31 - 1

/** The device that a board is during this visit; as one that the host has just reset, without a configuration. */
export function serveVisit(visit: Visit): ServedDevice {
  visit.assumeConfigured(false)
  const control: AnswerControl = async (setup, data, signal) => {
    try {
      const outcome = await visit.endpoint.transfer(setup, data, { timeoutMs: hostDecidesMs, signal })
      return outcome.kind === 'gone' || outcome.kind === 'timeout' ? { kind: 'no-status' } : outcome
    } catch (thrown) {
      if (signal.aborted) return { kind: 'no-status' }
      throw thrown
    }
  }
  return {
    control: withPortResets(control, { isConfigured: visit.isConfigured, reset: visit.busReset }),
    endpoint: visit.endpointState,
  }
}

interface ResettableDevice {
  /** False from a bus reset until the host has chosen a configuration. */
  isConfigured(): boolean
  reset(): Promise<void>
}

/**
 * Linux does not tell the far end that it resets a port, but it shows by its first read afterwards; Windows hosts say it
 * by a request to the hub. Without this a device would never see the reset that ends its download or its detach.
 */
export function withPortResets(control: AnswerControl, device: ResettableDevice): AnswerControl {
  return async (setup, data, signal) => {
    if (isPortReset(setup)) {
      await device.reset()
      return { kind: 'ack' }
    }
    if (isFirstRead(setup) && device.isConfigured()) await device.reset()
    return control(setup, data, signal)
  }
}

/** SET_FEATURE(PORT_RESET), which no device but a hub gets otherwise (USB 2.0 section 11.24.2.13). */
function isPortReset({ requestType, request, value }: SimSetup): boolean {
  return requestType === 0x23 && request === 3 && value === 4
}

function isFirstRead({ requestType, request, value, lengthBytes }: SimSetup): boolean {
  return requestType === 0x80 && request === 6 && value === 0x0100 && lengthBytes === firstReadBytes
}
