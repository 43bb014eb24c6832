// Everything the desk has at hand, as its handlers share it. Made once by create-desk.ts.
import type { ImportProgress, ResolvedRecipe } from '../../shared/model/firmware-view.ts'
import type { Ledger } from '../audit/ledger.ts'
import type { BusChoice } from '../host/link.ts'
import type { FirmwareLibrary } from '../station/firmware/library-model.ts'
import type { Clock, Log } from '../station/ports.ts'
import type { StationCommand } from '../station/station-command.ts'
import type { BenchMirror } from './bench-mirror.ts'
import type { DataFolder } from './data-folder.ts'
import type { DeskOptions } from './desk.ts'
import type { RecipeShelf } from './recipe-shelf.ts'
import type { SettingsFile } from './settings-file.ts'

export interface StationState {
  readonly options: DeskOptions
  readonly folder: DataFolder
  readonly settings: SettingsFile
  readonly ledger: Ledger
  readonly library: FirmwareLibrary
  readonly recipes: RecipeShelf
  /** The chosen recipe as it was last worked out: what a new USB process begins with. */
  readonly resolved: { recipe: ResolvedRecipe | null }
  readonly mirror: BenchMirror
  readonly clock: Clock
  readonly log: Log
  readonly tellImport: (progress: ImportProgress) => void
  /** To the USB process; dropped while there is none, which is told everything when it starts. */
  readonly command: (command: StationCommand) => void
  /** Ends the USB process and starts one on this bus. */
  readonly restartUsb: () => Promise<void>
}

/** A practice bench: verdicts stay long enough to be read. */
const endless = { boardsInAll: 0, holdMs: 6_000 } as const

/** Simulated boards where this run or the settings ask for them, else real USB. */
export function busOf(state: Pick<StationState, 'options' | 'settings'>): BusChoice {
  const { simulation } = state.options
  const saved = state.settings.current().simulation
  if (simulation) {
    const { boards, speed, operator = null, dumpFolder = null } = simulation
    return { kind: 'simulated', boards, speed, operator, dumpFolder }
  }
  if (!saved.on) return { kind: 'usb' }
  return { kind: 'simulated', boards: saved.boards, speed: saved.speed, operator: endless, dumpFolder: null }
}
