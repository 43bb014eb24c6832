// Progress of one operation, added up from the news of its machine.
import type { DfuNews } from './machine.ts'

/** Bytes done and bytes in all of one phase of an operation; doneBytes only rises. */
export interface DfuProgress {
  readonly phase: 'erase' | 'write' | 'read'
  readonly doneBytes: number
  readonly totalBytes: number
}
export type DfuListener = (progress: DfuProgress) => void

const phases = { erased: 'erase', written: 'write', read: 'read' } as const

/** `totals`: bytes in all of each phase, where they are known before. */
export function meter(listener: DfuListener | undefined, totals: Partial<Record<DfuNews['kind'], number>>) {
  const done = { erased: 0, written: 0, read: 0 }
  return (news: DfuNews): void => {
    done[news.kind] += news.sizeBytes
    const doneBytes = done[news.kind]
    listener?.({ phase: phases[news.kind], doneBytes, totalBytes: Math.max(totals[news.kind] ?? 0, doneBytes) })
  }
}
