// Microsoft OS 1.0 descriptors: why Windows binds WinUSB to these boards by itself. A string 0xEE names the vendor code
// 0xEE; two vendor requests with that code tell the compatible ID and the GUID of the device interface.
import type { ControlAnswer, SimSetup } from '../board-parts.ts'
import { dataAnswer } from '../face-reply.ts'
import type { DeviceDescriptors } from './descriptors.ts'
import { u16 } from './descriptors.ts'

export const microsoftStringIndex = 0xee
const vendorCode = 0xee

export const microsoftString = Uint8Array.from([18, 3, ...utf16('MSFT100'), vendorCode, 0])

/** The answer to one of the two Microsoft requests; null for every other request. */
export function answerMicrosoft(setup: SimSetup, descriptors: DeviceDescriptors): ControlAnswer | null {
  if (setup.request !== vendorCode || !descriptors.microsoft) return null
  const { interfaceNumber, guid, dummyBytes } = descriptors.microsoft
  if (setup.requestType === 0xc0 && setup.index === 4) return dataAnswer(compatibleId(interfaceNumber), setup)
  if (setup.requestType !== 0xc1 || setup.index !== 5) return null
  const isOurs = (setup.value & 0xff) === interfaceNumber
  return dataAnswer(isOurs ? extendedProperties(guid) : new Uint8Array(dummyBytes), setup)
}

function compatibleId(interfaceNumber: number): readonly number[] {
  const head = [...u32(40), ...u16(0x0100), ...u16(4), 1, 0, 0, 0, 0, 0, 0, 0]
  return [...head, interfaceNumber, 1, ...Buffer.from('WINUSB\0\0'), ...new Uint8Array(8 + 6)]
}

function extendedProperties(guid: string): readonly number[] {
  const multiString = 7
  const name = utf16('DeviceInterfaceGUIDs\0')
  const value = utf16(`${guid}\0\0`)
  const fields = [...u32(multiString), ...u16(name.length), ...name, ...u32(value.length), ...value]
  return [...u32(10 + 4 + fields.length), ...u16(0x0100), ...u16(5), ...u16(1), ...u32(4 + fields.length), ...fields]
}

function utf16(text: string): readonly number[] {
  return [...Buffer.from(text, 'utf16le')]
}

function u32(value: number): readonly number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)]
}
