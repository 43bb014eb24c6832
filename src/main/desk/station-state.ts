// Everything the desk has at hand, as its handlers share it. Made once by create-desk.ts.
import type { ImportProgress, ResolvedRecipe } from '../../shared/model/firmware-view.ts'
import type { Ledger } from '../audit/ledger.ts'
import type { FirmwareLibrary } from '../station/firmware/library-model.ts'
import type { Clock, Log } from '../station/ports.ts'
import type { StationCommand } from '../station/station-command.ts'
import type { BenchMirror } from './bench-mirror.ts'
import type { BenchPorts } from './bench-ports.ts'
import type { DataFolder } from './data-folder.ts'
import type { DeskOptions } from './desk.ts'
import type { InTurn } from './in-turn.ts'
import type { PackKeys } from './pack-keys.ts'
import type { PackShelf } from './pack-shelf.ts'
import type { RecipeShelf } from './recipe-shelf.ts'
import type { RecordKeeper } from './record-keeper.ts'
import type { SettingsFile } from './settings-file.ts'
import type { WatchedFolder } from './watched-folder.ts'

export interface StationState {
  readonly options: DeskOptions
  readonly folder: DataFolder
  readonly settings: SettingsFile
  readonly ledger: Ledger
  /** Every record that a job opens and closes goes through here. */
  readonly records: RecordKeeper
  readonly library: FirmwareLibrary
  readonly recipes: RecipeShelf
  /** The chosen recipe as it was last worked out: what a new USB process begins with. */
  readonly resolved: { recipe: ResolvedRecipe | null }
  /** Working a recipe out takes turns: what was chosen last is told last. */
  readonly inRecipeTurn: InTurn
  readonly ports: BenchPorts
  readonly packs: PackShelf
  readonly keys: PackKeys
  readonly watched: WatchedFolder
  readonly tellPacks: () => void
  /** Aborts when the desk closes. */
  readonly ending: AbortSignal
  readonly mirror: BenchMirror
  readonly clock: Clock
  readonly log: Log
  readonly tellImport: (progress: ImportProgress) => void
  /** To the USB process; dropped while there is none, which is told everything when it starts. */
  readonly command: (command: StationCommand) => void
  /** Ends the USB process and starts one on this bus. */
  readonly restartUsb: () => Promise<void>
}
