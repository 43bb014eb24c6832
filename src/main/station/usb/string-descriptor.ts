// String descriptors of an open device: the serial number, and the memory map that DfuSe devices put into the name of
// an alternate setting (USB 2.0 section 9.6.7).
import { Fault } from '../../../shared/fault/fault.ts'
import type { ControlSetup, TransferOptions, UsbDevice } from './usb-port.ts'

const deviceToHost = 0x80
const getDescriptor = 6
const stringType = 3
const englishUnitedStates = 0x0409
const longestDescriptorBytes = 255

export interface StringOptions extends TransferOptions {
  /** LANGID of the text; US English where none is given. */
  readonly languageId?: number
}

/**
 * The text of string descriptor `index`; null for index 0, which means that there is none. Throws USB_FAILED when the
 * answer is no string descriptor, USB_STALL when the device has no such string.
 */
export async function readStringDescriptor(
  device: UsbDevice,
  index: number,
  { languageId = englishUnitedStates, ...options }: StringOptions,
): Promise<string | null> {
  if (index === 0) return null
  const answer = await getString(device, { index, languageId }, options)
  const text = parseStringDescriptor(answer)
  if (text !== null) return text
  const hex = Buffer.from(answer).toString('hex')
  throw new Fault('USB_FAILED', `${device.portPath}: string descriptor ${index} is malformed: ${hex}`)
}

/**
 * The first language that the device has other than US English; null when it has none. Throws USB_*, as a device without
 * any strings stalls.
 */
export async function readLanguage(device: UsbDevice, options: TransferOptions): Promise<number | null> {
  const answer = Buffer.from(await getString(device, { index: 0, languageId: 0 }, options))
  const endBytes = Math.min(answer[0] ?? 0, answer.length)
  if (answer[1] !== stringType) return null
  for (let at = 2; at + 2 <= endBytes; at += 2) {
    const languageId = answer.readUInt16LE(at)
    if (languageId !== englishUnitedStates) return languageId
  }
  return null
}

function getString(
  device: UsbDevice,
  { index, languageId }: { readonly index: number; readonly languageId: number },
  options: TransferOptions,
): Promise<Uint8Array> {
  const value = (stringType << 8) | index
  const setup: ControlSetup = { requestType: deviceToHost, request: getDescriptor, value, index: languageId }
  return device.controlIn(setup, longestDescriptorBytes, options)
}

/** Text of a string descriptor; null when the bytes are none. Bytes past the descriptor's own length are ignored. */
export function parseStringDescriptor(bytes: Uint8Array): string | null {
  const lengthBytes = bytes[0]
  if (lengthBytes === undefined || bytes[1] !== stringType) return null
  if (lengthBytes < 2 || lengthBytes % 2 !== 0 || lengthBytes > bytes.length) return null
  return Buffer.from(bytes.subarray(2, lengthBytes)).toString('utf16le')
}
