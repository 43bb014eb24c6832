// What was read out of a memory, as a file: the bytes alone, or with a DFU suffix, in ST's container where there are
// addresses, so that the same tools that write such a file write it back to where it came from.
import type { DfuProtocol } from '../../shared/model/dfu-identity.ts'
import { withSuffix } from '../station/images/dfu-suffix.ts'
import type { StatedDevice } from '../station/images/payload.ts'

export interface SavedMemory {
  readonly bytes: Uint8Array
  readonly alternate: number
  readonly name: string
  readonly address: number | null
  readonly protocol: DfuProtocol
  readonly device: StatedDevice
}

const prefixBytes = 11
const targetBytes = 274
const elementBytes = 8
const nameBytes = 255
const nameAt = 11

/** `file` is its name: one that ends in .dfu gets a suffix. */
export function savedFile(file: string, saved: SavedMemory): Uint8Array {
  const { bytes, device, protocol } = saved
  if (!/\.dfu$/i.test(file)) return bytes
  return protocol === 'dfuse' ? withSuffix(container(saved), device, 'dfuse') : withSuffix(bytes, device)
}

/** One target with one element (UM0391, "DfuSe File Format Specification", sections 2.1 to 2.4). */
function container({ bytes, alternate, name, address }: SavedMemory): Uint8Array {
  const file = Buffer.alloc(prefixBytes + targetBytes + elementBytes + bytes.length)
  file.write('DfuSe', 0, 'latin1')
  file.writeUInt8(1, 5)
  file.writeUInt32LE(file.length, 6)
  file.writeUInt8(1, 10)
  const target = file.subarray(prefixBytes)
  target.write('Target', 0, 'latin1')
  target.writeUInt8(alternate, 6)
  target.writeUInt32LE(1, 7)
  target.write(name.replaceAll(/[^ -~]/g, '?').slice(0, nameBytes - 1), nameAt, 'latin1')
  target.writeUInt32LE(elementBytes + bytes.length, nameAt + nameBytes)
  target.writeUInt32LE(1, nameAt + nameBytes + 4)
  const element = target.subarray(targetBytes)
  element.writeUInt32LE(address ?? 0, 0)
  element.writeUInt32LE(bytes.length, 4)
  element.set(bytes, elementBytes)
  return file
}
