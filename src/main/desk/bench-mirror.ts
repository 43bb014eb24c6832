// The bench as the desk knows it, kept from what the USB process says, and given to every screen that watches.
import type { PortPath } from '../../shared/model/ids.ts'
import type { BenchFrame, SlotView, StationView } from '../../shared/model/slot.ts'
import { emptySlot } from '../station/slots/slot.ts'

export interface BenchMirror {
  station(): StationView
  slots(): readonly SlotView[]
  changeStation(change: Partial<StationView>): void
  /** Newest state of slots that changed. */
  replace(slots: readonly SlotView[]): void
  /** Another bench: so many slots, these ports, nothing known of them. */
  layOut(ports: readonly (PortPath | null)[]): void
  /** The same bench with other ports: a slot that keeps its port keeps what it shows. */
  rearrange(ports: readonly (PortPath | null)[]): void
  watch(listener: (frame: BenchFrame) => void): () => void
}

export function createBenchMirror(first: StationView): BenchMirror {
  let station = first
  let slots: readonly SlotView[] = []
  let revision = 0
  const listeners = new Set<(frame: BenchFrame) => void>()
  const tell = (changed: readonly SlotView[], full: boolean) => {
    revision += 1
    const frame: BenchFrame = { revision, full, station, slots: changed }
    for (const listener of [...listeners]) listener(frame)
  }
  const lay = (views: readonly SlotView[]) => {
    slots = views
    tell(slots, true)
  }
  return {
    station: () => station,
    slots: () => slots,
    changeStation: (change) => {
      station = { ...station, ...change }
      tell([], false)
    },
    replace: (changed) => {
      const byNumber = new Map(changed.map((view) => [view.slot, view]))
      slots = slots.map((view) => byNumber.get(view.slot) ?? view)
      tell(
        slots.filter((view) => byNumber.has(view.slot)),
        false,
      )
    },
    layOut: (ports) => lay(ports.map((port, at) => emptySlot(at + 1, port))),
    rearrange: (ports) =>
      lay(
        ports.map((port, at) => {
          const view = slots[at]
          return view && view.portPath === port ? view : emptySlot(at + 1, port)
        }),
      ),
    watch: (listener) => {
      listeners.add(listener)
      listener({ revision, full: true, station, slots })
      return () => listeners.delete(listener)
    },
  }
}
