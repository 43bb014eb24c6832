// The whole line in one process: simulated bench, station, in-memory ledger, the real library. Time is virtual, so that
// minutes of erasing take moments, and whoever waits here waits for an event of the station, never for a while.
import { onTestFinished } from 'vitest'
import type { Ledger } from '../../src/main/audit/ledger.ts'
import { createBench } from '../../src/main/sim/simulated-bench.ts'
import type { SimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import type { SimulatedBus } from '../../src/main/sim/simulated-bus.ts'
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'
import type { Clock, FirmwareShelf, Log, RecordSink } from '../../src/main/station/ports.ts'
import type { StationCommand } from '../../src/main/station/station-command.ts'
import type { ResolvedRecipe } from '../../src/shared/model/firmware-view.ts'
import { type BoardEntry, placed } from '../scenarios/bench-boards.ts'
import { openStation, type StationUnderTest } from '../scenarios/station-under-test.ts'

export interface LineOptions {
  readonly boards: readonly BoardEntry[]
  readonly shelf: FirmwareShelf
  readonly recipe: ResolvedRecipe | null
  readonly autoStart?: boolean
  /** In place of every board its slot in the order of the bench. */
  readonly assign?: Omit<Extract<StationCommand, { kind: 'assign' }>, 'kind'>
  /** In place of the ledger's own sink. */
  readonly records?: (ledger: Ledger) => RecordSink
}

export interface Line extends StationUnderTest {
  readonly bus: SimulatedBus
  readonly clock: Clock
  /** Boards as they were put on the bench, slot 1 first, wherever they are now. */
  readonly boards: readonly SimulatedBoard[]
  /** Ends the station and takes every board out. */
  end(): Promise<void>
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }

/** A station on a bench, every port assigned to its slot, starting by itself unless told otherwise. */
export function openLine({ boards, shelf, recipe, autoStart = true, records, assign }: LineOptions): Line {
  const clock = createVirtualClock()
  const bench = placed(boards)
  const bus = createBench(bench, { clock, speed: 1 })
  const inOrder = { ports: bench.map(({ portPath }) => portPath), learnsPorts: false }
  const under = openStation({
    ...{ bus, clock, shelf, recipe, autoStart, log: silent, isSimulated: true, ledgerFile: ':memory:' },
    assign: assign ?? inOrder,
    ...(records && { records }),
  })
  const line: Line = {
    ...under,
    bus,
    clock,
    boards: bus.boards().map(({ board }) => board),
    end: async () => {
      await under.end()
      await bus[Symbol.asyncDispose]()
    },
  }
  onTestFinished(async () => {
    await line.end()
    under.ledger[Symbol.dispose]()
  })
  return line
}
