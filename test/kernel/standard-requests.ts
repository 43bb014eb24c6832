// The standard requests that every USB device answers (USB 2.0 section 9.4), from its descriptors; what is left over is
// the device's own.
import type { ControlAnswer, SimSetup } from '../../src/main/sim/board-parts.ts'
import type { EndpointZero } from './vhci-device.ts'

/** A device to be plugged into the test kernel: what it says of itself, and how it answers on endpoint 0. */
export interface TestDevice {
  /** Device descriptor, 18 bytes. */
  readonly device: Uint8Array
  /** The whole configuration descriptor. */
  readonly configuration: Uint8Array
  /** String descriptors by index, from 1. */
  readonly strings: ReadonlyMap<number, string>
  /** Every request that is not answered from the above. It may take its time; no-status: it never answers. */
  control(setup: SimSetup, data: Uint8Array): ControlAnswer | Promise<ControlAnswer>
  /** SET_INTERFACE on an alternate setting that the configuration has; default: acknowledged. */
  selectAlternate?(interfaceNumber: number, alternate: number): ControlAnswer | Promise<ControlAnswer>
}

const ack: ControlAnswer = { kind: 'ack' }
const stall: ControlAnswer = { kind: 'stall' }
const descriptorTypes = { device: 1, configuration: 2, string: 3, interface: 4 } as const
const englishUnitedStates = [0x09, 0x04]

function answerData(...bytes: readonly number[]): ControlAnswer {
  return { kind: 'data', data: Uint8Array.from(bytes) }
}

export function endpointZeroOf(device: TestDevice): EndpointZero {
  return (setup, data) => answerStandard(device, setup) ?? device.control(setup, data)
}

/** The answer, or null when the request is the device's own affair. */
function answerStandard(device: TestDevice, setup: SimSetup): ControlAnswer | Promise<ControlAnswer> | null {
  switch ((setup.requestType << 8) | setup.request) {
    case 0x8006:
      return descriptorOf(device, setup.value >> 8, setup.value & 0xff)
    case 0x8000: // GET_STATUS of the device, an interface, an endpoint
    case 0x8100:
    case 0x8200:
      return answerData(0, 0)
    case 0x8008: // GET_CONFIGURATION
      return answerData(1)
    case 0x0009: // SET_CONFIGURATION
      return ack
    case 0x010b: // SET_INTERFACE
      if (!hasAlternate(device.configuration, setup.index, setup.value)) return stall
      return device.selectAlternate?.(setup.index, setup.value) ?? ack
    default:
      return null
  }
}

function descriptorOf(device: TestDevice, type: number, index: number): ControlAnswer {
  if (type === descriptorTypes.device) return { kind: 'data', data: device.device }
  if (type === descriptorTypes.configuration && index === 0) return { kind: 'data', data: device.configuration }
  if (type !== descriptorTypes.string) return stall
  if (index === 0) return answerData(4, descriptorTypes.string, ...englishUnitedStates)
  const text = device.strings.get(index)
  if (text === undefined) return stall
  const units = Buffer.from(text, 'utf16le')
  return answerData(units.length + 2, descriptorTypes.string, ...units)
}

function hasAlternate(configuration: Uint8Array, interfaceNumber: number, alternate: number): boolean {
  for (let at = 0; at + 3 < configuration.length; at += configuration[at] || configuration.length) {
    const isInterface = configuration[at + 1] === descriptorTypes.interface
    if (isInterface && configuration[at + 2] === interfaceNumber && configuration[at + 3] === alternate) return true
  }
  return false
}
