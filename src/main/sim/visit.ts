// One enumeration of a board: what the host sees from arrival to departure. Joins the descriptors, the standard
// requests and the face of the mode behind one endpoint 0.
import type { AccountBook } from './account.ts'
import type { BootMode, ControlFace, SimSetup } from './board-parts.ts'
import type { DfuFace } from './dfu/dfu-face.ts'
import { createEndpointZero, type EndpointZero } from './endpoint-zero.ts'
import type { DeviceFace, FaceReply } from './face-reply.ts'
import type { FaultScript } from './fault-script.ts'
import type { Timeline } from './timeline.ts'
import { pauses } from './timings.ts'
import type { DeviceDescriptors } from './usb/descriptors.ts'
import { configuredState, endpointsOf, unconfigure } from './usb/device-state.ts'
import { answerMicrosoft } from './usb/microsoft-os.ts'
import { answerStandard, type StandardHooks, type StandardParts } from './usb/standard-requests.ts'

export interface Visit {
  readonly mode: BootMode
  readonly descriptors: DeviceDescriptors
  readonly endpoint: EndpointZero
  /** Why the host may not open the device now, by scripted fault; null when it may. */
  refusal(): 'access' | 'not-supported' | null
  /** Whether another program holds the interface, by scripted fault. */
  isClaimedElsewhere(): boolean
  /** A USB bus reset by the host; the device stays and keeps its address. */
  busReset(): Promise<void>
  /** False from a bus reset until the host has chosen a configuration. */
  isConfigured(): boolean
  /** What the system in front of this wire has done without a transfer that was seen here. */
  assumeConfigured(isConfigured: boolean): void
  /** What a transfer on an endpoint other than 0 meets: there is nothing to read, and all that is written is taken. */
  endpointState(address: number): 'silent' | 'sink' | 'halted' | 'absent'
}

interface VisitOptions {
  readonly mode: BootMode
  readonly descriptors: DeviceDescriptors
  readonly face: DeviceFace & StandardHooks
  readonly timeline: Timeline
  readonly account: AccountBook
  readonly script: FaultScript
}

export function createVisit(options: VisitOptions): Visit {
  const { mode, descriptors, face, timeline, account, script } = options
  const arrivedMs = timeline.nowMs()
  const state = configuredState()
  const endpoints = new Set(endpointsOf(descriptors.configuration).map(({ address }) => address))
  const endpoint = createEndpointZero({
    timeline,
    account,
    face: aroundFace({ descriptors, hooks: face, state }, face),
  })
  let tries = 0
  return {
    mode,
    descriptors,
    endpoint,
    refusal: () => {
      tries += 1
      if (script.lasting('no-driver')) return 'not-supported'
      const forMs = script.lasting('access-denied')?.forMs ?? 0
      // Without time (speed 0) a refusal for some milliseconds is one refused try.
      const isOver =
        timeline.speed === 0 && forMs !== Number.POSITIVE_INFINITY ? tries > 1 : timeline.nowMs() >= arrivedMs + forMs
      return forMs > 0 && !isOver ? 'access' : null
    },
    isClaimedElsewhere: () => script.lasting('claimed') !== null,
    isConfigured: () => state.configurationValue !== 0,
    assumeConfigured: (isConfigured) => {
      unconfigure(state)
      if (isConfigured) state.configurationValue = 1
    },
    endpointState: (address) => {
      if (state.configurationValue === 0 || !endpoints.has(address)) return 'absent'
      if (state.halted.has(address)) return 'halted'
      return (address & 0x80) === 0 ? 'sink' : 'silent'
    },
    busReset: async () => {
      unconfigure(state)
      face.busReset()
      const endMs = timeline.nowMs() + pauses.busResetMs
      account.time('waitMs', pauses.busResetMs)
      await timeline.until(endMs, { signals: [], deadlineWallMs: Number.POSITIVE_INFINITY })
    },
  }
}

/** Standard and Microsoft requests are answered here, the rest by the mode. */
function aroundFace(parts: StandardParts, face: DeviceFace): DeviceFace {
  return {
    request: (setup, data) => {
      const answer = answerStandard(setup, parts) ?? answerMicrosoft(setup, parts.descriptors)
      return answer ? { answer } : face.request(setup, data)
    },
  }
}

const classRequest = 0x20

/** The DFU face; vendor requests stall in DFU mode. */
export function dfuModeFace(face: DfuFace): DeviceFace & StandardHooks {
  return {
    selectAlternate: face.selectAlternate,
    alternate: face.alternate,
    configured: face.configured,
    busReset: face.configured,
    request: (setup, data) =>
      (setup.requestType & 0x60) === classRequest ? face.request(setup, data) : { answer: { kind: 'stall' } },
  }
}

const vendorIn = 0xc0
const initService = 1
const updateDataType = 253

interface NormalModeOptions {
  readonly endpoint: ControlFace
  readonly script: FaultScript
  unplug(): void
}

/** Device OS; watches for the firmware update that a scripted fault interrupts. */
export function normalModeFace({ endpoint, script, unplug }: NormalModeOptions): DeviceFace & StandardHooks {
  return {
    selectAlternate: (alternate) => alternate === 0,
    alternate: () => 0,
    configured: () => endpoint.busReset(),
    busReset: () => endpoint.busReset(),
    request: (setup, data): FaceReply => {
      if (isUpdateData(setup) && script.strike('unplug-during', ({ phase }) => phase === 'update')) unplug()
      return { answer: endpoint.control(setup, data) }
    },
  }
}

function isUpdateData({ requestType, request, index }: SimSetup): boolean {
  return requestType === vendorIn && request === initService && index === updateDataType
}
