// Boards of a test bench in words: what a bench file says of one kind of board, and the boards it makes.
import { type PlacedParticleBoard, parseBenchFile } from '../../src/main/sim/bench-spec.ts'
import type { PlatformName } from '../../src/shared/model/platform.ts'

/** One kind of board, as in a bench file. */
export interface BoardEntry {
  readonly platform: PlatformName
  readonly count?: number
  readonly deviceOs?: string
  /** An Electron 2 only. */
  readonly externalMegabytes?: 4 | 8
  readonly start?: 'normal' | 'dfu'
  readonly faults?: readonly string[]
  readonly protected?: boolean
}

export function placed(boards: readonly BoardEntry[]): readonly PlacedParticleBoard[] {
  const bench = parseBenchFile(JSON.stringify({ format: 'dfu-station-bench', version: 1, boards }))
  return bench.filter((each) => each.kind === 'board')
}
