// What a visit in DFU must remember between operations: which memory is selected, which state the board was left in,
// which sectors are erased. The machines read and change it; a thrown fault makes the phase unknown again.
import type { ErasedSectors } from './erased-sectors.ts'
import type { DfuFamily } from './families.ts'

/** unknown: anything; the next operation goes home first. left: the board was told to leave, nothing may be sent. */
export type DfuPhase = 'unknown' | 'idle' | 'download' | 'upload' | 'left'

export interface SessionState {
  /** Of a loader it changes once: when it has told which protocol it speaks. */
  family: DfuFamily
  /** Bytes of one full block. */
  readonly blockBytes: number
  readonly erased: ErasedSectors
  phase: DfuPhase
  /** Memories and purposes at which the board was seen to answer its second GETSTATUS when it was done, having named no time. */
  readonly promptAt: Set<string>
  /** Answers that a busy device stalled and that were asked for again: what it hid behind them, only reading back tells. */
  bornStalls: number
  /** The alternate setting chosen by SET_INTERFACE, null before the first. */
  alternate: number | null
}
