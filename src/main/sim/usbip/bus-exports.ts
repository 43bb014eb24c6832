// Which devices of a simulated bus may be taken, and who has them: each is one host's at a time, from import to the end
// of its connection or of its visit to the bus, whichever comes first.
import { Fault } from '../../../shared/fault/fault.ts'
import type { UsbDevice } from '../../station/usb/usb-port.ts'
import type { SimulatedBus } from '../simulated-bus.ts'
import { visitOf } from '../simulated-device.ts'
import type { Visit } from '../visit.ts'
import { listedDevice } from './listed-device.ts'
import { type ListedDevice, mostBusIdLength } from './operations.ts'
import { type ServedDevice, serveVisit } from './served-device.ts'

export interface TakenDevice {
  readonly device: ServedDevice
  readonly listed: ListedDevice
  /** Aborts when the board leaves the bus: unplugged, or reset. */
  readonly left: AbortSignal
  /** The host is gone: the device is reset, and another host may have it. */
  giveBack(): Promise<void>
}

/** Disposed of, it has nothing more to give, and what was taken leaves its host. */
export interface BusExports extends Disposable {
  /** What a host may take now. */
  free(): readonly ListedDevice[]
  take(busId: string): TakenDevice | 'busy' | 'absent'
}

interface Exported {
  readonly visit: Visit
  readonly listed: ListedDevice
  readonly left: AbortController
}

/** Bus IDs that a host has, or has not let go of yet. */
type Held = Set<string>

export function exportBus(bus: SimulatedBus): BusExports {
  const exported = new Map<UsbDevice, Exported>()
  const held: Held = new Set()
  const add = (device: UsbDevice) => {
    const entry = exportedDevice(device)
    if (entry) exported.set(device, entry)
  }
  for (const device of bus.devices()) add(device)
  const stop = bus.watch(({ kind, device }) => {
    if (kind === 'arrived') {
      add(device)
      return
    }
    exported.get(device)?.left.abort()
    exported.delete(device)
  })
  return {
    free: () =>
      [...exported.values()]
        .flatMap(({ listed }) => (held.has(listed.busId) ? [] : [listed]))
        .sort((a, b) => a.busId.localeCompare(b.busId, 'en', { numeric: true })),
    take: (busId) => {
      const entry = [...exported.values()].find(({ listed }) => listed.busId === busId)
      if (!entry) return 'absent'
      return held.has(busId) ? 'busy' : taken(entry, held)
    },
    [Symbol.dispose]: () => {
      stop()
      for (const { left } of exported.values()) left.abort()
      exported.clear()
    },
  }
}

function exportedDevice(device: UsbDevice): Exported | null {
  const { portPath, deviceAddress } = device
  if (portPath.length > mostBusIdLength) throw new Fault('CALL_REJECTED', `${portPath} is too long for a USB/IP bus ID`)
  const visit = visitOf(device)
  if (!visit) return null
  const listed = listedDevice({ portPath, deviceAddress, descriptors: visit.descriptors })
  return { visit, listed, left: new AbortController() }
}

function taken({ visit, listed, left }: Exported, held: Held): TakenDevice {
  held.add(listed.busId)
  return {
    device: serveVisit(visit),
    listed,
    left: left.signal,
    giveBack: async () => {
      if (!left.signal.aborted) await visit.busReset()
      held.delete(listed.busId)
    },
  }
}
