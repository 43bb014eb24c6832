// Ports that were taken from their slots while a board was there. A bench that learns its ports by itself must not learn
// them again at once: who forgets a port does not want the board in it flashed.
import type { PortPath } from '../../../shared/model/ids.ts'
import type { Clock } from '../ports.ts'

export interface ForgottenPorts {
  forget(portPath: PortPath, isBoardThere: boolean): void
  /** The port has a slot again. */
  recall(portPath: PortPath): void
  left(portPath: PortPath): void
  /** Asked at an arrival, or for a board that is there: true until the board has been away for longer than a reset. */
  isForgotten(portPath: PortPath): boolean
}

/** A board that is back this soon has reset itself, and was not taken out. */
const resetSettlesMs = 4_000

export function openForgottenPorts(clock: Clock): ForgottenPorts {
  /** When the board left; null while it is there. */
  const forgotten = new Map<PortPath, number | null>()
  return {
    forget: (portPath, isBoardThere) => {
      forgotten.set(portPath, isBoardThere ? null : clock.monotonic())
    },
    recall: (portPath) => {
      forgotten.delete(portPath)
    },
    left: (portPath) => {
      if (forgotten.has(portPath)) forgotten.set(portPath, clock.monotonic())
    },
    isForgotten: (portPath) => {
      const leftAt = forgotten.get(portPath)
      if (leftAt === undefined) return false
      const isStill = leftAt === null || clock.monotonic() - leftAt < resetSettlesMs
      if (isStill) forgotten.set(portPath, null)
      else forgotten.delete(portPath)
      return isStill
    },
  }
}
