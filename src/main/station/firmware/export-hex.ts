// A whole flash as Intel HEX for an SWD or JTAG programmer: the Device OS set with the user firmware of choice. Order,
// record length and case are those of Particle's restore files, so that the same set gives the same text. Pure.
import { lte } from 'semver'
import { type FirmwareModule, moduleName } from '../../../shared/model/module.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import type { McuFamily } from '../platforms/platform-facts.ts'
import { platformOf } from '../platforms/platforms.ts'
import { checkModuleFitsBoard } from './fits-board.ts'
import { type HexBlock, writeHex } from './hex-text.ts'
import type { BoardModule } from './module-facts.ts'
import { crcSize, prefixSize } from './module-format.ts'
import { sha256Of } from './module-suffix.ts'
import { softDeviceStart, stumpBytes } from './soft-device-image.ts'

export interface HexPart {
  readonly module: BoardModule
  readonly bytes: Uint8Array
}

export interface HexSource {
  readonly platform: PlatformName
  readonly deviceOs: string
  readonly parts: readonly HexPart[]
  /** Nordic's master boot record out of an imported HEX; null: the library has none. */
  readonly bootRecord: Uint8Array | null
}

export interface HexExport {
  readonly text: string
  /** What the file does not hold, though a board needs it, and what it holds besides modules: one sentence each. */
  readonly notes: readonly string[]
}

/** Throws PLAN_REFUSED for a module that may not go onto such a board. */
export function exportHex(source: HexSource): HexExport {
  const { platform, parts } = source
  for (const { module } of parts) {
    // Assets are not in the flash that a programmer writes; a note says so.
    checkModuleFitsBoard({ ...module, requiredAssets: [] }, platform)
  }
  const { mcu } = platformOf(platform)
  const kept = parts.filter(({ module }) => module.kind !== 'ncp')
  const ordered = kept.toSorted((a, b) => rankOf(mcu, a.module, source) - rankOf(mcu, b.module, source))
  const blocks = ordered.flatMap((part) => [...fillerBefore(part, source), blockOf(part)])
  const head = mcu === 'nrf52840' ? nrfHead(source) : []
  return { text: writeHex([...head, ...blocks]), notes: notesOf(source, kept) }
}

/** Particle's generator put the bootloader first from this release on. */
const bootloaderFirstFrom = '5.6.0'
/** And from this one on it erases the place of a 128 KiB application, which would hide the larger one. */
const erasesFormerFrom = '3.3.1'

type Rank = (module: FirmwareModule) => number

function rankOf(mcu: McuFamily, module: FirmwareModule, { deviceOs, platform }: HexSource): number {
  const isNew = lte(bootloaderFirstFrom, deviceOs)
  const bootloader: Rank = ({ index }) => (isNew || mcu === 'stm32f2' ? 0 : 30) + index + (mcu === 'stm32f2' ? 30 : 0)
  const ranks: Readonly<Record<FirmwareModule['kind'], Rank>> = {
    bootloader,
    radio: () => 10,
    // An Electron's files are called part 1, 2 and 3 and hold the parts 3, 1 and 2.
    system: ({ index }) => 20 + (platform === 'electron' ? index % 3 : index),
    mono: () => 20,
    user: () => 90,
    ncp: () => 99,
    asset: () => 99,
  }
  return ranks[module.kind](module)
}

function blockOf({ module, bytes }: HexPart): HexBlock {
  if (module.kind !== 'radio') return { address: module.startAddress, bytes, isUpper: false }
  // Only the payload lies in flash, and the generator leaves a stump of the tail on it.
  const tail = 36 + crcSize
  return {
    address: softDeviceStart,
    bytes: bytes.subarray(prefixSize, bytes.length - tail + stumpBytes),
    isUpper: false,
  }
}

const formerUser = { address: 0xd_4000, sizeBytes: 1024 } as const

/** Nothing of an application is erased that is in the file itself. */
function fillerBefore({ module }: HexPart, { platform, deviceOs }: HexSource): readonly HexBlock[] {
  const isMeant = module.kind === 'user' && module.index === 2 && platformOf(platform).mcu === 'nrf52840'
  const isCovered = module.endAddress + crcSize > formerUser.address
  if (!isMeant || isCovered || !lte(erasesFormerFrom, deviceOs)) return []
  return [{ address: formerUser.address, bytes: new Uint8Array(formerUser.sizeBytes).fill(0xff), isUpper: false }]
}

const configuration = { address: 0x1000_1000, sizeBytes: 4096, bootloaderAt: 0x14, resetPinAt: 0x200 } as const
const nrfBootloader = 0xf_4000
const resetPin = 18

function nrfHead({ bootRecord }: HexSource): readonly HexBlock[] {
  const words = Buffer.alloc(configuration.sizeBytes, 0xff)
  words.writeUInt32LE(nrfBootloader, configuration.bootloaderAt)
  for (const at of [0, 4]) words.writeUInt32LE(resetPin, configuration.resetPinAt + at)
  const chip: HexBlock = { address: configuration.address, bytes: words, isUpper: true }
  return bootRecord === null ? [chip] : [chip, { address: 0, bytes: bootRecord, isUpper: true }]
}

function notesOf(source: HexSource, kept: readonly HexPart[]): readonly string[] {
  const { title } = platformOf(source.platform)
  const notes = [...bootRecordNotes(source)]
  for (const { module } of source.parts) {
    const assets = module.requiredAssets.map(({ name }) => name)
    if (assets.length > 0) notes.push(`The application needs assets that no HEX holds: ${assets.join(', ')}.`)
    if (!kept.some((part) => part.module === module)) {
      notes.push(`${title} ${moduleName(module)} is not in this file: it belongs to another processor.`)
    }
    if (module.isSynthetic) notes.push(`${moduleName(module)} is synthetic: noise for simulated boards, no program.`)
  }
  return notes
}

/** A boot record carries no checksum: nobody here can tell a good one from another. */
function bootRecordNotes({ platform, bootRecord }: HexSource): readonly string[] {
  const { mcu } = platformOf(platform)
  if (mcu === 'rtl872x') {
    return ['No boot record (prebootloader-mbr) is in this file: each board has one of its own, which must stay.']
  }
  if (mcu !== 'nrf52840') return []
  if (bootRecord !== null) {
    const hash = sha256Of(bootRecord)
    return [`The master boot record is as an imported .hex brought it (SHA-256 ${hash}): nothing here can check it.`]
  }
  const where = "import a .hex of this platform to have it here, or write Nordic's own first"
  return [`No master boot record is in this file: a chip without one does not start. It is in no module; ${where}.`]
}
