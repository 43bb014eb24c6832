// Firmware for the clients of the simulated boards: the real modules of a release where they can be had
// (STATION_FIRMWARE, or the folder beside the repository), the synthetic ones of the same versions and sizes where not.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseHeader } from '../../src/main/sim/boot/read-module.ts'
import { demoDeviceOs, demoFirmware } from '../../src/main/sim/synthetic/demo-firmware.ts'
import type { Family } from '../scenarios/real-sets.ts'

const folder = resolve(process.env['STATION_FIRMWARE'] ?? join(import.meta.dirname, '../../../shared/firmware'))
/** Where the header lies when an image begins with a vector table. */
const vectorTables: Readonly<Record<Family, number>> = { photon: 0x184, boron: 0x200, p2: 0x200 }

export interface FirmwareFile {
  readonly bytes: Uint8Array
  readonly isReal: boolean
  /** Where the module goes in flash, by its header. */
  readonly address: number
}

/** One file of the release that the demo flashes on this platform, such as `system-part1.bin`. */
export function firmwareFor(platform: Family, file: string): FirmwareFile {
  const name = `${platform}/${demoDeviceOs[platform]}/${file}`
  const path = join(folder, name)
  const isReal = existsSync(path)
  const bytes = isReal ? readFileSync(path) : demoFirmware().find(({ path: made }) => made === name)?.bytes
  const header = bytes && parseHeader(bytes, vectorTables[platform])
  if (!bytes || !header) throw new Error(`no firmware ${name}`)
  return { bytes, isReal, address: header.startAddress }
}
