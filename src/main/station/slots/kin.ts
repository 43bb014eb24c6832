// Which device of the recipe the one on this port is, once that is settled: its own program was seen, a job was begun, or it
// is held from before a restart. Its loader may have ids that other devices of the recipe have, too.
import type { SlotLife } from './slot-life.ts'
import { resetSettlesMs, type Standing } from './standing.ts'

export interface Kin {
  /** Of the entry in the recipe. */
  readonly name: string
  /** When it was last there, by the monotonic clock. */
  readonly seenAt: number
}

/** From now on, also through its resets, the device in the slot is this one. */
export function establishKin(life: SlotLife, standing: Standing): void {
  if (standing.kind === 'device') life.kin = { name: standing.target.wish.name, seenAt: life.tools.clock.monotonic() }
}

/** At the end of a part of a visit: what comes next is the same device if it comes at once, unless this one left for good. */
export function keepKin(life: SlotLife, end: 'left' | 'again'): void {
  if (end === 'left') life.kin = null
  else if (life.kin) life.kin = { ...life.kin, seenAt: life.tools.clock.monotonic() }
}

/** The name of the device that this port has, or had a moment ago. */
export function kinOf({ kin, tools }: SlotLife): string | null {
  return kin && tools.clock.monotonic() - kin.seenAt < resetSettlesMs ? kin.name : null
}
