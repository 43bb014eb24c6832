// A device found in a loader whose ids many products share: a person says what it is, unless its program was just seen.
import { describe, expect, it } from 'vitest'
import type { SlotView } from '../../../src/shared/model/slot.ts'
import { deviceBench, deviceRecipe, dfuDevice, port } from './device-bench.ts'

const slotPort = port('1-1.1')
const rom = '0483:df11'
const isReady = ([slot]: readonly SlotView[]) => slot?.state === 'ready'
const asked = '0483:df11 is a loader that many products share: is this a Widget? START says yes'

function romBench(
  wish: Parameters<typeof deviceRecipe>[0][number] = {},
  others: Parameters<typeof deviceRecipe>[0] = [],
) {
  const widget = { match: [rom, '1209:0003'], ...wish }
  return deviceBench({ ports: [slotPort], recipe: deviceRecipe([widget, ...others]) })
}

describe('a device in a shared loader', () => {
  it('waits with a question, and a start says yes', async () => {
    const bench = romBench()
    bench.bus.plug(slotPort, dfuDevice({ platform: 'stm32' }))
    await bench.until(isReady)
    await bench.clock.sleep(60_000)
    expect(bench.slot()).toMatchObject({ state: 'ready', question: asked })
    expect(bench.records()).toEqual([])
    bench.station.dispatch({ kind: 'start', slots: [1] })
    await bench.until(([slot]) => slot?.state === 'passed')
    expect(bench.slot().question).toBeNull()
  })

  it('is not answered for by a start from before the question', async () => {
    const bench = romBench()
    await bench.until(([slot]) => slot?.state === 'empty')
    bench.bus.plug(slotPort, dfuDevice({ platform: 'stm32' }))
    for (let ms = 0; ms < 5_000 && bench.slot().state === 'empty'; ms += 1) await bench.clock.sleep(1)
    expect(bench.slot().state).toBe('identifying')
    bench.station.dispatch({ kind: 'start', slots: [1] })
    await bench.until(isReady)
    await bench.clock.sleep(60_000)
    expect(bench.slot()).toMatchObject({ state: 'ready', question: asked })
    expect(bench.records()).toEqual([])
  })

  it('is taken by itself where the recipe says so', async () => {
    const bench = romBench({ loader: 'take' })
    bench.bus.plug(slotPort, dfuDevice({ platform: 'stm32' }))
    await bench.until(([slot]) => slot?.state === 'passed')
  })

  it('is asked about anew when another one comes', async () => {
    const bench = romBench()
    const device = dfuDevice({ platform: 'stm32' })
    bench.bus.plug(slotPort, device)
    await bench.until(isReady)
    bench.station.dispatch({ kind: 'start', slots: [1] })
    await bench.until(([slot]) => slot?.state === 'passed')
    bench.bus.unplug(slotPort)
    await bench.until(([slot]) => slot?.state === 'empty')
    bench.bus.plug(slotPort, dfuDevice({ platform: 'stm32', serial: 'other' }))
    await bench.until(isReady)
    expect(bench.slot().question).toBe(asked)
  })

  it('is no question any more under a recipe that takes it', async () => {
    const bench = romBench()
    bench.bus.plug(slotPort, dfuDevice({ platform: 'stm32' }))
    await bench.until(isReady)
    const taking = deviceRecipe([{ match: [rom, '1209:0003'], loader: 'take' }])
    bench.station.dispatch({ kind: 'recipe', recipe: taking.resolved })
    await bench.until(([slot]) => slot?.state === 'passed')
  })
})

describe('a device whose program was seen just before', () => {
  const running = { platform: 'stm32', start: 'normal', device: { program: 'dfu-runtime', normalId: '1209:0003' } }

  it('starts by itself in its loader', async () => {
    const bench = romBench()
    bench.station.dispatch({ kind: 'auto-start', on: false })
    const device = dfuDevice(running)
    bench.bus.plug(slotPort, device)
    await bench.until(isReady)
    device.pressButton()
    await bench.until(([slot]) => slot?.board?.kind === 'dfu' && slot.board.mode === 'dfu')
    expect(bench.slot().question).toBeNull()
    bench.station.dispatch({ kind: 'auto-start', on: true })
    await bench.until(([slot]) => slot?.state === 'passed')
  })

  it('belongs to the entry of that program, also where another names the loader first', async () => {
    const bench = romBench({ name: 'First', match: [rom, '1209:0004'] }, [
      { name: 'Second', match: ['1209:0003', rom] },
    ])
    bench.station.dispatch({ kind: 'auto-start', on: false })
    const device = dfuDevice(running)
    bench.bus.plug(slotPort, device)
    await bench.until(isReady)
    device.pressButton()
    await bench.until(([slot]) => slot?.board?.kind === 'dfu' && slot.board.mode === 'dfu')
    expect(bench.slot().question).toBeNull()
  })

  it('is a riddle again when it was away for longer than a reset', async () => {
    const bench = romBench({ name: 'First', match: [rom, '1209:0004'] }, [
      { name: 'Second', match: ['1209:0003', rom] },
    ])
    bench.station.dispatch({ kind: 'auto-start', on: false })
    bench.bus.plug(slotPort, dfuDevice(running))
    await bench.until(isReady)
    bench.bus.unplug(slotPort)
    await bench.clock.sleep(5_000)
    bench.bus.plug(slotPort, dfuDevice({ platform: 'stm32' }))
    await bench.until(isReady)
    const more = ' (the recipe has it for Second, too: those must come running)'
    expect(bench.slot().question).toBe(asked.replace('Widget', 'First') + more)
  })
})
