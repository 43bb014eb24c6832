// Copies an accepted module to its place, as the bootloader does at the reset after an update: inflate it when it is
// compressed, erase the sectors of the place, program the bytes. Bytes of the last sector beyond the module are lost.
import type { BoardChips, BoardFacts, FlashChip } from '../board-parts.ts'
import { inflateModule, isCompressed } from './inflate-module.ts'
import { memoryMapOf, moduleFunctions, softDevicePlace } from './memory-map.ts'
import type { PendingModule } from './pending-update.ts'
import { type FlashedModule, flags, moduleIn, readModule } from './read-module.ts'

const headerBytes = 24
const smallUserPart = { address: 0xd4000, pageBytes: 0x1000 }

/** Applies the scheduled module if it is still sound; returns it, or null when it was refused. */
export function applyUpdate({ platform }: BoardFacts, chips: BoardChips, pending: PendingModule): FlashedModule | null {
  const map = memoryMapOf(platform)
  const read = readModule(pending.chip, pending.address, { ...map, maxSizeBytes: pending.sizeBytes })
  const module = read?.isIntact && read.sizeBytes === pending.sizeBytes ? unpacked(read, map.vectorTablePrefix) : null
  if (!module || !isPlaced(module, chips.internal)) return null
  const isDropped = (module.flags & flags.dropModuleInfo) !== 0
  const stored = isDropped ? module.bytes.subarray(headerBytes) : module.bytes
  rewrite(chips.internal, module.startAddress, stored)
  if (map.family === 'nrf52' && module.function === moduleFunctions.user && module.index === 2) {
    dropSmallUserPart(chips.internal, module)
  }
  return module
}

/** Nothing goes outside the flash, nor below the SoftDevice of an nRF board. */
function isPlaced({ startAddress, sizeBytes }: FlashedModule, chip: FlashChip): boolean {
  const lowest = Math.max(chip.base, softDevicePlace.start)
  return startAddress >= lowest && startAddress + sizeBytes <= chip.base + chip.sizeBytes
}

/** The module that was compressed; null when what comes out is no whole module. */
function unpacked(module: FlashedModule, vectorTablePrefix: number): FlashedModule | null {
  if (!isCompressed(module)) return module
  const bytes = inflateModule(module)
  const inner = bytes && moduleIn(bytes, vectorTablePrefix)
  return inner?.isIntact ? inner : null
}

/** A 256 KB user part takes over; a valid 128 KB one would hide it. */
function dropSmallUserPart(chip: FlashChip, module: FlashedModule): void {
  if (module.endAddress + 4 <= smallUserPart.address) chip.eraseSector(smallUserPart.address)
}

export function rewrite(chip: FlashChip, address: number, bytes: Uint8Array): void {
  const first = chip.sectorAt(address)
  const head = chip.read(first.address, address - first.address)
  for (let at = first.address; at < address + bytes.length; ) {
    const sector = chip.sectorAt(at)
    chip.eraseSector(sector.address)
    at = sector.address + sector.sizeBytes
  }
  if (head.length > 0) chip.program(first.address, head)
  chip.program(address, bytes)
}
