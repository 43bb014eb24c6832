// A reset, from the first instruction to the mode the board shows on USB: the bootloader applies a scheduled module and
// judges the system parts, the started system looks for the OTA flag and judges the user part. All by the bytes in the
// chips. Appendix A of our USB notes lists the rules.
import type { BoardChips, BoardFacts, BootMode, BootResult, BootWish, SimPlatform } from '../board-parts.ts'
import { applyMs, bootMs } from '../timings.ts'
import { applyUpdate } from './apply-update.ts'
import { type Installed, readInstalled } from './installed-modules.ts'
import { areMet, installedVersion, modulesOf } from './judge-modules.ts'
import { moduleFunctions } from './memory-map.ts'
import { otaAreaOf } from './ota-area.ts'
import { clearOtaFlag, isOtaFlagSet, scheduleModule, takeScheduled } from './pending-update.ts'
import type { FlashedModule } from './read-module.ts'
import { validateUpdate } from './validate-update.ts'

const otaFlagDelayMs = 100
const pageBytes = 0x1000

/** Index of the system parts that must be intact, and of the bootloaders without which nothing starts. */
const needed: Record<SimPlatform, { readonly system: readonly number[]; readonly bootloader: readonly number[] }> = {
  photon: { system: [1, 2], bootloader: [0] },
  boron: { system: [1], bootloader: [0] },
  p2: { system: [1], bootloader: [1, 0, 2] },
}

/** Boots the board. Changes its chips: applies a pending update, clears the notes in the DCT. */
export function boot(facts: BoardFacts, chips: BoardChips, wish: BootWish = {}): BootResult {
  if (isBricked(facts, chips)) {
    return { mode: 'dfu', resetsAgain: false, durationMs: bootMs.dfu, isBricked: true }
  }
  const scheduled = takeScheduled(chips)
  const applied = scheduled && applyUpdate(facts, chips, scheduled)
  if (applied) return { mode: judge(facts, chips, wish), resetsAgain: true, durationMs: applyTimeMs(applied) }
  const mode = judge(facts, chips, wish)
  const resetsAgain = mode !== 'dfu' && followOtaFlag(facts, chips)
  return { mode, resetsAgain, durationMs: bootMs[mode] + (resetsAgain ? otaFlagDelayMs : 0) }
}

/** True without an intact bootloader: nothing enumerates any more, whatever button is held. */
export function isBricked({ platform }: BoardFacts, chips: BoardChips): boolean {
  return !hasAll(platform, readInstalled(platform, chips), 'bootloader')
}

function judge(facts: BoardFacts, chips: BoardChips, wish: BootWish): BootMode {
  const installed = readInstalled(facts.platform, chips)
  if (!hasAll(facts.platform, installed, 'system')) return 'dfu'
  const isWhole = installed.modules.every((module) => module.isIntact && areMet(installed, module.dependencies))
  const hasUser = modulesOf(installed, moduleFunctions.user).length > 0
  return isWhole && hasUser && !wish.safeMode ? 'normal' : 'safe'
}

function hasAll(platform: SimPlatform, installed: Installed, kind: 'system' | 'bootloader'): boolean {
  return needed[platform][kind].every(
    (index) => installedVersion(installed, { function: moduleFunctions[kind], index }) !== null,
  )
}

/** The started system clears the flag in any case, and schedules the module at the OTA area of its own release. */
function followOtaFlag(facts: BoardFacts, chips: BoardChips): boolean {
  if (!isOtaFlagSet(chips)) return false
  clearOtaFlag(chips)
  const area = otaAreaOf(facts.platform, chips)
  const verdict = area && validateUpdate(facts, chips, { ...area, sentBytes: null })
  if (!area || !verdict || 'error' in verdict) return false
  scheduleModule(chips, { ...area, sizeBytes: verdict.module.sizeBytes })
  return true
}

function applyTimeMs(module: FlashedModule): number {
  const pages = Math.ceil(module.sizeBytes / pageBytes)
  return module.function === moduleFunctions.bootloader ? applyMs.bootloader : applyMs.perPage * pages
}
