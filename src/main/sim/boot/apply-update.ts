// Copies an accepted module from the OTA area to its place, as the bootloader does at the reset after an update:
// erase the sectors of the place, program the bytes. Bytes of the last sector beyond the module are lost.
import type { BoardChips, BoardFacts, FlashChip } from '../board-parts.ts'
import { memoryMapOf, moduleFunctions } from './memory-map.ts'
import type { PendingModule } from './pending-update.ts'
import { type FlashedModule, flags } from './read-module.ts'
import { validateUpdate } from './validate-update.ts'

const headerBytes = 24
const smallUserPart = { address: 0xd4000, pageBytes: 0x1000 }

/** Applies the scheduled module if it is still sound; returns it, or null when it was refused. */
export function applyUpdate(facts: BoardFacts, chips: BoardChips, pending: PendingModule): FlashedModule | null {
  const verdict = validateUpdate(facts, chips, { ...pending, sentBytes: pending.sizeBytes })
  if ('error' in verdict) return null
  const { module } = verdict
  const isDropped = (module.flags & flags.dropModuleInfo) !== 0
  const stored = isDropped ? module.bytes.subarray(headerBytes) : module.bytes
  rewrite(chips.internal, module.startAddress, stored)
  if (memoryMapOf(facts.platform).family === 'nrf52' && module.function === moduleFunctions.user && module.index === 2) {
    dropSmallUserPart(chips.internal, module)
  }
  return module
}

/** A 256 KB user part takes over; a valid 128 KB one would hide it. */
function dropSmallUserPart(chip: FlashChip, module: FlashedModule): void {
  if (module.endAddress + 4 <= smallUserPart.address) chip.eraseSector(smallUserPart.address)
}

function rewrite(chip: FlashChip, address: number, bytes: Uint8Array): void {
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
