import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import { createStation } from '../../../src/main/station/station.ts'
import type { UsbBus, UsbEvent } from '../../../src/main/station/usb/usb-port.ts'
import { parsePortPath } from '../../../src/shared/model/ids.ts'
import type { SlotView } from '../../../src/shared/model/slot.ts'
import { type DemoLibrary, demoLibrary, resolved } from '../../line/firmware.ts'
import { openLine } from '../../line/line.ts'
import { hasVerdict } from '../../scenarios/station-under-test.ts'
import { deviceAt } from './devices.ts'

let demo: DemoLibrary
beforeAll(async () => {
  demo = await demoLibrary()
})
afterAll(() => demo.remove())

const port = (text: string) => parsePortPath(text) ?? expect.unreachable()
const four = ['1-1.1', '1-1.2', '1-1.3', '1-1.4'].map(port)
const noPorts = (count: number) => Array.from({ length: count }, () => null)
const allReady = (slots: readonly SlotView[]) => slots.every(({ state }) => state === 'ready')
const onPorts = (slots: readonly SlotView[]) => slots.map(({ portPath, board }) => [portPath, board?.portPath])

/** Boards that are identified and wait: no recipe, nobody starts. */
function idleBench(count: number, assign?: Parameters<typeof openLine>[0]['assign']) {
  const boards = [{ platform: 'photon', count }] as const
  return openLine({ boards, shelf: demo.library, recipe: null, autoStart: false, ...(assign && { assign }) })
}

/** One Photon at work on its user firmware alone: a short job. */
async function workingBench(count = 1, assign?: Parameters<typeof openLine>[0]['assign']) {
  const found = await demo.library.findSet('photon', '2.3.1')
  const user = { modules: { photon: found?.user?.sha256 ?? '' } }
  const recipe = await resolved(demo.library, { platforms: ['photon'], deviceOs: 'keep', user })
  const boards = [{ platform: 'photon', count }] as const
  const line = openLine({ boards, shelf: demo.library, recipe, ...(assign && { assign }) })
  await line.until((slots) => slots.every(({ state }) => state === 'working'))
  return line
}

describe('a bench that learns its ports', () => {
  it('gives each of many boards that arrive at once a slot of its own', async () => {
    const line = idleBench(4, { ports: noPorts(4), learnsPorts: true })
    const slots = await line.until(allReady)
    expect(new Set(slots.map(({ portPath }) => portPath))).toEqual(new Set(four))
    for (const { portPath, board } of slots) expect(board?.portPath).toBe(portPath)
    const learnt = line.news.flatMap((each) => (each.kind === 'learnt' ? [[each.slot, each.portPath]] : []))
    expect(learnt).toEqual(slots.map(({ slot, portPath }) => [slot, portPath]))
  })

  it('tells the boards that no slot is left for, and takes them when there are more slots', async () => {
    const line = idleBench(4, { ports: noPorts(3), learnsPorts: true })
    const three = await line.until(allReady)
    const rest = four.filter((each) => !three.some(({ portPath }) => portPath === each))
    expect(line.news.filter(({ kind }) => kind === 'strays')).toEqual([{ kind: 'strays', ports: rest }])
    const ports = [...three.map(({ portPath }) => portPath), null]
    line.station.dispatch({ kind: 'assign', ports, learnsPorts: true })
    const slots = await line.until((views) => views.length === 4 && allReady(views))
    expect(slots[3]?.portPath).toBe(rest[0])
    expect(line.news.at(-1)).toEqual({ kind: 'strays', ports: [] })
  })

  it('and one that does not leaves unknown boards aside', async () => {
    const line = idleBench(2, { ports: [four[1] ?? null, null], learnsPorts: false })
    await line.until(([first]) => first?.state === 'ready')
    expect(line.station.slots().map(({ state }) => state)).toEqual(['ready', 'off'])
    expect(line.news).toEqual([{ kind: 'strays', ports: ['1-1.1'] }])
  })
})

describe('a port that was taken from its slot', () => {
  const learning = async () => {
    const line = idleBench(1, { ports: [null], learnsPorts: true })
    await line.until(allReady)
    line.station.dispatch({ kind: 'assign', ports: [null], learnsPorts: true })
    await line.until(([slot]) => slot?.state === 'off')
    return line
  }

  it('is not learnt again while its board is there, nor when that resets itself', async () => {
    const line = await learning()
    expect(line.news.at(-1)).toEqual({ kind: 'strays', ports: ['1-1.1'] })
    line.bus.plug(port('1-1.1'), line.bus.unplug(port('1-1.1')) ?? expect.unreachable())
    await line.clock.sleep(20_000)
    expect(line.station.slots().map(({ portPath, state }) => [portPath, state])).toEqual([[null, 'off']])
    expect(line.news.filter(({ kind }) => kind === 'learnt')).toHaveLength(1)
  })

  it('is learnt again from a board that is plugged in later', async () => {
    const line = await learning()
    const board = line.bus.unplug(port('1-1.1')) ?? expect.unreachable()
    await line.clock.sleep(5_000)
    line.bus.plug(port('1-1.1'), board)
    const [slot] = await line.until(allReady)
    expect(slot?.portPath).toBe('1-1.1')
  })

  it('comes back at once to the slot that is to learn it', async () => {
    const line = await learning()
    line.station.dispatch({ kind: 'learn', slot: 1 })
    line.bus.plug(port('1-1.1'), line.bus.unplug(port('1-1.1')) ?? expect.unreachable())
    const [slot] = await line.until(allReady)
    expect(slot?.portPath).toBe('1-1.1')
  })
})

describe('ports that move', () => {
  it('are exchanged between two slots', async () => {
    const line = idleBench(2)
    const before = await line.until(allReady)
    line.station.dispatch({
      kind: 'assign',
      ports: before.map(({ portPath }) => portPath).reverse(),
      learnsPorts: false,
    })
    const after = await line.until((slots) => allReady(slots) && slots[0]?.portPath === before[1]?.portPath)
    expect(onPorts(after)).toEqual([...onPorts(before)].reverse())
  })

  it('go to one slot only, however often they are named', async () => {
    const [first = null] = four
    const line = idleBench(1, { ports: [first, first], learnsPorts: false })
    await line.until(([slot]) => slot?.state === 'ready')
    expect(line.station.slots().map(({ portPath }) => portPath)).toEqual([first, null])
  })

  it('away from a job end it: aborted and recorded', async () => {
    const line = await workingBench()
    line.station.dispatch({ kind: 'assign', ports: [null], learnsPorts: false })
    await line.until(([slot]) => slot?.state === 'off')
    expect(line.records().map(({ closing }) => closing?.fault)).toEqual([
      { code: 'JOB_ABORTED', detail: 'the slot was given another port' },
    ])
    expect(line.news.at(-1)).toEqual({ kind: 'strays', ports: ['1-1.1'] })
  })

  it('with their slot: a bench that shrinks ends the job of the slot that goes', async () => {
    const line = await workingBench(2)
    line.station.dispatch({ kind: 'assign', ports: four.slice(0, 1), learnsPorts: false })
    await line.until((slots) => slots.length === 1 && slots.every(hasVerdict))
    const outcomes = line.records().map(({ slot, closing }) => [slot, closing?.outcome])
    expect(new Map(outcomes as [number, string][])).toEqual(
      new Map([
        [1, 'pass'],
        [2, 'aborted'],
      ]),
    )
  })
})

describe('a slot that learns its port', () => {
  it('takes the port of the next board that is plugged in, also from another slot', async () => {
    const line = idleBench(2)
    await line.until(allReady)
    line.station.dispatch({ kind: 'learn', slot: 1 })
    const second = line.bus.unplug(port('1-1.2')) ?? expect.unreachable()
    await line.until((slots) => slots[1]?.state === 'empty')
    line.bus.plug(port('1-1.2'), second)
    const slots = await line.until(([slot]) => slot?.portPath === '1-1.2' && slot.state === 'ready')
    expect(slots.map(({ portPath }) => portPath)).toEqual(['1-1.2', null])
    expect(line.news.filter(({ kind }) => kind === 'learnt')).toEqual([{ kind: 'learnt', slot: 1, portPath: '1-1.2' }])
  })

  it('is not mistaken by a board that comes back from its mode switch', async () => {
    const line = await workingBench()
    line.station.dispatch({ kind: 'assign', ports: [port('1-1.1'), null], learnsPorts: false })
    line.station.dispatch({ kind: 'learn', slot: 2 })
    const slots = await line.until(([slot]) => slot !== undefined && hasVerdict(slot))
    expect(slots.map(({ state, portPath }) => [state, portPath])).toEqual([
      ['passed', '1-1.1'],
      ['off', null],
    ])
    expect(line.news).toEqual([])
  })

  it('does not end its job for it: it learns from the first board after the job', async () => {
    const line = await workingBench(2, { ports: [port('1-1.1')], learnsPorts: false })
    const second = line.bus.unplug(port('1-1.2')) ?? expect.unreachable()
    line.station.dispatch({ kind: 'learn', slot: 1 })
    expect(line.station.slots()[0]?.state).toBe('working')
    line.bus.plug(port('1-1.2'), second)
    const [slot] = await line.verdicts()
    expect([slot?.state, slot?.portPath]).toEqual(['passed', '1-1.1'])
    line.bus.plug(port('1-1.2'), line.bus.unplug(port('1-1.2')) ?? expect.unreachable())
    await line.until(([view]) => view?.portPath === '1-1.2')
  })

  it('must exist: the next board is left where it belongs', async () => {
    const line = idleBench(1)
    line.station.dispatch({ kind: 'learn', slot: 9 })
    const slots = await line.until(allReady)
    expect([slots[0]?.portPath, line.news]).toEqual(['1-1.1', []])
  })
})

describe('a station', () => {
  it('gives no slot to what is no board, and opens it not', async () => {
    const listeners = new Set<(event: UsbEvent) => void>()
    const mouse = deviceAt('1-1.1', 2, { vendorId: 0x046d, productId: 0xc077 })
    const bus: UsbBus = {
      devices: () => [mouse],
      watch: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      [Symbol.asyncDispose]: async () => undefined,
    }
    const unused = async () => expect.unreachable()
    const log = { debug() {}, info() {}, warn() {}, error: () => expect.unreachable(), child: () => log }
    const clock = createVirtualClock()
    const ports = {
      bus,
      clock,
      log,
      records: { open: unused, close: unused },
      shelf: { bytesOf: unused, assetModuleOf: unused, imageOf: unused },
    }
    const station = createStation(ports, { isSimulated: false })
    const news: string[] = []
    station.watch(({ kind }) => news.push(kind))
    station.dispatch({ kind: 'assign', ports: [port('1-1.1'), null], learnsPorts: true })
    for (const tell of listeners) {
      tell({ kind: 'arrived', device: deviceAt('1-1.2', 3, { vendorId: 0x046d, productId: 0xc077 }) })
      tell({ kind: 'left', device: mouse })
    }
    await clock.sleep(5_000)
    expect(station.slots().map(({ state }) => state)).toEqual(['empty', 'off'])
    expect(new Set(news)).toEqual(new Set(['slots']))
    await station[Symbol.asyncDispose]()
  })

  it('that is closed in mid-job closes its records first, as aborted', async () => {
    const line = await workingBench(2)
    await line.station[Symbol.asyncDispose]()
    expect(line.records().map(({ closing }) => closing?.fault?.detail)).toEqual([
      'the station was closed',
      'the station was closed',
    ])
  })
})
