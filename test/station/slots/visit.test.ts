import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createBench } from '../../../src/main/sim/simulated-bench.ts'
import type { SimulatedBus } from '../../../src/main/sim/simulated-bus.ts'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import { stationQuirks } from '../../../src/main/station/devices/known-quirks.ts'
import type { Clock } from '../../../src/main/station/ports.ts'
import type { WorkerTools } from '../../../src/main/station/slots/slot-life.ts'
import { SlotWorker } from '../../../src/main/station/slots/slot-worker.ts'
import { openTwinBook } from '../../../src/main/station/slots/twin-book.ts'
import type { UsbBus } from '../../../src/main/station/usb/usb-port.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import type { ResolvedRecipe } from '../../../src/shared/model/firmware-view.ts'
import { particleOf } from '../../../src/shared/model/identity.ts'
import { asRecordId, parsePortPath } from '../../../src/shared/model/ids.ts'
import type { SlotState } from '../../../src/shared/model/slot.ts'
import { keptLog } from '../../host/fake-host.ts'
import { type DemoLibrary, demoLibrary, resolved } from '../../line/firmware.ts'
import { type Line, openLine } from '../../line/line.ts'
import { type BoardEntry, placed } from '../../scenarios/bench-boards.ts'
import { hasVerdict, openStation } from '../../scenarios/station-under-test.ts'
import { deviceAt } from './devices.ts'

let demo: DemoLibrary
let userOnly: ResolvedRecipe
beforeAll(async () => {
  demo = await demoLibrary()
  const found = await demo.library.findSet('photon', '2.3.1')
  const user = { modules: { photon: found?.user?.sha256 ?? '' } }
  userOnly = await resolved(demo.library, { platforms: ['photon'], deviceOs: 'keep', user })
})
afterAll(() => demo.remove())

const firstPort = parsePortPath('1-1.1') ?? expect.unreachable()

/** One slot with one Photon, and perhaps a second one in the hand. */
function oneSlot(entry: Partial<BoardEntry> = {}, options: Partial<Parameters<typeof openLine>[0]> = {}): Line {
  return openLine({ boards: [{ platform: 'photon', ...entry }], shelf: demo.library, recipe: userOnly, ...options })
}

const inState = (state: SlotState) => (slots: ReturnType<Line['station']['slots']>) => slots[0]?.state === state
const stateNow = (line: Line) => line.station.slots()[0]?.state
const outcomes = (line: Line) => line.records().map(({ closing }) => closing?.outcome)

/** As a kernel does: a transfer fails at once, the hub is asked later. */
function tellsLeavingLate(bus: SimulatedBus, clock: Clock): UsbBus {
  return {
    ...bus,
    watch: (listener) =>
      bus.watch((event) => {
        if (event.kind === 'arrived') listener(event)
        else void clock.sleep(10_000).then(() => listener(event))
      }),
  }
}

function takeOut(line: Line) {
  return line.bus.unplug(firstPort) ?? expect.unreachable()
}

/** A board says who it is sooner than the next frame goes out, so this looks more often than a screen is told. */
async function untilIdentifying(line: Line): Promise<void> {
  while (stateNow(line) !== 'identifying') await line.clock.sleep(10)
}

describe('a verdict', () => {
  it('stays as long as its board does', async () => {
    const line = oneSlot()
    await line.until(inState('passed'))
    await line.clock.sleep(3_600_000)
    expect([stateNow(line), outcomes(line)]).toEqual(['passed', ['pass']])
    takeOut(line)
    await line.until(inState('empty'))
    expect(line.station.slots()[0]?.last?.outcome).toBe('pass')
  })

  it('is kept by a board that resets itself, which gets no second job', async () => {
    const line = oneSlot()
    await line.until(inState('passed'))
    for (const pauseMs of [0, 60_000]) {
      await line.clock.sleep(pauseMs)
      // As a board does that applies something after its job, or whose RESET button is pressed.
      line.bus.plug(firstPort, takeOut(line))
      await line.clock.sleep(30_000)
      expect([stateNow(line), outcomes(line)]).toEqual(['passed', ['pass']])
    }
  })

  it('ends when another board comes, however quickly', async () => {
    const line = openLine({
      boards: [{ platform: 'photon', count: 2 }],
      shelf: demo.library,
      recipe: userOnly,
      assign: { ports: [firstPort], learnsPorts: false },
    })
    await line.until(inState('passed'))
    const other = line.bus.unplug(parsePortPath('1-1.2') ?? expect.unreachable()) ?? expect.unreachable()
    takeOut(line)
    line.bus.plug(firstPort, other)
    await line.until((slots) => slots.every(hasVerdict) && line.records().length === 2)
    expect(new Set(line.records().map(({ deviceId }) => deviceId)).size).toBe(2)
  })

  it('is never shown over a board that came while the record of the one before was being closed', async () => {
    const closes = Promise.withResolvers<void>()
    const line: Line = openLine({
      boards: [{ platform: 'photon', count: 2 }],
      shelf: demo.library,
      recipe: userOnly,
      assign: { ports: [firstPort], learnsPorts: false },
      records: ({ sink }) => ({
        ...sink,
        close: async (closing) => {
          closes.resolve()
          await line.clock.sleep(10_000)
          return sink.close(closing)
        },
      }),
    })
    const other = line.bus.unplug(parsePortPath('1-1.2') ?? expect.unreachable()) ?? expect.unreachable()
    await closes.promise
    takeOut(line)
    await line.clock.sleep(2_000)
    line.bus.plug(firstPort, other)
    await line.until((slots) => slots.every(hasVerdict) && line.records().length === 2)
    const [first, second] = line.records().map(({ deviceId }) => deviceId)
    expect(first).not.toBe(second)
    expect(particleOf(line.station.slots()[0]?.board ?? null)?.deviceId).toBe(second)
  })

  it('of exchanged boards is kept by the stranger that was found, and by no third board', async () => {
    const ports = ['1-1.1', '1-1.2', '1-1.3'].map((text) => parsePortPath(text) ?? expect.unreachable())
    const line = openLine({
      boards: [{ platform: 'photon', count: 3 }],
      shelf: demo.library,
      recipe: userOnly,
      assign: { ports: [firstPort], learnsPorts: false },
    })
    const [, stranger, third] = ports.map((portPath) => line.bus.boards().find((each) => each.portPath === portPath))
    for (const portPath of ports.slice(1)) line.bus.unplug(portPath)
    await line.until((slots) => slots[0]?.job?.progress?.stepName === 'Enter DFU')
    takeOut(line)
    line.bus.plug(firstPort, stranger?.board ?? expect.unreachable())
    await line.until(inState('error'))
    expect(line.station.slots()[0]?.fault?.code).toBe('BOARD_SWAPPED')
    line.bus.plug(firstPort, takeOut(line))
    await line.clock.sleep(20_000)
    expect([stateNow(line), line.records().length]).toEqual(['error', 1])
    takeOut(line)
    line.bus.plug(firstPort, third?.board ?? expect.unreachable())
    await line.until(inState('passed'))
    expect(line.records().map(({ deviceId }) => deviceId)[1]).toBe(third?.board.facts().deviceId)
  })

  it('ends when its board was taken out for a while: then it is a new visit', async () => {
    const line = oneSlot()
    await line.until(inState('passed'))
    const board = takeOut(line)
    await line.clock.sleep(10_000)
    expect(stateNow(line)).toBe('empty')
    line.bus.plug(firstPort, board)
    await line.until((slots) => slots.every(hasVerdict))
    expect(outcomes(line)).toEqual(['pass', 'pass'])
  })

  it('of a board that vanished in mid-job stays until the next board comes', async () => {
    const line = oneSlot({ faults: ['unplug during erase'] })
    await line.until(inState('error'))
    await line.clock.sleep(600_000)
    expect(line.station.slots()[0]).toMatchObject({ state: 'error', fault: { code: 'USB_GONE' } })
    const [board] = line.boards
    if (board) line.bus.plug(firstPort, board)
    await line.until(inState('passed'))
    expect(outcomes(line)).toEqual(['error', 'pass'])
  })

  it('stays likewise where the bus tells of the leaving after the job has failed of it', async () => {
    const clock = createVirtualClock()
    const placedBoards = placed([{ platform: 'photon', faults: ['unplug at block 2'] }])
    const bus = createBench(placedBoards, { clock, speed: 1 })
    const [board] = bus.boards()
    const under = openStation({
      ...{ bus: tellsLeavingLate(bus, clock), clock, shelf: demo.library, recipe: userOnly, autoStart: true },
      ...{
        log: keptLog(),
        isSimulated: true,
        ledgerFile: ':memory:',
        assign: { ports: [firstPort], learnsPorts: false },
      },
    })
    onTestFinished(() => under.end())
    await under.until(inState('error'))
    await clock.sleep(3_600_000)
    expect(under.station.slots()[0]?.fault?.code).toBe('USB_GONE')
    if (board) bus.plug(firstPort, board.board)
    await under.until(inState('passed'))
  })

  it('of a board that reset itself in mid-job is kept until a person takes the board out', async () => {
    const line = oneSlot({ faults: ['reset at block 1'] })
    await line.until(inState('error'))
    await line.clock.sleep(60_000)
    expect([stateNow(line), outcomes(line)]).toEqual(['error', ['error']])
    const board = takeOut(line)
    await line.until(inState('empty'))
    line.bus.plug(firstPort, board)
    await line.until(inState('passed'))
    expect(outcomes(line)).toEqual(['error', 'pass'])
  })

  it('gives way to a start: the board is asked and worked on again', async () => {
    const line = oneSlot({}, { autoStart: false })
    await line.until(inState('ready'))
    for (const records of [1, 2]) {
      line.station.dispatch({ kind: 'start', slots: [1] })
      await line.until((slots) => slots.every(hasVerdict) && line.records().length === records)
    }
    expect(outcomes(line)).toEqual(['pass', 'pass'])
  })
})

describe('a verdict from before a restart', () => {
  const held = (line: Line, deviceId = line.boards[0]?.facts().deviceId) => ({
    slot: 1,
    job: 'flash' as const,
    name: deviceId ?? '',
    faces: [],
    recordId: asRecordId('r-1'),
    outcome: 'interrupted' as const,
    fault: { code: 'HOST_CRASHED', detail: 'SIGKILL' } as const,
    durationMs: 4_200,
  })

  it('is shown on the same board, which gets no job until a person starts it', async () => {
    const line = oneSlot()
    line.station.dispatch({ kind: 'hold', boards: [held(line)] })
    await line.until(inState('interrupted'))
    await line.clock.sleep(60_000)
    expect(line.station.slots()[0]).toMatchObject({
      state: 'interrupted',
      fault: { code: 'HOST_CRASHED' },
      job: { recordId: 'r-1', outcome: 'interrupted', durationMs: 4_200 },
    })
    expect(line.records()).toEqual([])
    line.station.dispatch({ kind: 'start', slots: [1] })
    await line.until(inState('passed'))
  })

  it('is not put on another board', async () => {
    const line = oneSlot()
    line.station.dispatch({ kind: 'hold', boards: [held(line, 'e00fce68000000000000dead')] })
    await line.until(inState('passed'))
    expect(outcomes(line)).toEqual(['pass'])
  })
})

describe('a start', () => {
  it('asked for while the board is identified is not lost', async () => {
    const line = oneSlot({}, { autoStart: false })
    await untilIdentifying(line)
    line.station.dispatch({ kind: 'start', slots: [1] })
    await line.until(inState('passed'))
  })

  it('does not outlive the board it was meant for', async () => {
    const line = oneSlot({}, { autoStart: false })
    await untilIdentifying(line)
    line.station.dispatch({ kind: 'start', slots: [1] })
    const board = takeOut(line)
    await line.until(inState('empty'))
    line.bus.plug(firstPort, board)
    await line.until(inState('ready'))
    await line.clock.sleep(60_000)
    expect(stateNow(line)).toBe('ready')
  })

  it('comes by itself once it is switched on, or once there is a recipe', async () => {
    const line = oneSlot({}, { autoStart: false, recipe: null })
    await line.until(inState('ready'))
    line.station.dispatch({ kind: 'auto-start', on: true })
    await line.clock.sleep(10_000)
    expect(stateNow(line)).toBe('ready')
    line.station.dispatch({ kind: 'recipe', recipe: userOnly })
    await line.until(inState('passed'))
  })
})

describe('an arrival while the device before is still being asked', () => {
  it('is asked itself: the slot does not stay refused for a device that is gone', async () => {
    const clock = createVirtualClock()
    const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log }
    const unused = async () => expect.unreachable()
    const states: SlotState[] = []
    const tools: WorkerTools = {
      clock,
      log,
      shelf: { bytesOf: unused, assetModuleOf: unused, imageOf: unused },
      records: { open: unused, close: unused },
      isSimulated: true,
      recipe: () => userOnly,
      quirks: () => stationQuirks(null),
      twins: openTwinBook(),
      twinsChanged: () => undefined,
      autoStart: () => true,
      operator: () => null,
      changed: ({ state }) => states.push(state),
    }
    const slow = Promise.withResolvers<void>()
    const gone = { ...deviceAt('1-1.1', 2), open: () => slow.promise }
    const denied = async () => {
      throw new Fault('USB_ACCESS_DENIED', 'the second device')
    }
    const worker = new SlotWorker(1, tools)
    await worker.assign(firstPort)
    worker.arrived(gone)
    await clock.sleep(10)
    worker.left(gone)
    worker.arrived({ ...deviceAt('1-1.1', 3), open: denied })
    slow.reject(new Fault('USB_GONE', 'the first device'))
    await clock.sleep(10)
    expect(worker.view).toMatchObject({ state: 'refused', fault: { detail: 'the second device' } })
    expect(states).toEqual(['empty', 'identifying', 'identifying', 'refused'])
    await worker.end()
  })
})
