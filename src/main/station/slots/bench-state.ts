// Which port is which slot, and the workers on their way there. A move stops what runs on the old port first, so moves
// run one after another while the wishes are known at once.
import type { PortPath } from '../../../shared/model/ids.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import type { ForgottenPorts } from './forgotten-ports.ts'
import type { WorkerTools } from './slot-life.ts'
import { SlotWorker } from './slot-worker.ts'
import { isBoardHere } from './standing.ts'

/** What a bench is made with; who is whose twin it finds out itself. */
export type BenchPorts = Omit<BenchTools, 'twins' | 'twinsChanged'>

export interface BenchTools extends WorkerTools {
  learnt(slot: number, portPath: PortPath): void
  strays(ports: readonly PortPath[]): void
}

export interface BenchState {
  readonly tools: BenchTools
  /** Slot n is entry n - 1, in both: the port each slot shall have, and its worker, which may still be moving there. */
  ports: readonly (PortPath | null)[]
  workers: readonly SlotWorker[]
  readonly devices: Map<PortPath, UsbDevice>
  learnsPorts: boolean
  learningSlot: number | null
  readonly forgotten: ForgottenPorts
  /** Settles when the last move has ended. */
  moving: Promise<void>
  /** Stray ports as they were told last. */
  toldStrays: readonly PortPath[]
}

/** Every slot its port, null for none. A port that is named twice goes to the first: two workers never share a board. */
export function assignPorts(bench: BenchState, wanted: readonly (PortPath | null)[]): void {
  const ports = wanted.map((port, at) => (wanted.indexOf(port) === at ? port : null))
  const surplus = bench.workers.slice(ports.length)
  const kept = bench.workers.slice(0, ports.length)
  const workers = ports.map((_, at) => kept[at] ?? new SlotWorker(at + 1, bench.tools))
  bench.ports = ports
  bench.workers = workers
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

export function tellStrays(bench: BenchState): void {
  const boards = [...bench.devices.values()].filter((device) => isBoardHere(device, bench.tools))
  const strays = boards.flatMap(({ portPath }) => (bench.ports.includes(portPath) ? [] : [portPath]))
  if (strays.join() === bench.toldStrays.join()) return
  bench.toldStrays = strays
  bench.tools.strays(strays)
}
