// Standard requests (USB 2.0 section 9.4) around a face: descriptors, configuration, alternate settings, halted
// endpoints. A request that is wrong in its direction, its recipient or the state of the device stalls, and so does what
// a full-speed USB 2.00 device does not have: qualifier, other speed, BOS. Class and vendor requests give null.
import type { ControlAnswer, SimSetup } from '../board-parts.ts'
import { acknowledged, dataAnswer, stalled } from '../face-reply.ts'
import type { DeviceDescriptors } from './descriptors.ts'
import { type DeviceState, endpointsOf } from './device-state.ts'

export interface StandardHooks {
  selectAlternate(alternate: number, interfaceNumber: number): boolean
  alternate(interfaceNumber: number): number
  /** SET_CONFIGURATION, to a configuration and not to none. */
  configured(): void
  /** A USB bus reset by the host. */
  busReset(): void
}

export interface StandardParts {
  readonly descriptors: DeviceDescriptors
  readonly hooks: StandardHooks
  readonly state: DeviceState
}

const remoteWakeup = 1
const endpointHalt = 0
const selfPowered = 1
const descriptorTypes = { device: 1, configuration: 2, string: 3, functional: 0x21, report: 0x22 } as const

type Handler = (setup: SimSetup, parts: StandardParts) => ControlAnswer

/** By bmRequestType and bRequest. */
const handlers: Readonly<Record<number, Handler>> = {
  // GET_STATUS of the device, an interface, an endpoint
  32768: (setup, { descriptors }) => dataAnswer([descriptors.isSelfPowered ? selfPowered : 0, 0], setup),
  33024: (setup, parts) => (hasInterface(parts, setup.index) ? dataAnswer([0, 0], setup) : stalled),
  33280: endpointStatus,
  // CLEAR_FEATURE and SET_FEATURE of the device, an endpoint
  1: ({ value }) => (value === remoteWakeup ? acknowledged : stalled),
  3: ({ value }) => (value === remoteWakeup ? acknowledged : stalled),
  513: changeHalt,
  515: changeHalt,
  // SET_ADDRESS
  5: () => acknowledged,
  // GET_DESCRIPTOR of the device, and of an interface for class descriptors
  32774: (setup, { descriptors }) => getDescriptor(setup, ownDescriptor(setup, descriptors)),
  33030: (setup, { descriptors }) => getDescriptor(setup, classDescriptor(setup, descriptors)),
  // GET_CONFIGURATION, SET_CONFIGURATION
  32776: (setup, { state }) => dataAnswer([state.configurationValue], setup),
  9: setConfiguration,
  // GET_INTERFACE, SET_INTERFACE
  33034: getInterface,
  267: setInterface,
}

export function answerStandard(setup: SimSetup, parts: StandardParts): ControlAnswer | null {
  if ((setup.requestType & 0x60) !== 0) return null
  const handler = handlers[(setup.requestType << 8) | setup.request]
  return handler ? handler(setup, parts) : stalled
}

function endpointStatus(setup: SimSetup, parts: StandardParts): ControlAnswer {
  if (!hasEndpoint(parts, setup.index)) return stalled
  return dataAnswer([Number(parts.state.halted.has(setup.index)), 0], setup)
}

function setConfiguration({ value }: SimSetup, { state, hooks }: StandardParts): ControlAnswer {
  if (value > 1) return stalled
  state.configurationValue = value
  state.halted.clear()
  if (value !== 0) hooks.configured()
  return acknowledged
}

function getInterface(setup: SimSetup, parts: StandardParts): ControlAnswer {
  return hasInterface(parts, setup.index) ? dataAnswer([parts.hooks.alternate(setup.index)], setup) : stalled
}

function setInterface({ value, index }: SimSetup, parts: StandardParts): ControlAnswer {
  if (!hasInterface(parts, index) || !parts.hooks.selectAlternate(value, index)) return stalled
  parts.state.halted.clear()
  return acknowledged
}

/** Endpoint 0 is never halted; its halt is acknowledged and forgotten. */
function changeHalt({ request, value, index }: SimSetup, parts: StandardParts): ControlAnswer {
  if (value !== endpointHalt || !hasEndpoint(parts, index)) return stalled
  if (request === 1) parts.state.halted.delete(index)
  else if (index !== 0 && index !== 0x80) parts.state.halted.add(index)
  return acknowledged
}

function hasInterface({ descriptors, state }: StandardParts, number: number): boolean {
  return state.configurationValue !== 0 && descriptors.interfaceNumbers.includes(number)
}

function hasEndpoint({ descriptors, state }: StandardParts, address: number): boolean {
  if (address === 0 || address === 0x80) return true
  if (state.configurationValue === 0) return false
  return endpointsOf(descriptors.configuration).some((endpoint) => endpoint.address === address)
}

function getDescriptor(setup: SimSetup, bytes: Uint8Array | null): ControlAnswer {
  return bytes ? dataAnswer(bytes, setup) : stalled
}

function classDescriptor({ value }: SimSetup, descriptors: DeviceDescriptors): Uint8Array | null {
  if (value >> 8 === descriptorTypes.report) return descriptors.report ?? null
  return value >> 8 === descriptorTypes.functional ? descriptors.functional : null
}

/** Strings are the same whatever language is asked for. */
function ownDescriptor({ value }: SimSetup, descriptors: DeviceDescriptors): Uint8Array | null {
  const index = value & 0xff
  switch (value >> 8) {
    case descriptorTypes.device:
      return descriptors.device
    case descriptorTypes.configuration:
      return index === 0 ? descriptors.configuration : null
    case descriptorTypes.string:
      return descriptors.strings.get(index) ?? null
    default:
      return null
  }
}
