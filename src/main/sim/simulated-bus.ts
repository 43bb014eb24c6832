// A USB bus with simulated boards: ports that boards are plugged into and taken out of, devices that come and go. Ports
// do not share bandwidth (multi-TT hubs), so boards do not wait for each other.
import { Fault } from '../../shared/fault/fault.ts'
import type { PortPath } from '../../shared/model/ids.ts'
import type { Clock } from '../station/ports.ts'
import type { UsbBus, UsbDevice, UsbEvent } from '../station/usb/usb-port.ts'
import type { SimulatedDfuDevice } from './generic/dfu-device.ts'
import type { BoardPort } from './power.ts'
import type { SimulatedBoard } from './simulated-board.ts'
import { createSimulatedDevice } from './simulated-device.ts'

/** What a port can hold. */
export type Occupant = SimulatedBoard | SimulatedDfuDevice

export interface BoardInPort {
  readonly portPath: PortPath
  readonly board: SimulatedBoard
}

export interface InPort {
  readonly portPath: PortPath
  readonly occupant: Occupant
}

export interface SimulatedBus extends UsbBus {
  /** Powers the board in this port. Throws CALL_REJECTED when the port or the board is taken. */
  plug(portPath: PortPath, board: Occupant): void
  /** Takes out what is in the port; null when it is empty. */
  unplug(portPath: PortPath): Occupant | null
  /** Particle boards that are in a port, enumerated or not. */
  boards(): readonly BoardInPort[]
  /** Everything that is in a port, enumerated or not. */
  occupants(): readonly InPort[]
  /** Ports that hold anything, in the order in which they were filled. */
  takenPorts(): readonly PortPath[]
}

export interface BusOptions {
  readonly clock: Clock
  /** 1: real time; 10: ten times as fast; 0: nothing takes any time. */
  readonly speed: number
}

interface Bus extends BusOptions {
  readonly ports: Map<PortPath, Occupant>
  readonly devices: Map<PortPath, UsbDevice>
  readonly listeners: Set<(event: UsbEvent) => void>
  nextAddress: number
}

export function createSimulatedBus(options: BusOptions): SimulatedBus {
  if (!(options.speed >= 0)) throw new Fault('CALL_REJECTED', `speed must be 0 or more, not ${options.speed}`)
  const bus: Bus = { ...options, ports: new Map(), devices: new Map(), listeners: new Set(), nextAddress: 2 }
  return {
    devices: () => [...bus.devices.values()],
    watch: (listener) => {
      bus.listeners.add(listener)
      return () => bus.listeners.delete(listener)
    },
    boards: () => [...bus.ports].flatMap(([portPath, board]) => (board.kind === 'board' ? [{ portPath, board }] : [])),
    occupants: () => [...bus.ports].map(([portPath, occupant]) => ({ portPath, occupant })),
    takenPorts: () => [...bus.ports.keys()],
    plug: (portPath, board) => plug(bus, portPath, board),
    unplug: (portPath) => unplug(bus, portPath),
    [Symbol.asyncDispose]: async () => {
      bus.listeners.clear()
      for (const portPath of [...bus.ports.keys()]) unplug(bus, portPath)
    },
  }
}

function plug(bus: Bus, portPath: PortPath, board: Occupant): void {
  if (bus.ports.has(portPath)) throw new Fault('CALL_REJECTED', `port ${portPath} already holds a board`)
  if (board.mode() !== 'unplugged') throw new Fault('CALL_REJECTED', `${nameOf(board)} is plugged in`)
  bus.ports.set(portPath, board)
  board.plug(portOf(bus, portPath))
}

function nameOf(board: Occupant): string {
  return board.kind === 'board' ? `board ${board.facts().deviceId}` : `device ${board.spec.serialNumber}`
}

function unplug(bus: Bus, portPath: PortPath): Occupant | null {
  const board = bus.ports.get(portPath) ?? null
  bus.ports.delete(portPath)
  board?.unplug()
  return board
}

function portOf(bus: Bus, portPath: PortPath): BoardPort {
  return {
    clock: bus.clock,
    speed: bus.speed,
    dropped: () => void unplug(bus, portPath),
    arrived: (visit) => {
      const isPresent = () => bus.devices.get(portPath) === device
      const device = createSimulatedDevice({ portPath, deviceAddress: takeAddress(bus), visit, isPresent })
      bus.devices.set(portPath, device)
      tell(bus, { kind: 'arrived', device })
    },
    left: () => {
      const device = bus.devices.get(portPath)
      bus.devices.delete(portPath)
      if (device) tell(bus, { kind: 'left', device })
    },
  }
}

/** Addresses go round from 2 to 127, as a host controller gives them out. */
function takeAddress(bus: Bus): number {
  const address = bus.nextAddress
  bus.nextAddress = address >= 127 ? 2 : address + 1
  return address
}

function tell(bus: Bus, event: UsbEvent): void {
  for (const listener of [...bus.listeners]) listener(event)
}
