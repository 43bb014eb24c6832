// What Device OS does with validated modules before it resets: an asset goes to the asset store, firmware of the network
// processor over the serial line, an old bootloader is overwritten in place; everything else waits in a module slot for
// the bootloader.
import { storeAsset } from '../assets/board-assets.ts'
import { applyMs } from '../timings.ts'
import { rewrite } from './apply-update.ts'
import { findModule } from './installed-modules.ts'
import { memoryMapOf, moduleFunctions } from './memory-map.ts'
import { writeNcp } from './ncp.ts'
import { scheduleModule } from './pending-update.ts'
import type { StagedModule, UpdateBoard } from './validate-update.ts'

/** Bootloaders of nRF boards that can be swapped by Nordic's MBR. */
const swapsFrom = 1001

export interface TakenUpdate {
  /** How long Device OS works before it resets; the board answers nothing meanwhile. */
  readonly durationMs: number
  /** The end of that work. A board that loses power before has an old network processor, or no bootloader. */
  finish(): void
}

const nothingMore: TakenUpdate = { durationMs: 0, finish: () => {} }

/** Null when an asset cannot be stored: then nothing is told, and the board does not reset. */
export function takeUpdate(board: UpdateBoard, modules: readonly StagedModule[]): TakenUpdate | null {
  const works: TakenUpdate[] = []
  for (const module of modules) {
    const work = workOn(board, module)
    if (!work) return null
    works.push(work)
  }
  return {
    durationMs: works.reduce((sum, { durationMs }) => sum + durationMs, 0),
    finish: () => {
      for (const work of works) work.finish()
    },
  }
}

function workOn(board: UpdateBoard, module: StagedModule): TakenUpdate | null {
  const { facts, chips } = board
  const staged = { chip: module.area.chip, address: module.stagedAt }
  if (module.function === moduleFunctions.asset) {
    return storeAsset(facts.platform, chips, { ...staged, bytes: module.bytes })
  }
  if (module.function === moduleFunctions.ncp) {
    const durationMs = Math.ceil(module.sizeBytes / 1024) * applyMs.ncpPerKilobyte
    return { durationMs, finish: () => writeNcp(chips, module) }
  }
  if (module.function === moduleFunctions.bootloader && !isSwapped(board)) return overwritten(board, module)
  scheduleModule(chips, { ...staged, sizeBytes: module.sizeBytes })
  return nothingMore
}

/** Gen 2 has no one to swap it; nRF needs a bootloader of 2.0.0 or later for that; RTL has a second core to copy it. */
function isSwapped({ facts: { platform }, chips }: UpdateBoard): boolean {
  const { family } = memoryMapOf(platform)
  if (family === 'rtl872x') return true
  const loader = findModule(platform, chips, { function: moduleFunctions.bootloader, index: 0 })
  return family === 'nrf52' && (loader?.version ?? 0) >= swapsFrom
}

function overwritten({ chips }: UpdateBoard, module: StagedModule): TakenUpdate {
  const { internal } = chips
  for (let at = module.startAddress; at < module.endAddress; ) {
    const sector = internal.sectorAt(at)
    internal.eraseSector(sector.address)
    at = sector.address + sector.sizeBytes
  }
  return { durationMs: applyMs.bootloader, finish: () => rewrite(internal, module.startAddress, module.bytes) }
}
