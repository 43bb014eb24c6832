// The desk: what every door opens onto. It owns the ledger, the firmware library, the recipes and the settings, and the
// one line to the USB process. It knows no door and never loads libusb.
import type { ExportResult, FeedFrame, FeedName, Handlers, RecordFilter } from '../../shared/contract/contract.ts'
import type { Recipe } from '../../shared/model/recipe.ts'
import type { LedgerRecord } from '../../shared/model/record.ts'
import type { ForkHost } from '../host/host-process.ts'
import type { BenchOperatorOrders } from '../host/link.ts'
import type { Log } from '../station/ports.ts'
import type { PackQuestion, PackWord } from './open-pack.ts'

export interface Desk {
  readonly handlers: Handlers
  /** The first frame is the present state; then news. Returns the stop. */
  watch<N extends FeedName>(feed: N, listener: (frame: FeedFrame<N>) => void): () => void
  /** The filtered ledger as CSV or JSON Lines, in chunks, streamed. */
  exportText(format: 'csv' | 'jsonl', filter: RecordFilter): AsyncIterable<string>
  /** Called for each record that was closed, after its commit. */
  onRecord(listener: (record: LedgerRecord) => void): () => void
  /** Called once the simulated operator has no more boards to put in and the bench is empty. */
  onBenchDone(listener: () => void): () => void
  /** Chooses the recipe of a pack and hides everything else. Throws the fault of a pack that may not be used here. */
  openPack(word: PackWord): Promise<void>
  /** What a person is asked before that. Throws likewise; takes nothing. */
  askAboutPack(word: PackWord): Promise<PackQuestion>
  /** The path of a file that was made for a person, by its name; null where there is none. */
  madeFile(name: string): string | null
  /** Ends running jobs, closes their records, ends the USB process, closes the ledger. */
  close(): Promise<void>
}

export interface SimulationRun {
  /** "boron:4,photon:2,p2:2", or the text of a bench file. */
  readonly boards: string
  /** 1 is the speed of real flash, 0 has no delays. */
  readonly speed: number
  /** Who takes boards out and puts boards in; absent: nobody. */
  readonly operator?: BenchOperatorOrders
  /** Every board's flash is written here as files when the run ends. */
  readonly dumpFolder?: string
}

export interface DeskOptions {
  /** All of the station's state lives in this folder. */
  readonly dataFolder: string
  readonly forkHost: ForkHost
  readonly log: Log
  /** Simulated boards for this run only, whatever the settings say; null for what the settings say. */
  readonly simulation: SimulationRun | null
  /** So many slots for this run, ports learnt anew and not remembered; absent: the slots of the settings. */
  readonly slotCount?: number
  /** The recipe of this run, whatever the settings say; absent: the one that was chosen. */
  readonly recipe?: Recipe
  /** The pack that this recipe is of; absent: the one that was chosen, else the best that has it. */
  readonly packId?: string
  /** For this run, whatever the settings say. */
  readonly autoStart?: boolean
  /** The file whose lock stands for the real USB; absent: the one of this computer. */
  readonly usbLock?: string
  /** What a door does with an export: offer a download, or save under a path that the person chose. */
  readonly deliverExport: (format: 'csv' | 'jsonl', filter: RecordFilter) => Promise<ExportResult>
  /** What a door does with a file that was made for a person; absent: it lies where it was made. */
  readonly deliverFile?: (path: string) => Promise<ExportResult>
}
