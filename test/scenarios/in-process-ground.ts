// The bench in this very process, on a virtual clock: minutes of flashing take moments. The witness reads the chips.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dumpFlash } from '../../src/main/sim/dump-flash.ts'
import { createSimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { createSimulatedBus } from '../../src/main/sim/simulated-bus.ts'
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'
import type { Log } from '../../src/main/station/ports.ts'
import type { PortPath } from '../../src/shared/model/ids.ts'
import { placed } from './bench-boards.ts'
import type { BenchSetup, FlashReading, Ground, ScenarioBench } from './ground.ts'
import { handsAt } from './hands.ts'
import type { RealFirmware } from './real-sets.ts'
import { openStation } from './station-under-test.ts'
import { hearTraffic } from './traffic.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }

export function inProcessGround(firmware: RealFirmware): Ground {
  return { name: 'in process', firmware, openBench: async (setup) => openBench(firmware, setup) }
}

function openBench({ shelf, recipe }: RealFirmware, setup: BenchSetup): ScenarioBench {
  const { autoStart = true, isEmpty = false, speed = 1 } = setup
  const clock = createVirtualClock()
  const folder = mkdtempSync(join(tmpdir(), 'scenario-'))
  const bus = createSimulatedBus({ clock, speed })
  const heard = hearTraffic(bus, clock)
  const bench = placed(setup.boards)
  const boards = bench.map(({ spec }) => createSimulatedBoard(spec))
  const ports = bench.slice(0, setup.slots).map(({ portPath }) => portPath)
  const hands = handsAt({ clock, bus, heard, ports, boards })
  if (!isEmpty) for (const at of ports.keys()) hands.obey({ act: 'plug', slot: at + 1, board: at + 1 })
  const under = openStation({
    ...{ bus: heard, clock, shelf, recipe, autoStart, log: silent, isSimulated: true },
    ledgerFile: join(folder, 'ledger.db'),
    assign: { ports, learnsPorts: false },
  })
  const portOf = (slot: number): PortPath => {
    const port = ports[slot - 1]
    if (port === undefined) throw new Error(`no slot ${slot}`)
    return port
  }
  const read = ({ slot, address, sizeBytes }: FlashReading): Uint8Array => {
    const board = bus.boards().find(({ portPath }) => portPath === portOf(slot))?.board
    if (!board) throw new Error(`no board in slot ${slot}`)
    const { internal, internalBase } = dumpFlash(board)
    return internal.subarray(address - internalBase, address - internalBase + sizeBytes)
  }
  return {
    clock,
    under,
    boards: boards.map((board) => board.facts()),
    hand: async (order) => hands.obey(order),
    isListed: (slot) => bus.devices().some(({ portPath }) => portPath === portOf(slot)),
    watched: async (slot) => hands.watched(slot),
    witness: async (readings) => {
      await under.end()
      return readings.map(read)
    },
    end: async () => {
      await under.end()
      await bus[Symbol.asyncDispose]()
      under.ledger[Symbol.dispose]()
      rmSync(folder, { recursive: true })
    },
  }
}
