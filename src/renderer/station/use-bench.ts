// Hooks over the mirror. Each returns a value that keeps its identity while it does not change, so a component is drawn
// again only for what it shows.
import { useSyncExternalStore } from 'react'
import type { SlotView, StationView } from '../../shared/model/slot.ts'
import type { BenchMirror } from './mirror.ts'
import { useStation } from './station-context.tsx'

/** `select` must return a primitive or a value that the mirror keeps. */
export function useBench<T>(select: (mirror: BenchMirror) => T): T {
  const { mirror } = useStation()
  return useSyncExternalStore(mirror.subscribe, () => select(mirror))
}

/** Null until the first frame. */
export function useStationView(): StationView | null {
  return useBench((mirror) => mirror.station())
}

export function useSlot(slot: number): SlotView | null {
  return useBench((mirror) => mirror.slot(slot))
}

export function useSlotNumbers(): readonly number[] {
  return useBench((mirror) => mirror.slotNumbers())
}
