import { describe, expect, it } from 'vitest'
import { startBenchOperator } from '../../src/main/host/bench-operator.ts'
import type { BenchOperatorOrders } from '../../src/main/host/link.ts'
import { parseBench } from '../../src/main/sim/bench-spec.ts'
import { createBench } from '../../src/main/sim/simulated-bench.ts'
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'
import { emptySlot } from '../../src/main/station/slots/slot.ts'
import type { Station } from '../../src/main/station/station.ts'
import type { StationNews } from '../../src/main/station/station-command.ts'
import type { SlotState, SlotView } from '../../src/shared/model/slot.ts'

/** Hands at a bench; the test plays the station and says what each slot shows. */
function handsAt(boards: string, orders: BenchOperatorOrders) {
  const clock = createVirtualClock()
  const bus = createBench(parseBench(boards), { clock, speed: 0 })
  const listeners = new Set<(news: StationNews) => void>()
  const station: Station = {
    dispatch: () => undefined,
    watch: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    slots: () => [],
    [Symbol.asyncDispose]: async () => undefined,
  }
  const ending = new AbortController()
  let done = 0
  startBenchOperator({
    ...{ bus, station, clock, orders, signal: ending.signal },
    onDone: () => {
      done += 1
    },
  })
  const ports = bus.takenPorts()
  const show = (slot: number, state: SlotState) => {
    const view: SlotView = { ...emptySlot(slot, ports[slot - 1] ?? null), state }
    for (const listener of listeners) listener({ kind: 'slots', slots: [view] })
  }
  const idOn = (slot: number) =>
    bus
      .boards()
      .find(({ portPath }) => portPath === ports[slot - 1])
      ?.board.facts().deviceId
  return { clock, bus, show, idOn, ending, done: () => done }
}

describe('the hands of a simulated bench', () => {
  it('leave a verdict as long as they were told, then change the board', async () => {
    const { clock, show, idOn } = handsAt('boron:1', { boardsInAll: 0, holdMs: 6_000 })
    const first = idOn(1)
    show(1, 'passed')
    await clock.sleep(5_900)
    expect(idOn(1)).toBe(first)
    await clock.sleep(200)
    expect(idOn(1)).toBeUndefined()
    await clock.sleep(2_000)
    expect(idOn(1)).toBeDefined()
    expect(idOn(1)).not.toBe(first)
  })

  it.each(['stm32', 'dfu-noupload'])('put in the next %s after one, under a number of its own', async (kind) => {
    const { bus, clock, show } = handsAt(kind, { boardsInAll: 0, holdMs: 100 })
    const onBench = () => {
      const [place] = bus.occupants()
      return place?.occupant.kind === 'dfu-device' ? place.occupant.spec : null
    }
    const first = onBench()
    show(1, 'passed')
    await clock.sleep(1_000)
    expect(onBench()).toMatchObject({ kind, start: first?.start, profile: first?.profile })
    expect(onBench()?.serialNumber).not.toBe(first?.serialNumber)
  })

  it('leave a number that all of a kind have as it is', async () => {
    const { bus, clock, show } = handsAt('quirk-gd32', { boardsInAll: 0, holdMs: 100 })
    const before = bus.occupants()[0]?.occupant
    show(1, 'passed')
    await clock.sleep(1_000)
    const after = bus.occupants()[0]?.occupant
    expect(after).not.toBe(before)
    expect(after).toMatchObject({ spec: { serialNumber: '3CBJ' } })
  })

  it('leave a board alone that is still worked on', async () => {
    const { clock, show, idOn } = handsAt('boron:1', { boardsInAll: 0, holdMs: 100 })
    const first = idOn(1)
    for (const state of ['identifying', 'ready', 'working', 'empty'] as const) show(1, state)
    await clock.sleep(60_000)
    expect(idOn(1)).toBe(first)
  })

  it.each(['passed', 'failed', 'error', 'aborted', 'interrupted', 'refused'] as const)(
    'take a board out that is %s',
    async (state) => {
      const { clock, show, bus } = handsAt('photon:1', { boardsInAll: 1, holdMs: 100 })
      show(1, state)
      await clock.sleep(1_000)
      expect(bus.boards()).toEqual([])
    },
  )

  it('put the same kind in again, and never the same board', async () => {
    const { clock, show, bus, idOn } = handsAt('p2:1,photon:1', { boardsInAll: 0, holdMs: 100 })
    const seen = new Set([idOn(1), idOn(2)])
    for (let round = 0; round < 12; round += 1) {
      for (const slot of [1, 2]) show(slot, 'passed')
      await clock.sleep(2_000)
      for (const slot of [1, 2]) seen.add(idOn(slot))
    }
    expect(seen.size).toBe(26)
    expect(bus.boards().map(({ board }) => board.facts().platform)).toEqual(['p2', 'photon'])
  })

  it('count the boards they were given, and say once that none is left', async () => {
    const { clock, show, bus, done } = handsAt('boron:2', { boardsInAll: 3, holdMs: 100 })
    for (const slot of [1, 2]) show(slot, 'passed')
    await clock.sleep(2_000)
    expect(bus.boards()).toHaveLength(1)
    expect(done()).toBe(0)
    for (const slot of [1, 2]) show(slot, 'passed')
    await clock.sleep(2_000)
    expect(bus.boards()).toHaveLength(0)
    expect(done()).toBe(1)
    show(1, 'passed')
    await clock.sleep(2_000)
    expect(done()).toBe(1)
  })

  it('rest when the bench is closed', async () => {
    const { clock, show, idOn, ending } = handsAt('boron:1', { boardsInAll: 0, holdMs: 1_000 })
    const first = idOn(1)
    show(1, 'passed')
    await clock.sleep(500)
    ending.abort()
    await clock.sleep(5_000)
    expect(idOn(1)).toBe(first)
  })
})
