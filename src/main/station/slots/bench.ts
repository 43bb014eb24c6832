// The bench: which port is which slot, and every arrival to the worker of its slot. Ports that nobody knows take the
// next free slot where the bench learns by itself, and the asked-for slot where a person is assigning.
import { Fault } from '../../../shared/fault/fault.ts'
import type { PortPath } from '../../../shared/model/ids.ts'
import type { SlotView } from '../../../shared/model/slot.ts'
import type { StationCommand } from '../station-command.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { SlotWorker, type WorkerTools } from './slot-worker.ts'

export interface BenchTools extends WorkerTools {
  learnt(slot: number, portPath: PortPath): void
  strays(ports: readonly PortPath[]): void
}

export interface Bench {
  slots(): readonly SlotView[]
  arrived(device: UsbDevice): void
  left(device: UsbDevice): void
  reconsider(): void
  dispatch(command: BenchCommand): void
  /** Aborts what runs and waits until its records are closed. */
  end(): Promise<void>
}

type BenchCommand = Extract<StationCommand, { kind: 'assign' | 'learn' | 'hold' | 'start' | 'abort' }>

interface BenchState {
  readonly tools: BenchTools
  /** Slot n is entry n - 1, in both: the port each slot shall have, and its worker, which may still be moving there. */
  ports: readonly (PortPath | null)[]
  workers: readonly SlotWorker[]
  readonly devices: Map<PortPath, UsbDevice>
  learnsPorts: boolean
  learningSlot: number | null
  /** Moves of workers run one after another. */
  moving: Promise<void>
}

export function createBench(tools: BenchTools): Bench {
  const bench: BenchState = {
    tools,
    ports: [],
    workers: [],
    devices: new Map(),
    learnsPorts: false,
    learningSlot: null,
    moving: Promise.resolve(),
  }
  return {
    slots: () => bench.workers.map((worker) => worker.view),
    arrived: (device) => {
      bench.devices.set(device.portPath, device)
      place(bench, device)
    },
    left: (device) => {
      if (bench.devices.get(device.portPath) === device) bench.devices.delete(device.portPath)
      workerAt(bench, device.portPath)?.left(device)
      tellStrays(bench)
    },
    reconsider: () => {
      for (const worker of bench.workers) worker.reconsider()
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
  const free = bench.learnsPorts ? bench.ports.indexOf(null) : -1
  if (bench.learningSlot !== null) {
    give(bench, bench.learningSlot, portPath)
    bench.learningSlot = null
  } else if (bench.ports.includes(portPath)) {
    workerAt(bench, portPath)?.arrived(device)
  } else if (free >= 0) {
    give(bench, free + 1, portPath)
  } else {
    tellStrays(bench)
  }
}

/** The port goes to this slot, away from any other that had it. */
function give(bench: BenchState, slot: number, portPath: PortPath): void {
  const ports = bench.ports.map((port, at) => {
    if (at === slot - 1) return portPath
    return port === portPath ? null : port
  })
  assign(bench, ports)
  bench.tools.learnt(slot, portPath)
}

function assign(bench: BenchState, ports: readonly (PortPath | null)[]): void {
  const surplus = bench.workers.slice(ports.length)
  const kept = bench.workers.slice(0, ports.length)
  bench.ports = ports
  bench.workers = ports.map((_, at) => kept[at] ?? new SlotWorker(at + 1, bench.tools))
  const workers = bench.workers
  bench.moving = bench.moving.then(async () => {
    await Promise.all(surplus.map((worker) => worker.end()))
    // First every port that is given up, then every port that is taken: two slots may exchange theirs.
    await Promise.all(workers.map((worker, at) => (worker.portPath === ports[at] ? null : worker.assign(null))))
    await Promise.all(workers.map((worker, at) => settle(bench, worker, ports[at] ?? null)))
    tellStrays(bench)
  })
}

async function settle(bench: BenchState, worker: SlotWorker, portPath: PortPath | null): Promise<void> {
  bench.tools.changed(worker.view)
  if (worker.portPath === portPath) return
  await worker.assign(portPath)
  const device = portPath ? bench.devices.get(portPath) : undefined
  if (device) worker.arrived(device)
}

function dispatch(bench: BenchState, command: BenchCommand): void {
  if (command.kind === 'assign') {
    bench.learnsPorts = command.learnsPorts
    assign(bench, command.ports)
    placeStrays(bench)
  } else if (command.kind === 'learn') {
    bench.learningSlot = command.slot
  } else if (command.kind === 'hold') {
    for (const held of command.boards) bench.workers[held.slot - 1]?.hold(held)
  } else {
    for (const slot of command.slots) {
      const worker = bench.workers[slot - 1]
      if (command.kind === 'start') worker?.start()
      else worker?.abort(new Fault('JOB_ABORTED', 'stopped at the station'))
    }
  }
}

/** Boards that were there before their slot was. */
function placeStrays(bench: BenchState): void {
  for (const device of bench.devices.values()) {
    if (!bench.ports.includes(device.portPath)) place(bench, device)
  }
}

function tellStrays(bench: BenchState): void {
  bench.tools.strays([...bench.devices.keys()].filter((port) => !bench.ports.includes(port)))
}
