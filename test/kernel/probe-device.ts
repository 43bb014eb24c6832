// A device made to try the USB adapter on: vendor requests that echo, stall, keep silent, answer late or short. Two
// interfaces, numbered 0 and 2, with alternate settings, a functional descriptor and an endpoint, so that descriptors
// have something to get wrong.
import { setTimeout as delay } from 'node:timers/promises'
import type { ControlAnswer, SimSetup } from '../../src/main/sim/board-parts.ts'
import type { TestDevice } from './standard-requests.ts'

export const probe = {
  vendorId: 0x1209,
  productId: 0x0001,
  release: 0x0234,
  /** Requests of the device; the value says how many milliseconds for `late`, else it is not looked at. */
  count: 1,
  store: 2,
  recall: 3,
  stall: 4,
  silent: 5,
  late: 6,
  short: 7,
  alternate: 8,
} as const

const functional = [9, 0x21, 0x0b, 0xff, 0x00, 0x00, 0x10, 0x1a, 0x01]
const configuration = Uint8Array.from([
  ...[9, 2, 61, 0, 2, 1, 0, 0x80, 50],
  ...[9, 4, 0, 0, 0, 0xfe, 1, 2, 4],
  ...[9, 4, 0, 1, 0, 0xfe, 1, 2, 5],
  ...functional,
  ...[9, 4, 2, 0, 1, 0xff, 0, 0, 0],
  ...[7, 5, 0x81, 3, 8, 0, 10],
  ...functional,
])

export function probeDevice(productId: number = probe.productId): TestDevice {
  let stored = new Uint8Array()
  let alternate = 0
  const ids = Buffer.alloc(6)
  ids.writeUInt16LE(probe.vendorId, 0)
  ids.writeUInt16LE(productId, 2)
  ids.writeUInt16LE(probe.release, 4)
  const answer = (setup: SimSetup, data: Uint8Array): ControlAnswer | Promise<ControlAnswer> => {
    const counting = Uint8Array.from({ length: setup.lengthBytes }, (_, index) => index & 0xff)
    switch (setup.request) {
      case probe.count:
        return { kind: 'data', data: counting }
      case probe.store:
        stored = Uint8Array.from(data)
        return { kind: 'ack' }
      case probe.recall:
        return { kind: 'data', data: stored }
      case probe.silent:
        return { kind: 'no-status' }
      case probe.late:
        return delay(setup.value, { kind: 'data', data: counting })
      case probe.short:
        return { kind: 'data', data: counting.subarray(0, setup.lengthBytes >> 1) }
      case probe.alternate:
        return { kind: 'data', data: Uint8Array.of(alternate) }
      default:
        return { kind: 'stall' }
    }
  }
  return {
    device: Uint8Array.from([18, 1, 0x00, 0x02, 0, 0, 0, 64, ...ids, 1, 2, 3, 1]),
    configuration,
    strings: new Map([
      [1, 'DFU Station'],
      [2, 'Probe'],
      [3, 'E00FCE68ABCD000000000001'],
      [4, '@Internal Flash /0x08000000/1*004Kg'],
      [5, '@DCT Flash /0x00000000/1*016Kg \u00b5'],
    ]),
    control: answer,
    selectAlternate: (_interfaceNumber, wanted) => {
      alternate = wanted
      return { kind: 'ack' }
    },
  }
}
