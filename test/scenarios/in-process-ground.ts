// The bench in this very process, on a virtual clock: minutes of flashing take moments. The witness reads the chips.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dumpFlash } from '../../src/main/sim/dump-flash.ts'
import { createSimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { createSimulatedBus } from '../../src/main/sim/simulated-bus.ts'
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'
import type { Log } from '../../src/main/station/ports.ts'
import { particleOf } from '../../src/shared/model/identity.ts'
import type { PortPath } from '../../src/shared/model/ids.ts'
import { type BoardEntry, placed } from './bench-boards.ts'
import type { BenchSetup, FlashReading, Ground, HostedBench, ScenarioBench } from './ground.ts'
import { handsAt } from './hands.ts'
import { openHostedStation } from './hosted-station.ts'
import type { RealFirmware } from './real-sets.ts'
import { openStation } from './station-under-test.ts'
import { hearTraffic } from './traffic.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }

export function inProcessGround(firmware: RealFirmware): Ground {
  return { name: 'in process', firmware, openBench: async (setup) => openBench(firmware, setup), openHosted }
}

function openBench({ shelf, ...recipes }: RealFirmware, setup: BenchSetup): ScenarioBench {
  const recipe = setup.recipe === 'user only' ? recipes.userOnly : recipes.recipe
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
    slots: () => under.station.slots(),
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

/** Of boards in a USB process, which runs by the real clock. */
const hostedSpeed = 10
/** First address of the internal flash, as its dump begins with it. */
const dumpBase = { boron: 0, photon: 0x0800_0000, p2: 0x0800_0000 } as const

/** The bench is in the USB process: when that is killed its boards begin anew, as they were taken out of their boxes. */
async function openHosted(boards: readonly BoardEntry[]): Promise<HostedBench> {
  const dumpFolder = mkdtempSync(join(tmpdir(), 'dumps-'))
  const slotCount = placed(boards).length
  const benchFile = JSON.stringify({ format: 'dfu-station-bench', version: 1, boards })
  const station = await openHostedStation({
    slotCount,
    simulation: { boards: benchFile, speed: hostedSpeed, dumpFolder },
  })
  const inSlot = (slot: number) => station.slots()[slot - 1]?.board
  return {
    station,
    slots: station.slots,
    witness: async (readings) => {
      await station.close()
      return readings.map(({ slot, address, sizeBytes }) => {
        const board = particleOf(inSlot(slot) ?? null)
        if (!board) throw new Error(`no board in slot ${slot}`)
        const at = address - dumpBase[board.platform as keyof typeof dumpBase]
        return readFileSync(join(dumpFolder, `${board.deviceId}-alt0.bin`)).subarray(at, at + sizeBytes)
      })
    },
    end: async () => {
      await station.close()
      rmSync(dumpFolder, { recursive: true, force: true })
    },
  }
}
