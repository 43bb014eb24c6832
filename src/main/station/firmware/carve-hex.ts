// From an Intel HEX image to the modules in it, each found by its own header at the address where it stands. What no
// station writes is left out (master boot record, chip configuration, filler); what bricks a board is refused by name.
import { platformNameOf } from '../../../shared/model/platform.ts'
import { forbiddenReason, platformOf } from '../platforms/platforms.ts'
import { readHexPieces } from './hex-records.ts'
import { type HexRun, joinPieces } from './hex-runs.ts'
import { maxHexModules } from './limits.ts'
import { hex } from './module-format.ts'
import { findPrefixAt, isRtlImage } from './module-prefix.ts'
import type { Refuse } from './refusal.ts'
import { findSoftDevice, rebuildSoftDevice, type SoftDevice, softDeviceStart } from './soft-device-image.ts'

export interface CarvedModule {
  readonly address: number
  /** The whole file: header, suffix and CRC included. */
  readonly bytes: Uint8Array
  /** The SoftDevice stands without its header in a HEX; its file was put together again. */
  readonly isRebuilt: boolean
}

export interface HexImage {
  readonly modules: readonly CarvedModule[]
  /** The first 4096 bytes of an nRF52840 (Nordic's master boot record), which only a HEX carries. */
  readonly bootRecord: Uint8Array | null
}

/** Address space of an nRF52840, below everything that the other chips have. */
const nrfFlashEnd = 0x10_0000
const configuration = { from: 0x1000_1000, to: 0x1000_2000 } as const
/** Where an RTL872x keeps the boot record that was made for one board alone. */
const rtlBootRecord = 0x0800_0000
const systemStart = 0x2_8000

/** Refuses as the readers of records and runs do, and HEX_GAP, NOT_FIRMWARE, FORBIDDEN_MODULE, NO_MODULES. */
export function carveHex(text: Uint8Array, refuse: Refuse): HexImage {
  const runs = joinPieces(readHexPieces(text, refuse), refuse)
  const found: Found = { modules: [], softDevice: null, bootRecord: null }
  for (const run of runs) carveRun(run, found, refuse)
  const softDevice = found.softDevice === null ? [] : rebuilt(found.softDevice, found.modules)
  const modules = [...softDevice, ...found.modules]
  if (modules.length === 0) refuse('NO_MODULES', 'no firmware module in the file')
  return { modules, bootRecord: found.bootRecord }
}

interface Found {
  readonly modules: CarvedModule[]
  softDevice: SoftDevice | null
  bootRecord: Uint8Array | null
}

function carveRun(run: HexRun, found: Found, refuse: Refuse): void {
  let at = 0
  while (at < run.bytes.length) {
    const address = run.address + at
    const rest = run.bytes.subarray(at)
    const skipped = skip(address, rest, found)
    at += skipped > 0 ? skipped : takeModule({ address, bytes: rest }, found, refuse)
  }
}

/** How many bytes here are no module; 0 where one must begin. */
function skip(address: number, rest: Uint8Array, found: Found): number {
  if (address >= configuration.from && address < configuration.to) return rest.length
  if (address < softDeviceStart) return takeBootRecord(address, rest, found)
  if (address === softDeviceStart && address < nrfFlashEnd) {
    found.softDevice = findSoftDevice(rest)
    if (found.softDevice !== null) return Math.min(rest.length, systemStart - softDeviceStart)
  }
  const filler = rest.findIndex((byte) => byte !== 0xff)
  return filler < 0 ? rest.length : filler
}

function takeBootRecord(address: number, rest: Uint8Array, found: Found): number {
  const length = Math.min(rest.length, softDeviceStart - address)
  if (length === softDeviceStart) found.bootRecord = rest.slice(0, length)
  return length
}

function takeModule(run: HexRun, found: Found, refuse: Refuse): number {
  const { address, bytes } = run
  const place = hex(address)
  if (address === rtlBootRecord && isRtlImage(bytes)) {
    const reason = forbiddenReason('p2', { kind: 'bootloader', index: 1 })
    refuse('FORBIDDEN_MODULE', `it writes ${place}: ${reason}`)
  }
  const prefix = findPrefixAt(bytes, address) ?? refuse('NOT_FIRMWARE', `what stands at ${place} is no firmware module`)
  const size = prefix.declaredBytes
  if (size > bytes.length) {
    refuse('HEX_GAP', `the module at ${place} has ${size} bytes, and data ends at ${hex(address + bytes.length)}`)
  }
  if (found.modules.length === maxHexModules) refuse('TOO_MANY_ENTRIES', `more than ${maxHexModules} modules`)
  found.modules.push({ address, bytes: bytes.slice(0, size), isRebuilt: false })
  return size
}

/** For the platform of the other modules. One that is not known cannot be vouched for: the set then lacks it. */
function rebuilt(softDevice: SoftDevice, modules: readonly CarvedModule[]): readonly CarvedModule[] {
  const platforms = modules
    .map(({ address, bytes }) => platformNameOf(findPrefixAt(bytes, address)?.platformId ?? -1))
    .filter((name) => name !== null && platformOf(name).mcu === 'nrf52840')
  const bytes = rebuildSoftDevice(softDevice, platforms[0] ?? 'argon')
  return bytes === null ? [] : [{ address: softDeviceStart, bytes, isRebuilt: true }]
}
