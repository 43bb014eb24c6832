// Which port each slot of this run is. A real bench is remembered in the settings; simulated ports, and the bench of a
// run that was given a number of slots, are learnt anew each time and touch no settings.
import { type PortPath, parsePortPath } from '../../shared/model/ids.ts'
import { busOf } from './bus-of.ts'
import type { DeskOptions } from './desk.ts'
import type { SettingsFile } from './settings-file.ts'

export type Ports = readonly (PortPath | null)[]

export interface BenchPorts {
  /** Slot 1 first. */
  current(): Ports
  change(ports: Ports): void
  /** Another bus: back to what is remembered. */
  forgetRun(): void
}

export function openBenchPorts(of: {
  readonly options: Pick<DeskOptions, 'simulation' | 'slotCount'>
  readonly settings: SettingsFile
}): BenchPorts {
  const { options, settings } = of
  const isRemembered = () => options.slotCount === undefined && busOf(of).kind === 'usb'
  const remembered = (): Ports => {
    const { slotCount } = options
    if (slotCount !== undefined) return noPorts(slotCount)
    const { slots } = settings.current()
    return isRemembered() ? slots.map((port) => (port ? parsePortPath(port) : null)) : noPorts(slots.length)
  }
  let ports = remembered()
  return {
    current: () => ports,
    change: (next) => {
      if (isRemembered()) settings.change({ slots: [...next] })
      else if (options.slotCount === undefined && next.length !== ports.length) resize(settings, next.length)
      ports = next
    },
    forgetRun: () => {
      ports = remembered()
    },
  }
}

/** The bench has so many slots from now on; those that have a real port keep it. */
function resize(settings: SettingsFile, count: number): void {
  const { slots } = settings.current()
  settings.change({ slots: Array.from({ length: count }, (_, at) => slots[at] ?? null) })
}

function noPorts(count: number): Ports {
  return Array.from({ length: count }, () => null)
}
