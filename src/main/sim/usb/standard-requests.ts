// Standard requests (USB 2.0 section 9.4) around a face: descriptors, configuration, alternate settings. What is not
// answered here stalls; class and vendor requests are not standard and give null.
import type { ControlAnswer, SimSetup } from '../board-parts.ts'
import { acknowledged, dataAnswer, stalled } from '../face-reply.ts'
import type { DeviceDescriptors } from './descriptors.ts'
import type { DeviceState } from './device-state.ts'

export interface StandardHooks {
  selectAlternate(alternate: number): boolean
  alternate(): number
  /** SET_CONFIGURATION. */
  configured(): void
  /** A USB bus reset by the host. */
  busReset(): void
}

export interface StandardParts {
  readonly descriptors: DeviceDescriptors
  readonly hooks: StandardHooks
  readonly state: DeviceState
}

export function answerStandard(setup: SimSetup, { descriptors, hooks, state }: StandardParts): ControlAnswer | null {
  if ((setup.requestType & 0x60) !== 0) return null
  switch (setup.request) {
    case 0: // GET_STATUS
      return dataAnswer([0, 0], setup)
    case 1: // CLEAR_FEATURE
    case 3: // SET_FEATURE
      return acknowledged
    case 6: // GET_DESCRIPTOR
      return getDescriptor(setup, descriptors)
    case 8: // GET_CONFIGURATION
      return dataAnswer([state.configurationValue], setup)
    case 9: // SET_CONFIGURATION
      if (setup.value > 1) return stalled
      state.configurationValue = setup.value
      hooks.configured()
      return acknowledged
    case 10: // GET_INTERFACE
      return dataAnswer([hooks.alternate()], setup)
    case 11: // SET_INTERFACE
      return hooks.selectAlternate(setup.value) ? acknowledged : stalled
    default:
      return stalled
  }
}

function getDescriptor(setup: SimSetup, descriptors: DeviceDescriptors): ControlAnswer {
  const bytes = descriptorOf(setup.value >> 8, setup.value & 0xff, descriptors)
  return bytes ? dataAnswer(bytes, setup) : stalled
}

function descriptorOf(type: number, index: number, descriptors: DeviceDescriptors): Uint8Array | null {
  switch (type) {
    case 1:
      return descriptors.device
    case 2:
      return index === 0 ? descriptors.configuration : null
    case 3:
      return descriptors.strings.get(index) ?? null
    case 0x21:
      return descriptors.functional
    default:
      return null
  }
}
