// The bench: every arrival to the worker of its slot, every command to the slots it names. Ports that nobody knows take
// the next free slot where the bench learns by itself, and the asked-for slot where a person is assigning.
import { assertNever, Fault } from '../../../shared/fault/fault.ts'
import type { PortPath } from '../../../shared/model/ids.ts'
import type { SlotView } from '../../../shared/model/slot.ts'
import type { StationCommand } from '../station-command.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { assignPorts, type BenchPorts, type BenchState, tellStrays } from './bench-state.ts'
import { openForgottenPorts } from './forgotten-ports.ts'
import type { SlotWorker } from './slot-worker.ts'
import { isBoardHere } from './standing.ts'
import { openTwinBook } from './twin-book.ts'

export interface Bench {
  slots(): readonly SlotView[]
  arrived(device: UsbDevice): void
  left(device: UsbDevice): void
  /** The recipe, the quirks or the way of starting have changed. */
  reconsider(): void
  dispatch(command: BenchCommand): void
  /** Aborts what runs and waits until its records are closed. */
  end(): Promise<void>
}

type BenchCommand = Extract<StationCommand, { kind: 'assign' | 'learn' | 'hold' | 'start' | 'abort' }>

export function createBench(ports: BenchPorts): Bench {
  const twinsChanged = () => {
    for (const worker of bench.workers) worker.lookForTwins()
  }
  const tools = { ...ports, twins: openTwinBook(), twinsChanged }
  const bench: BenchState = {
    tools,
    ports: [],
    workers: [],
    devices: new Map(),
    learnsPorts: false,
    learningSlot: null,
    forgotten: openForgottenPorts(tools.clock),
    moving: Promise.resolve(),
    toldStrays: [],
  }
  return {
    slots: () => bench.workers.map((worker) => worker.view),
    arrived: (device) => {
      bench.devices.set(device.portPath, device)
      place(bench, device)
    },
    left: (device) => {
      if (bench.devices.get(device.portPath) === device) bench.devices.delete(device.portPath)
      bench.forgotten.left(device.portPath)
      workerAt(bench, device.portPath)?.left(device)
      tellStrays(bench)
    },
    reconsider: () => {
      for (const worker of bench.workers) worker.reconsider()
      placeNamed(bench)
    },
    dispatch: (command) => dispatch(bench, command),
    end: async () => {
      await bench.moving
      await Promise.all(bench.workers.map((worker) => worker.end()))
    },
  }
}

/** The worker that is on this port already; one that still moves there will look by itself. */
function workerAt(bench: BenchState, portPath: PortPath): SlotWorker | undefined {
  return bench.workers.find((worker) => worker.portPath === portPath)
}

function place(bench: BenchState, device: UsbDevice): void {
  const { portPath } = device
  if (!isBoardHere(device, bench.tools)) {
    // On a slot it is shown for what it is; no slot is given to it, and nobody is told of it elsewhere.
    workerAt(bench, portPath)?.arrived(device)
    return
  }
  const learner = bench.learningSlot
  if (learner !== null && !isWorking(bench, learner) && !isReturning(bench, portPath)) {
    give(bench, learner, portPath)
    bench.learningSlot = null
  } else if (bench.ports.includes(portPath)) {
    workerAt(bench, portPath)?.arrived(device)
  } else {
    placeFree(bench, portPath)
  }
}

/** A board on a port of no slot: it gets one where the bench learns by itself, or it is told as a stray. */
function placeFree(bench: BenchState, portPath: PortPath): void {
  const free = bench.learnsPorts && !bench.forgotten.isForgotten(portPath) ? bench.ports.indexOf(null) : -1
  if (free >= 0) give(bench, free + 1, portPath)
  else tellStrays(bench)
}

/** Another recipe may name what stood aside, and no longer name what was a stray. Nobody plugged anything in. */
function placeNamed(bench: BenchState): void {
  for (const device of bench.devices.values()) {
    const isAside = !bench.ports.includes(device.portPath)
    if (isAside && isBoardHere(device, bench.tools)) placeFree(bench, device.portPath)
  }
  tellStrays(bench)
}

/** A board that resets itself comes back to a slot that still has it: nobody plugged it in. */
function isReturning(bench: BenchState, portPath: PortPath): boolean {
  const state = workerAt(bench, portPath)?.view.state
  return state !== undefined && state !== 'empty' && state !== 'off'
}

/** A job is never ended by learning: the slot learns from the next board after it. */
function isWorking(bench: BenchState, slot: number): boolean {
  return workersOf(bench, [slot])[0]?.view.state === 'working'
}

function forgetPorts(bench: BenchState, wanted: readonly (PortPath | null)[]): void {
  for (const portPath of bench.ports) {
    if (!portPath || wanted.includes(portPath)) continue
    const device = bench.devices.get(portPath)
    const isThere = device !== undefined && isBoardHere(device, bench.tools)
    if (isThere || isReturning(bench, portPath)) bench.forgotten.forget(portPath, isThere)
  }
  for (const portPath of wanted) if (portPath) bench.forgotten.recall(portPath)
}

/** The port goes to this slot, away from any other that had it. */
function give(bench: BenchState, slot: number, portPath: PortPath): void {
  const ports = bench.ports.map((port, at) => {
    if (at === slot - 1) return portPath
    return port === portPath ? null : port
  })
  bench.forgotten.recall(portPath)
  assignPorts(bench, ports)
  bench.tools.learnt(slot, portPath)
}

function dispatch(bench: BenchState, command: BenchCommand): void {
  switch (command.kind) {
    case 'assign':
      bench.learnsPorts = command.learnsPorts
      forgetPorts(bench, command.ports)
      assignPorts(bench, command.ports)
      bench.learningSlot = existing(bench, bench.learningSlot)
      placeStrays(bench)
      break
    case 'learn':
      bench.learningSlot = existing(bench, command.slot)
      break
    case 'hold':
      for (const held of command.boards) workersOf(bench, [held.slot])[0]?.hold(held)
      break
    case 'start':
      for (const worker of workersOf(bench, command.slots)) worker.start()
      break
    case 'abort':
      for (const worker of workersOf(bench, command.slots)) worker.abort(stopped())
      break
    default:
      assertNever(command)
  }
}

function workersOf(bench: BenchState, slots: readonly number[]): readonly SlotWorker[] {
  return slots.flatMap((slot) => bench.workers[slot - 1] ?? [])
}

/** A slot that the bench does not have cannot learn. */
function existing(bench: BenchState, slot: number | null): number | null {
  return slot !== null && workersOf(bench, [slot]).length > 0 ? slot : null
}

function stopped(): Fault {
  return new Fault('JOB_ABORTED', 'stopped at the station')
}

/** Boards that were there before their slot was. */
function placeStrays(bench: BenchState): void {
  for (const device of bench.devices.values()) {
    if (!bench.ports.includes(device.portPath)) place(bench, device)
  }
}
