// What of the station decides about one slot, drawn anew only when it changes.
import { useBench } from '../../station/use-bench.ts'
import { type SlotSurroundings, surroundingsOf } from './hands.ts'

export function useSurroundings(slot: number): SlotSurroundings {
  return {
    hasRecipe: useBench((mirror) => surroundingsOf(mirror, slot).hasRecipe),
    autoStart: useBench((mirror) => surroundingsOf(mirror, slot).autoStart),
    isLearning: useBench((mirror) => surroundingsOf(mirror, slot).isLearning),
    failedBefore: useBench((mirror) => surroundingsOf(mirror, slot).failedBefore),
    isUntrusted: useBench((mirror) => surroundingsOf(mirror, slot).isUntrusted),
  }
}
