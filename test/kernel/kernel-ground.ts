// The bench on a real kernel: boards in a process of their own behind the kernel's virtual host controller, the station
// here on libusb, dfu-util as the witness. Time is real; only the flash of the boards is quicker than a real one.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Log } from '../../src/main/station/ports.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { openLibusbBus } from '../../src/main/station/usb/libusb-bus.ts'
import { type PortPath, parsePortPath } from '../../src/shared/model/ids.ts'
import { type BoardEntry, placed } from '../scenarios/bench-boards.ts'
import type { BenchSetup, Ground, HostedBench, ScenarioBench } from '../scenarios/ground.ts'
import { openHostedStation } from '../scenarios/hosted-station.ts'
import type { RealFirmware } from '../scenarios/real-sets.ts'
import { openStation } from '../scenarios/station-under-test.ts'
import { silentLog } from './bench.ts'
import { readByDfuUtil, untilInDfuMode } from './dfu-util-witness.ts'
import { ScenarioBenchProcess } from './scenario-bench.ts'
import { kernelPortName } from './vhci-device.ts'

/** Boards that vanish while they are asked are what half of the scenarios are about. */
const scenarioLog: Log = { ...silentLog, warn: () => {}, child: () => scenarioLog }
/** Flash of the boards against a real one: quick enough that the kernel, not the flash, takes the time. */
const usualSpeed = 40

export function kernelGround(firmware: RealFirmware): Ground {
  return { name: 'kernel', firmware, openBench: (setup) => openBench(firmware, setup), openHosted }
}

async function openBench({ shelf, ...recipes }: RealFirmware, setup: BenchSetup): Promise<ScenarioBench> {
  const recipe = setup.recipe === 'user only' ? recipes.userOnly : recipes.recipe
  const { autoStart = true, isEmpty = false, speed = usualSpeed } = setup
  const slotCount = setup.slots ?? placed(setup.boards).length
  const folder = mkdtempSync(join(tmpdir(), 'scenario-'))
  const ports = Array.from({ length: slotCount }, (_, number) => kernelPort(number))
  const bus = await openLibusbBus({ clock: systemClock, log: scenarioLog })
  const boardsProcess = new ScenarioBenchProcess()
  const under = openStation({
    ...{ bus, clock: systemClock, shelf, recipe, autoStart, log: scenarioLog, isSimulated: false },
    ledgerFile: join(folder, 'ledger.db'),
    assign: { ports, learnsPorts: false },
  })
  const portOf = (slot: number) => ports[slot - 1] ?? `no slot ${slot}`
  return {
    clock: systemClock,
    under,
    boards: await boardsProcess.open({ boards: setup.boards, slots: slotCount, isEmpty, speed }),
    hand: (order) => boardsProcess.hand(order),
    isListed: (slot) => bus.devices().some(({ portPath }) => portPath === portOf(slot)),
    watched: (slot) => boardsProcess.watched(slot),
    claimElsewhere: (slots) => claimElsewhere(slots.map(portOf)),
    slots: () => under.station.slots(),
    witness: async (readings) => {
      await under.end()
      const slots = [...new Set(readings.map(({ slot }) => slot))]
      for (const slot of slots) await boardsProcess.hand({ act: 'hold-mode', slot })
      await untilInDfuMode(bus, slots.map(portOf))
      return readByDfuUtil(readings.map((reading) => ({ ...reading, portPath: portOf(reading.slot) })))
    },
    end: async () => {
      await under.end()
      await boardsProcess.end()
      await bus[Symbol.asyncDispose]()
      under.ledger[Symbol.dispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

const run = promisify(execFile)

async function claimElsewhere(portPaths: readonly string[]): Promise<void> {
  await run(process.execPath, [join(import.meta.dirname, 'claim-process.ts'), ...portPaths])
}

async function openHosted(boards: readonly BoardEntry[]): Promise<HostedBench> {
  const slotCount = placed(boards).length
  const ports = Array.from({ length: slotCount }, (_, number) => kernelPort(number))
  const boardsProcess = new ScenarioBenchProcess()
  await boardsProcess.open({ boards, slots: slotCount, isEmpty: false, speed: usualSpeed })
  const station = await openHostedStation({ slotCount, simulation: null })
  const portOf = (slot: number): PortPath => {
    const port = station.slots()[slot - 1]?.portPath
    if (!port) throw new Error(`slot ${slot} has no port`)
    return port
  }
  return {
    station,
    slots: station.slots,
    witness: async (readings) => {
      await station.close()
      await using bus = await openLibusbBus({ clock: systemClock, log: scenarioLog })
      const places = readings.map((reading) => ({ ...reading, portPath: portOf(reading.slot) }))
      const wanted = [...new Set(places.map(({ portPath }) => portPath))]
      for (const port of wanted) await boardsProcess.hand({ act: 'hold-mode', slot: ports.indexOf(port) + 1 })
      await untilInDfuMode(bus, wanted)
      return readByDfuUtil(places)
    },
    end: async () => {
      await station.close()
      await boardsProcess.end()
    },
  }
}

function kernelPort(number: number): PortPath {
  const portPath = parsePortPath(kernelPortName(number))
  if (!portPath) throw new Error(`no port ${number}`)
  return portPath
}
