// The account of each piece of an image through a job: what was done with it and how it was proven. Kept as the job goes,
// so that a record that ends early still says what was reached.
import type { DevicePiece } from '../../../shared/model/device-plan.ts'
import type { ImageRecord } from '../../../shared/model/record.ts'

/** Reason of a piece whose writing began: the device may hold any part of it. */
export const notFinished = 'begun and not finished'

export interface ImageBook {
  records(): readonly ImageRecord[]
  entryOf(piece: DevicePiece): ImageRecord | null
  note(piece: Pick<DevicePiece, 'position'>, change: Partial<ImageRecord>): void
  /** The first piece that has no proof, or whose writing was not finished. */
  unproven(): ImageRecord | null
}

const open = { readBackSha256: null, proof: 'none', action: 'not reached', reason: null } as const

export function openImageBook(pieces: readonly DevicePiece[]): ImageBook {
  let records: readonly ImageRecord[] = pieces.map((piece) => ({ ...piece, ...open }))
  return {
    records: () => records,
    entryOf: ({ position }) => records.find((entry) => entry.position === position) ?? null,
    note: ({ position }, change) => {
      records = records.map((entry) => (entry.position === position ? { ...entry, ...change } : entry))
    },
    unproven: () => records.find(({ proof, reason }) => proof === 'none' || reason === notFinished) ?? null,
  }
}
