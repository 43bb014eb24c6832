// What one simulated board is when it is taken out of its box: identity, firmware, state, defects. Specs are data; the
// bench file and the short text form both become these.
import type { BoardFacts } from './board-parts.ts'
import type { DfuStart, Protection } from './dfu/dfu-face.ts'
import type { ScriptedFault } from './faults.ts'

export interface BoardSpec {
  readonly facts: BoardFacts
  /** Device OS release in its flash at the start; null for what the factory writes. */
  readonly deviceOs: string | null
  /** Size of its external flash, where it is not that of the platform's row. */
  readonly externalMegabytes?: 4 | 8
  /** dfu: the operator held the button at power-on. */
  readonly start: 'normal' | 'dfu'
  readonly protection: Protection
  readonly faults: readonly ScriptedFault[]
  /** Where its DFU machine stands at each entry; null: one of the states a host must recover from, in turn. */
  readonly dfuStart: DfuStart | null
}
