// The bench as the screen sees it: whole slots, each a value that replaces the last one.
import type { FaultReport } from '../fault/fault.ts'
import type { BoardIdentity } from './identity.ts'
import type { PortPath, RecordId } from './ids.ts'
import type { SkippedModule, StepKind } from './plan.ts'
import type { JobKind } from './recipe.ts'
import type { ImageRecord, ModuleRecord, Outcome, StepRecord } from './record.ts'

/**
 * empty: no board. identifying: asking the board who it is. ready: identified, waiting for a start or a recipe.
 * working: a job runs. passed, failed, error, interrupted, aborted: the verdict, held until the board leaves.
 * refused: a board that no job may touch (unknown, protected, not in the recipe), with the fault. off: no port.
 */
export type SlotState =
  | 'empty'
  | 'identifying'
  | 'ready'
  | 'working'
  | 'passed'
  | 'failed'
  | 'error'
  | 'aborted'
  | 'interrupted'
  | 'refused'
  | 'off'

export interface JobProgress {
  /** 1-based position of the running step and how many there are. */
  readonly step: number
  readonly steps: number
  /** "Writing system 1": words for the operator. */
  readonly stepName: string
  readonly stepKind: StepKind
  /** Share of the whole job, 0 to 1, never falling. */
  readonly fraction: number
  readonly remainingMs: number | null
  readonly startedAt: number
}

export interface JobView {
  readonly job: JobKind
  readonly recordId: RecordId | null
  readonly recipeName: string
  /** Names of the steps in order, as `steps` reports them once they ran. */
  readonly plan: readonly string[]
  readonly skipped: readonly SkippedModule[]
  /** What else is to be known of the plan, in sentences. */
  readonly notes: readonly string[]
  readonly progress: JobProgress | null
  readonly steps: readonly StepRecord[]
  readonly modules: readonly ModuleRecord[]
  /** Of a device that is no Particle board; empty elsewhere. */
  readonly images: readonly ImageRecord[]
  /** bcdDevice of its program when the job began, as text; null where that did not run, and for Particle boards. */
  readonly revisionBefore: string | null
  readonly outcome: Outcome | null
  readonly fault: FaultReport | null
  readonly durationMs: number | null
}

export interface LogLine {
  readonly at: number
  readonly text: string
}

export interface SlotView {
  readonly slot: number
  readonly portPath: PortPath | null
  readonly state: SlotState
  readonly board: BoardIdentity | null
  readonly job: JobView | null
  readonly fault: FaultReport | null
  /** Why a board that is ready is not started by itself: its loader's ids do not say which product it is. */
  readonly question: string | null
  /** What is in the port and no board of any recipe: a mouse, a disk. Named, and left alone. */
  readonly bystander: string | null
  /** The verdict of the board before, kept as a small stamp. */
  readonly last: { readonly outcome: Outcome; readonly name: string; readonly endedAt: number } | null
  /** The last lines of this visit, oldest first. */
  readonly log: readonly LogLine[]
}

/** Verdicts of this run of the station, whatever kind of job gave them. */
export interface BenchTally {
  readonly pass: number
  readonly fail: number
  readonly error: number
}

/** Everything the bench screen needs besides the slots. */
export interface StationView {
  readonly stationId: string
  readonly softwareVersion: string
  readonly recipeName: string | null
  /** What must be shown beside the recipe wherever it is shown: it is unsigned, altered, or may not run here. */
  readonly recipeWarning: string | null
  /** Why the user's quirk file is not in force; null when it is, or when there is none. */
  readonly quirkWarning: string | null
  /** The name of the pack that the station is opened on, with everything else hidden. */
  readonly focus: string | null
  readonly isSimulated: boolean
  readonly autoStart: boolean
  /** Who works here now, as it goes into each record; null when nobody said. */
  readonly operator: string | null
  /** Ports with a board that no slot has room for. */
  readonly strayPorts: readonly PortPath[]
  /** The slot that waits for a board to be plugged in, so that its port is learnt. */
  readonly learningSlot: number | null
  /** False while the USB process restarts; with it the reason. */
  readonly usb: { readonly up: true } | { readonly up: false; readonly fault: FaultReport }
  readonly tally: BenchTally
  /** Set when the last start found jobs that had been cut off: how many records were closed as interrupted. */
  readonly closedAtStart: number
}

/**
 * One message of the bench feed. The first frame, and any frame after a gap, is full; the rest replace whole slots.
 * Revisions rise by one.
 */
export interface BenchFrame {
  readonly revision: number
  readonly full: boolean
  readonly station: StationView
  readonly slots: readonly SlotView[]
}
