// The SoftDevice in flash has lost its module header; what is left to read is Nordic's own info block at 0x3000.
import type { FlashChip } from '../board-parts.ts'
import { softDevicePlace } from './memory-map.ts'
import { readClamped } from './read-module.ts'

const infoAddress = softDevicePlace.start + 0x2000
const infoMagic = 0x51b1e5db

export interface SoftDevice {
  /** Nordic's firmware ID: 202 is S140 7.0.1. */
  readonly firmwareId: number
  /** 20 bytes, in place of a hash. */
  readonly uniqueString: Uint8Array
}

/** Null when no SoftDevice is in flash. Nothing else in it can be checked: it carries no CRC. */
export function readSoftDevice(chip: FlashChip): SoftDevice | null {
  const block = readClamped(chip, infoAddress, 0x2c)
  if (block.length < 0x2c) return null
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
  const coversUpTo = view.getUint32(8, true)
  if (view.getUint32(4, true) !== infoMagic || coversUpTo > softDevicePlace.limit) return null
  return { firmwareId: view.getUint16(12, true), uniqueString: block.slice(0x18, 0x2c) }
}
