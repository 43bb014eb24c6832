// A device with DFU that is no Particle board, on a bench: shown where it stands in a slot, and never talked to.
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseBenchSpec } from '../../../src/main/sim/bench-spec.ts'
import { createDfuDevice } from '../../../src/main/sim/generic/dfu-device.ts'
import { createSimulatedBoard } from '../../../src/main/sim/simulated-board.ts'
import { createSimulatedBus } from '../../../src/main/sim/simulated-bus.ts'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import { createStation } from '../../../src/main/station/station.ts'
import type { StationNews } from '../../../src/main/station/station-command.ts'
import { type PortPath, parsePortPath } from '../../../src/shared/model/ids.ts'

const port = (text: string): PortPath => parsePortPath(text) ?? expect.unreachable()
const [slotPort, otherPort] = [port('1-1.1'), port('1-1.2')]

function foreignDevice(start: 'normal' | 'dfu') {
  const [placed] = parseBenchSpec('dfu')
  if (placed?.kind !== 'dfu-device') return expect.unreachable()
  return createDfuDevice({ ...placed.spec, start })
}

function boron() {
  const [placed] = parseBenchSpec('boron')
  return placed?.kind === 'board' ? createSimulatedBoard(placed.spec) : expect.unreachable()
}

/** A station of one slot that would start and learn by itself. */
function oneSlot(assigned: PortPath | null) {
  const clock = createVirtualClock()
  const bus = createSimulatedBus({ clock, speed: 1 })
  const unused = async () => expect.unreachable()
  const log = { debug() {}, info() {}, warn() {}, error: () => expect.unreachable(), child: () => log }
  const ports = {
    bus,
    clock,
    log,
    records: { open: unused, close: unused },
    shelf: { bytesOf: unused, assetModuleOf: unused, imageOf: unused },
  }
  const station = createStation(ports, { isSimulated: true })
  const news: StationNews['kind'][] = []
  station.watch(({ kind }) => news.push(kind))
  station.dispatch({ kind: 'assign', ports: [assigned], learnsPorts: true })
  station.dispatch({ kind: 'auto-start', on: true })
  onTestFinished(async () => {
    await station[Symbol.asyncDispose]()
    await bus[Symbol.asyncDispose]()
  })
  return { clock, bus, station, news, slot: () => station.slots()[0] }
}

describe('a DFU device that is no Particle board', () => {
  it.each(['normal', 'dfu'] as const)('is shown as unknown on a slot, in %s mode, and sent nothing', async (start) => {
    const { clock, bus, slot } = oneSlot(slotPort)
    const device = foreignDevice(start)
    bus.plug(slotPort, device)
    await clock.sleep(60_000)
    const detail = `1209:000${start === 'dfu' ? 2 : 1} is no Particle board`
    expect(slot()).toMatchObject({ state: 'refused', fault: { code: 'DEVICE_UNKNOWN', detail } })
    expect([device.mode(), device.account().transfers]).toEqual([start, 0])
    bus.unplug(slotPort)
    await clock.sleep(10_000)
    expect(slot()?.state).toBe('empty')
  })

  it('makes room for a board that takes its place', async () => {
    const { clock, bus, slot } = oneSlot(slotPort)
    bus.plug(slotPort, foreignDevice('normal'))
    await clock.sleep(10_000)
    bus.unplug(slotPort)
    bus.plug(slotPort, boron())
    await clock.sleep(60_000)
    expect(slot()).toMatchObject({ state: 'ready', board: { platform: 'boron' } })
  })

  it('is found on a port that becomes a slot later', async () => {
    const { clock, bus, station, slot } = oneSlot(null)
    bus.plug(slotPort, foreignDevice('dfu'))
    await clock.sleep(10_000)
    station.dispatch({ kind: 'assign', ports: [slotPort], learnsPorts: false })
    await clock.sleep(10_000)
    expect(slot()?.state).toBe('refused')
  })

  it('is no news on any other port: no slot learns it, nobody is asked about it', async () => {
    const { clock, bus, station, news, slot } = oneSlot(null)
    station.dispatch({ kind: 'learn', slot: 1 })
    const device = foreignDevice('dfu')
    bus.plug(otherPort, device)
    await clock.sleep(60_000)
    bus.unplug(otherPort)
    await clock.sleep(10_000)
    expect([slot()?.state, slot()?.portPath, new Set(news)]).toEqual(['off', null, new Set(['slots'])])
    expect(device.account().transfers).toBe(0)
  })
})
