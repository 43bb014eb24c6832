// What the simulator holds to be true of a platform: its times, as its own tables have them, for the walk to set beside
// what was measured. null where no such board is simulated.
import type { SimPlatform } from '../../src/main/sim/board-parts.ts'
import { memoryKindOf } from '../../src/main/sim/dfu/dfu-memory.ts'
import { layouts, type PlatformLayout } from '../../src/main/sim/layouts.ts'
import { bootMs, eraseTimeMs, pauses, programTimeMs, wireTimeMs } from '../../src/main/sim/timings.ts'
import type { PlatformName } from '../../src/shared/model/platform.ts'

export const blockBytes = 4096
const statusBytes = 6

export interface TimeModel {
  readonly layout: PlatformLayout
  /** Sectors of the user region. */
  readonly sectorBytes: number
  readonly eraseMs: number
  readonly eraseBlankMs: number
  /** Programming one block, with the two GETSTATUS that it takes. */
  readonly programMs: number
  /** One block over the wire, either way. */
  readonly blockMs: number
  readonly statusMs: number
  readonly requestToResetMs: number
  readonly resetToDfuMs: number
  readonly leaveToResetMs: number
  readonly resetToNormalMs: number
  readonly modemMs: number
}

export function timeModelOf(platform: PlatformName): TimeModel | null {
  if (!isSimulated(platform)) return null
  const layout = layouts[platform]
  const kind = memoryKindOf(layout.family)
  const sectorBytes = layout.internal.sectors.at(-1)?.sizeBytes ?? blockBytes
  const statusMs = wireTimeMs(statusBytes)
  return {
    layout,
    sectorBytes,
    eraseMs: eraseTimeMs(kind, sectorBytes, false) + 2 * statusMs,
    eraseBlankMs: eraseTimeMs(kind, sectorBytes, true) + 2 * statusMs,
    programMs: programTimeMs(kind, blockBytes) + 2 * statusMs,
    blockMs: wireTimeMs(blockBytes),
    statusMs,
    requestToResetMs: pauses.requestToResetMs,
    resetToDfuMs: layout.dfuEnumerationMs,
    leaveToResetMs: pauses.leaveToResetMs,
    resetToNormalMs: bootMs.normal,
    modemMs: pauses.modemOnMs,
  }
}

function isSimulated(platform: PlatformName): platform is SimPlatform {
  return platform in layouts
}
