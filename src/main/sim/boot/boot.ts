// A reset, from the first instruction to the mode the board shows on USB: the bootloader applies a scheduled module and
// judges the system parts, the started system looks for the OTA flag and judges the user part. All by the bytes in the
// chips. Appendix A of our USB notes lists the rules.
import type { BoardChips, BoardFacts, BootMode, BootResult, BootWish, SimPlatform } from '../board-parts.ts'
import { applyMs, bootMs } from '../timings.ts'
import { applyUpdate } from './apply-update.ts'
import { since } from './device-os-eras.ts'
import { type Installed, readInstalled, systemVersionOf } from './installed-modules.ts'
import { areMet, installedVersion, modulesOf } from './judge-modules.ts'
import { memoryMapOf, moduleFunctions } from './memory-map.ts'
import { otaAreaOf } from './ota-area.ts'
import { clearOtaFlag, isOtaFlagSet, takeScheduled } from './pending-update.ts'
import type { FlashedModule } from './read-module.ts'
import { takeUpdate } from './take-update.ts'
import { validateUpdate } from './validate-update.ts'

const otaFlagDelayMs = 100
const pageBytes = 0x1000

/** Boots the board. Changes its chips: applies a pending update, clears the notes in the DCT. */
export function boot(facts: BoardFacts, chips: BoardChips, wish: BootWish = {}): BootResult {
  if (isBricked(facts, chips)) {
    return { mode: 'dfu', resetsAgain: false, durationMs: bootMs.dfu, isBricked: true }
  }
  const applied = takeScheduled(chips).flatMap((pending) => applyUpdate(facts, chips, pending) ?? [])
  if (applied.length > 0) {
    const durationMs = applied.reduce((sum, module) => sum + applyTimeMs(module), 0)
    return { mode: judge(facts, chips, wish), resetsAgain: true, durationMs }
  }
  const mode = judge(facts, chips, wish)
  const taken = mode === 'dfu' ? null : followOtaFlag(facts, chips)
  return { mode, resetsAgain: taken !== null, durationMs: bootMs[mode] + (taken?.durationMs ?? 0) }
}

/** True without an intact bootloader: nothing enumerates any more, whatever button is held. */
export function isBricked({ platform }: BoardFacts, chips: BoardChips): boolean {
  return !hasAll(platform, readInstalled(platform, chips), 'bootloader')
}

function judge(facts: BoardFacts, chips: BoardChips, wish: BootWish): BootMode {
  const installed = readInstalled(facts.platform, chips)
  if (!hasAll(facts.platform, installed, 'system') || !hasNamedParts(installed)) return 'dfu'
  const isWhole = installed.modules.every((module) => module.isIntact && areMet(installed, module.dependencies))
  const hasUser = modulesOf(installed, moduleFunctions.user).length > 0
  return isWhole && hasUser && !wish.safeMode ? 'normal' : 'safe'
}

/** Every system part that another one asks for: the third of an Electron, which its two-part era did without. */
function hasNamedParts(installed: Installed): boolean {
  const wanted = modulesOf(installed, moduleFunctions.system).flatMap(({ dependencies }) => dependencies)
  const parts = wanted.filter((one) => one.function === moduleFunctions.system)
  return parts.every((part) => installedVersion(installed, part) !== null)
}

function hasAll(platform: SimPlatform, installed: Installed, kind: 'system' | 'bootloader'): boolean {
  return memoryMapOf(platform).needed[kind].every(
    (index) => installedVersion(installed, { function: moduleFunctions[kind], index }) !== null,
  )
}

/**
 * The started system clears the flag in any case, and takes what lies at the OTA area of its own release as it takes an
 * update. Releases before the flag leave it where it is.
 */
function followOtaFlag(facts: BoardFacts, chips: BoardChips): { readonly durationMs: number } | null {
  if (!isOtaFlagSet(chips) || (systemVersionOf(facts.platform, chips) ?? 0) < since.otaFlag) return null
  clearOtaFlag(chips)
  const area = otaAreaOf(facts.platform, chips)
  const verdict = area && validateUpdate({ facts, chips }, area)
  const taken = verdict && 'modules' in verdict ? takeUpdate({ facts, chips }, verdict.modules) : null
  taken?.finish()
  return taken && { durationMs: taken.durationMs + otaFlagDelayMs }
}

function applyTimeMs(module: FlashedModule): number {
  const pages = Math.ceil(module.sizeBytes / pageBytes)
  return module.function === moduleFunctions.bootloader ? applyMs.bootloader : applyMs.perPage * pages
}
