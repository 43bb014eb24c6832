// A device that has nothing to do with DFU, as people plug into any port: a mouse with the boot protocol (HID 1.11,
// appendix B.2), which nobody moves.
import type { SimSetup } from '../board-parts.ts'
import { ackReply, type DeviceFace, dataAnswer, stallReply } from '../face-reply.ts'
import { describeDevice } from '../usb/describe-device.ts'
import type { StandardHooks } from '../usb/standard-requests.ts'
import type { DeviceInside, SerialNumber } from './device-inside.ts'
import type { OtherProfile } from './device-profile.ts'

interface OtherOptions {
  readonly profile: OtherProfile
  readonly serialNumber: SerialNumber
}

/** Three buttons, X and Y: a report of three bytes. */
const reportDescriptor = [
  ...[0x05, 0x01, 0x09, 0x02, 0xa1, 0x01, 0x09, 0x01, 0xa1, 0x00],
  ...[0x05, 0x09, 0x19, 0x01, 0x29, 0x03, 0x15, 0x00, 0x25, 0x01, 0x95, 0x03, 0x75, 0x01, 0x81, 0x02],
  ...[0x95, 0x01, 0x75, 0x05, 0x81, 0x01],
  ...[0x05, 0x01, 0x09, 0x30, 0x09, 0x31, 0x15, 0x81, 0x25, 0x7f, 0x75, 0x08, 0x95, 0x02, 0x81, 0x06],
  ...[0xc0, 0xc0],
]
const reportBytes = 3
const hidDescriptor = [9, 0x21, 0x11, 0x01, 0, 1, 0x22, reportDescriptor.length, 0]
const interruptIn = [7, 5, 0x81, 3, 4, 0, 10]

export function createOtherInside({ profile, serialNumber }: OtherOptions): DeviceInside {
  const shown = () => ({ descriptors: descriptorsOf(profile, serialNumber), face: mouseFace() })
  return {
    powerOn: () => {},
    afterReset: () => 'normal',
    program: shown,
    loader: () => {
      throw new RangeError('a device without DFU has no loader')
    },
    memoryCount: 0,
    memory: (alternate) => {
      throw new RangeError(`no alternate setting ${alternate}`)
    },
  }
}

function descriptorsOf({ ids, deviceRelease, productName }: OtherProfile, serialNumber: SerialNumber) {
  return describeDevice({
    ...ids,
    ...{ release: deviceRelease, manufacturer: 'DFU Station', product: productName, serialNumber },
    functional: hidDescriptor,
    report: reportDescriptor,
    interfaces: [
      {
        ...{ number: 0, alternate: 0, interfaceClass: [3, 1, 2], name: null },
        ...{ extra: hidDescriptor, endpoints: [interruptIn] },
      },
    ],
  })
}

const hid = { getReport: 1, setIdle: 10, setProtocol: 11 } as const

function mouseFace(): DeviceFace & StandardHooks {
  return {
    alternate: () => 0,
    selectAlternate: (alternate) => alternate === 0,
    configured: () => {},
    busReset: () => {},
    request: (setup) => answer(setup),
  }
}

function answer(setup: SimSetup) {
  if (setup.requestType === 0xa1 && setup.request === hid.getReport) {
    return { answer: dataAnswer(new Uint8Array(reportBytes), setup) }
  }
  const isSetting = setup.requestType === 0x21 && (setup.request === hid.setIdle || setup.request === hid.setProtocol)
  return isSetting ? ackReply : stallReply
}
