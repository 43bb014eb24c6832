// What a station is told and what it tells: the whole vocabulary between the core and whoever runs it.
import type { FaultReport } from '../../shared/fault/fault.ts'
import type { DfuIdentity } from '../../shared/model/dfu-identity.ts'
import type { ResolvedRecipe } from '../../shared/model/firmware-view.ts'
import type { PortPath, RecordId } from '../../shared/model/ids.ts'
import type { JobKind } from '../../shared/model/recipe.ts'
import type { Outcome } from '../../shared/model/record.ts'
import type { SlotView } from '../../shared/model/slot.ts'

export type StationCommand =
  /** Port path of each slot, slot 1 first; null where none is learnt. */
  | { readonly kind: 'assign'; readonly ports: readonly (PortPath | null)[]; readonly learnsPorts: boolean }
  | { readonly kind: 'learn'; readonly slot: number | null }
  | { readonly kind: 'recipe'; readonly recipe: ResolvedRecipe | null }
  | { readonly kind: 'auto-start'; readonly on: boolean }
  | { readonly kind: 'operator'; readonly name: string | null }
  /** Text of the user's quirk file, already checked; empty where there is none. */
  | { readonly kind: 'quirks'; readonly text: string }
  /** After a restart: these boards had a verdict or were cut off, and get no new job until a person asks for it. */
  | { readonly kind: 'hold'; readonly boards: readonly HeldBoard[] }
  | { readonly kind: 'start'; readonly slots: readonly number[] }
  | { readonly kind: 'abort'; readonly slots: readonly number[] }

export interface HeldBoard {
  readonly slot: number
  readonly job: JobKind
  /** See board-name.ts: the device ID of a Particle board. */
  readonly name: string
  /** A DFU device in each mode that it was known in; empty for a Particle board. */
  readonly faces: readonly DfuIdentity[]
  readonly recordId: RecordId | null
  readonly outcome: Outcome
  readonly fault: FaultReport | null
  readonly durationMs: number
}

export type StationNews =
  /** Whole slots that changed, newest state of each. */
  | { readonly kind: 'slots'; readonly slots: readonly SlotView[] }
  /** A slot has got its port: worth remembering. */
  | { readonly kind: 'learnt'; readonly slot: number; readonly portPath: PortPath }
  /** Ports with a board that belong to no slot. */
  | { readonly kind: 'strays'; readonly ports: readonly PortPath[] }
