// Visits of DFU devices: their jobs, the verdict through resets and changes of mode, and the next device.
import { describe, expect, it } from 'vitest'
import { stProgram } from '../../../src/main/sim/generic/st-program.ts'
import type { SlotState, SlotView } from '../../../src/shared/model/slot.ts'
import { hasVerdict } from '../../scenarios/station-under-test.ts'
import {
  type DeviceBench,
  type DeviceBenchOptions,
  deviceBench,
  deviceRecipe,
  dfuDevice,
  particleBoard,
  port,
  programOf,
} from './device-bench.ts'
import { deviceAt } from './devices.ts'

const [slotPort, otherPort, chipPort] = [port('1-1.1'), port('1-1.2'), port('2-7')]
const newProgram = programOf(0x0102)
const flashRecipe = () => deviceRecipe([{ bytes: newProgram, version: '1.02' }])
const inState = (state: SlotState) => (slots: readonly SlotView[]) => slots[0]?.state === state

/** One slot, and a laptop's own DFU-capable chip on another port, which must never be opened. */
function oneSlot(options: Partial<DeviceBenchOptions> = {}): DeviceBench {
  const bench = deviceBench({ ports: [slotPort], recipe: flashRecipe(), ...options })
  bench.bus.plug(chipPort, dfuDevice({ start: 'dfu', device: { dfuId: '1209:000a' } }))
  return bench
}

const outcomes = (bench: DeviceBench) => bench.records().map(({ closing }) => closing?.outcome)
const takeOut = (bench: DeviceBench) => bench.bus.unplug(slotPort) ?? expect.unreachable()
const newWidget = (serial = 'W1') => dfuDevice({ serial })

async function passed(bench: DeviceBench, serial = 'W1') {
  const device = newWidget(serial)
  bench.bus.plug(slotPort, device)
  await bench.until(inState('passed'))
  return device
}

describe('a device that the recipe names', () => {
  it('is flashed by itself and shows its new version, and the chip beside it is never opened', async () => {
    const bench = oneSlot()
    const device = await passed(bench)
    expect(Buffer.compare(device.memory(0).subarray(0, newProgram.length), newProgram)).toBe(0)
    expect(bench.slot().board).toMatchObject({ kind: 'dfu', mode: 'normal', revision: 0x0102 })
    expect(bench.slot().job).toMatchObject({
      revisionBefore: '1.00',
      images: [{ proof: 'read-back', action: 'written' }],
    })
    expect(bench.slot().last).toMatchObject({ outcome: 'pass', name: '1209:0001 W1' })
    expect(bench.opened.filter((each) => each.includes('000a'))).toEqual([])
  })

  it('and is stuck in a loader of its own is recovered by itself', async () => {
    const bench = oneSlot()
    const device = dfuDevice({ start: 'dfu', serial: 'W1' })
    bench.bus.plug(slotPort, device)
    await bench.until(inState('passed'))
    expect(device.mode()).toBe('normal')
  })

  it('changes its mode before the start and is asked anew', async () => {
    const bench = oneSlot({ autoStart: false })
    const device = newWidget()
    bench.bus.plug(slotPort, device)
    await bench.until(inState('ready'))
    device.pressButton()
    await bench.until(([slot]) => slot?.board?.kind === 'dfu' && slot.board.mode === 'dfu')
    bench.station.dispatch({ kind: 'start', slots: [1] })
    await bench.until(inState('passed'))
  })

  it('is learnt like a board, and told as a stray where no slot is left', async () => {
    const bench = oneSlot({ ports: [null], learnsPorts: true, autoStart: false })
    bench.bus.plug(slotPort, newWidget('W1'))
    await bench.until(inState('ready'))
    bench.bus.plug(otherPort, newWidget('W2'))
    await bench.until(() => bench.news.length === 2)
    expect(bench.news).toEqual([
      { kind: 'learnt', slot: 1, portPath: slotPort },
      { kind: 'strays', ports: [otherPort] },
    ])
  })
})

describe('the verdict on a device', () => {
  it('stays as long as the device does, also through its own resets, and there is no second job', async () => {
    const bench = oneSlot()
    await passed(bench)
    for (const pauseMs of [0, 60_000]) {
      await bench.clock.sleep(pauseMs)
      bench.bus.plug(slotPort, takeOut(bench))
      await bench.clock.sleep(30_000)
      expect([bench.slot().state, outcomes(bench)]).toEqual(['passed', ['pass']])
    }
    takeOut(bench)
    await bench.until(inState('empty'))
    expect(bench.slot().last?.outcome).toBe('pass')
  })

  it('is not shown over a device that goes to its loader by hand: a person says what it is', async () => {
    const bench = oneSlot()
    const device = await passed(bench)
    await bench.clock.sleep(30_000)
    device.pressButton()
    await bench.clock.sleep(30_000)
    expect([device.mode(), bench.slot().state, outcomes(bench)]).toEqual(['dfu', 'ready', ['pass']])
    expect(bench.slot().question).toMatch(/is this the next one/)
  })

  it.each([
    ['W1', 'W2'],
    ['same', 'same'],
    ['none', 'none'],
    ['W1', 'none'],
  ])('ends when the device was taken out: the next one gets its job (%s, then %s)', async (before, after) => {
    const bench = oneSlot()
    await passed(bench, before)
    takeOut(bench)
    await bench.clock.sleep(10_000)
    expect(bench.slot().state).toBe('empty')
    bench.bus.plug(slotPort, newWidget(after))
    await bench.until(() => outcomes(bench).length === 2)
    await bench.until(inState('passed'))
    expect(outcomes(bench)).toEqual(['pass', 'pass'])
  })

  it('ends when the same device was taken out for a while: then it is a new visit', async () => {
    const bench = oneSlot()
    const device = await passed(bench, 'none')
    takeOut(bench)
    await bench.clock.sleep(10_000)
    bench.bus.plug(slotPort, device)
    await bench.until(() => outcomes(bench).length === 2)
  })

  it.each([
    ['another serial number', 'W1', { serial: 'W2' }],
    ['no serial number in place of one', 'W1', { serial: 'none' }],
    ['the version from before the flash', 'same', { serial: 'same' }],
  ])('ends however quickly when the next device has %s', async (_, first, next) => {
    const bench = oneSlot()
    await passed(bench, first)
    takeOut(bench)
    bench.bus.plug(slotPort, dfuDevice(next))
    await bench.until((slots) => slots.every(hasVerdict) && bench.records().length === 2)
    expect(outcomes(bench)).toEqual(['pass', 'pass'])
  })

  // What nobody can tell apart: the same ids, no serial number of its own, the same version, and back within a reset.
  it('is kept by a device that is exchanged within the time of a reset and equal in all it says', async () => {
    const bench = oneSlot({ ports: [slotPort, otherPort] })
    const twin = newWidget('none')
    bench.bus.plug(otherPort, twin)
    await passed(bench, 'none')
    await bench.until(([, slot]) => slot?.state === 'passed')
    await bench.clock.sleep(30_000)
    takeOut(bench)
    bench.bus.unplug(otherPort)
    bench.bus.plug(slotPort, twin)
    await bench.clock.sleep(30_000)
    expect([bench.slot().state, outcomes(bench)]).toEqual(['passed', ['pass', 'pass']])
  })

  it.each(['none', 'same'])(
    'is not shown over a loader that comes right after it: a person says whether it is the next (%s)',
    async (serial) => {
      const bench = oneSlot()
      await passed(bench, serial)
      takeOut(bench)
      bench.bus.plug(slotPort, dfuDevice({ start: 'dfu', serial }))
      await bench.until(inState('ready'))
      await bench.clock.sleep(60_000)
      const question =
        '1209:0002 came in its loader right after a board had passed: is this the next one? START says yes'
      expect(bench.slot()).toMatchObject({ state: 'ready', question })
      expect(outcomes(bench)).toEqual(['pass'])
      bench.station.dispatch({ kind: 'start', slots: [1] })
      await bench.until(inState('passed'))
      expect(outcomes(bench)).toEqual(['pass', 'pass'])
    },
  )

  it('gives way to a start: the device is asked and worked on again, and nothing is written twice', async () => {
    const bench = oneSlot()
    await passed(bench)
    bench.station.dispatch({ kind: 'start', slots: [1] })
    await bench.until(() => outcomes(bench)[1] !== undefined)
    await bench.until(inState('passed'))
    expect(bench.slot().job?.images).toMatchObject([{ action: 'unchanged', proof: 'read-back' }])
  })

  it('outlives another recipe, and the next device is worked on with that one', async () => {
    const other = deviceRecipe([{ name: 'Widget 2', bytes: programOf(0x0203) }])
    const bench = oneSlot({ files: other.files })
    await passed(bench)
    bench.station.dispatch({ kind: 'recipe', recipe: deviceRecipe([{ match: ['1209:0008'] }]).resolved })
    await bench.clock.sleep(30_000)
    bench.bus.plug(slotPort, takeOut(bench))
    await bench.clock.sleep(30_000)
    expect([bench.slot().state, outcomes(bench)]).toEqual(['passed', ['pass']])
    bench.station.dispatch({ kind: 'recipe', recipe: other.resolved })
    takeOut(bench)
    await bench.until(inState('empty'))
    const next = newWidget('W2')
    bench.bus.plug(slotPort, next)
    await bench.until(inState('passed'))
    expect(bench.slot().board).toMatchObject({ revision: 0x0203 })
  })

  it('stays when a mouse is put in after a device that had vanished in mid-job, until the next one comes', async () => {
    const bench = oneSlot()
    const device = newWidget()
    bench.bus.plug(slotPort, device)
    await bench.until(([slot]) => slot?.job?.progress?.stepKind === 'write')
    takeOut(bench)
    await bench.until(inState('error'))
    const mouse = deviceAt('1-1.1', 99, { vendorId: 0x046d, productId: 0xc077 })
    await bench.clock.sleep(30_000)
    bench.plugOther(mouse)
    await bench.clock.sleep(30_000)
    bench.unplugOther(mouse)
    expect(bench.slot()).toMatchObject({ state: 'error', fault: { code: 'USB_GONE' } })
    bench.bus.plug(slotPort, device)
    await bench.until(inState('passed'))
    expect(outcomes(bench)).toEqual(['error', 'pass'])
  })
})

describe('a device whose program is nothing that the recipe names', () => {
  const flashBase = 0x08000000
  const ids = { vendorId: 0x1209, productId: 0x0007 }
  const rom = (serial = 'R1') => dfuDevice({ platform: 'stm32', serial })

  /** One slot with a blank chip in its ROM, flashed with a program that offers no DFU, or does not use USB at all. */
  async function flashed(shows: 'no-dfu' | 'dark', serial?: string) {
    const bytes = stProgram({ ids, release: 0x0100, shows }, flashBase, Uint8Array.of(1, 2, 3, 4))
    const bench = oneSlot({
      recipe: deviceRecipe([{ match: ['0483:df11'], loader: 'take', address: flashBase, bytes }]),
    })
    bench.bus.plug(slotPort, rom(serial))
    await bench.until((slots) => slots.every(hasVerdict))
    expect(outcomes(bench)).toEqual(['pass'])
    return bench
  }
  const keyboard = deviceAt('1-1.1', 99, { vendorId: 0x046d, productId: 0xc31c })

  it.each(['no-dfu', 'dark'] as const)('keeps its verdict (%s), and its successor gets a job', async (shows) => {
    const bench = await flashed(shows)
    await bench.clock.sleep(60_000)
    expect(bench.slot().state).toBe('passed')
    takeOut(bench)
    await bench.clock.sleep(10_000)
    bench.bus.plug(slotPort, rom('R2'))
    await bench.until((slots) => slots.every(hasVerdict) && bench.records().length === 2)
    expect([bench.slot().state, outcomes(bench)]).toEqual(['passed', ['pass', 'pass']])
  })

  it('keeps its verdict through the resets of its program', async () => {
    const bench = await flashed('no-dfu')
    takeOut(bench)
    const back = dfuDevice({ platform: 'stm32', start: 'normal', device: { program: 'no-dfu', normalId: '1209:0007' } })
    bench.bus.plug(slotPort, back)
    await bench.clock.sleep(30_000)
    expect([bench.slot().state, outcomes(bench)]).toEqual(['passed', ['pass']])
  })

  it('gives way at once to a successor with another serial number', async () => {
    const bench = await flashed('dark')
    takeOut(bench)
    bench.bus.plug(slotPort, rom('R2'))
    await bench.until(() => outcomes(bench)[1] === 'pass')
  })

  it('is not shown over a successor that comes at once and tells no serial number: a person is asked', async () => {
    const bench = await flashed('dark', 'none')
    takeOut(bench)
    bench.bus.plug(slotPort, rom('none'))
    await bench.until(inState('ready'))
    expect(bench.slot().question).toContain('is this the next one?')
  })

  it('keeps it when the program comes to the bus late, and shows what that is, until the device is taken out', async () => {
    const bench = await flashed('dark')
    await bench.clock.sleep(1_000)
    bench.plugOther(keyboard)
    await bench.clock.sleep(30_000)
    expect(bench.slot()).toMatchObject({ state: 'passed', bystander: 'USB device 046d:c31c: left alone' })
    bench.unplugOther(keyboard)
    await bench.clock.sleep(1_000)
    bench.plugOther(keyboard)
    await bench.clock.sleep(30_000)
    expect(bench.slot().state).toBe('passed')
    bench.unplugOther(keyboard)
    await bench.until(inState('empty'))
    expect([bench.slot().bystander, bench.slot().last?.outcome]).toEqual([null, 'pass'])
    expect(bench.opened.filter((each) => each.startsWith('046d'))).toEqual([])
  })

  it('gives it up to a DFU device that nobody names: that one was put in', async () => {
    const bench = await flashed('dark')
    takeOut(bench)
    bench.bus.plug(slotPort, dfuDevice())
    await bench.until(inState('refused'))
    expect(bench.slot().fault?.code).toBe('DEVICE_UNKNOWN')
  })
})

describe('a device that is taken out', () => {
  const steps = ['enter-dfu', 'write', 'verify', 'leave-dfu'] as const

  it.each(steps)('in the step %s leaves an error, and is worked on when it is back', async (stepKind) => {
    const bench = oneSlot()
    const device = newWidget()
    bench.bus.plug(slotPort, device)
    while (bench.slot().job?.progress?.stepKind !== stepKind) {
      if (hasVerdict(bench.slot())) return expect.unreachable(`the job has no step ${stepKind}`)
      await bench.clock.sleep(5)
    }
    takeOut(bench)
    await bench.until(([slot]) => slot !== undefined && hasVerdict(slot))
    expect(['error', 'failed']).toContain(bench.slot().state)
    expect(outcomes(bench)).toHaveLength(1)
    await bench.clock.sleep(20_000)
    bench.bus.plug(slotPort, device)
    await bench.until(inState('passed'))
    expect(outcomes(bench).at(-1)).toBe('pass')
  })

  it.each([0, 150, 300, 600, 900])('%i ms after it was plugged in leaves an empty slot', async (delayMs) => {
    const bench = oneSlot({ autoStart: false })
    bench.bus.plug(slotPort, newWidget())
    await bench.clock.sleep(delayMs)
    takeOut(bench)
    await bench.clock.sleep(10_000)
    expect([bench.slot().state, bench.records()]).toEqual(['empty', []])
  })
})

describe('many devices with one serial number, and some with none', () => {
  it('are flashed side by side, each on its port, and the ledger says that the port tells them apart', async () => {
    const serials = ['same', 'same', 'none', 'none', 'W5', 'same', 'none', 'W8']
    const ports = serials.map((_, at) => port(`1-1.${at + 1}`))
    const bench = deviceBench({ ports, recipe: flashRecipe() })
    const devices = serials.map((serial) => newWidget(serial))
    for (const [at, device] of devices.entries()) bench.bus.plug(ports[at] ?? slotPort, device)
    await bench.verdicts()
    expect(bench.station.slots().map(({ state }) => state)).toEqual(serials.map(() => 'passed'))
    for (const device of devices) {
      expect(Buffer.compare(device.memory(0).subarray(0, newProgram.length), newProgram)).toBe(0)
    }
    const names = bench.station.slots().map(({ last }) => last?.name)
    const expected = serials.map((serial, at) => (serial.startsWith('W') ? serial : `on ${ports[at]}`))
    expect(names).toEqual(expected.map((name) => `1209:0001 ${name}`))
    expect(new Set(bench.records().map(({ portPath }) => portPath)).size).toBe(8)
  })
})

describe('a recipe that changes under way', () => {
  it('does not touch the job that runs', async () => {
    const bench = oneSlot()
    bench.bus.plug(slotPort, newWidget())
    await bench.until(([slot]) => slot?.job?.progress?.stepKind === 'write')
    bench.station.dispatch({ kind: 'recipe', recipe: null })
    await bench.until(inState('passed'))
    expect(bench.slot().board).toMatchObject({ revision: 0x0102 })
  })

  it('to one for Particle boards lets no job begin on the device', async () => {
    const bench = oneSlot({ autoStart: false })
    bench.bus.plug(slotPort, newWidget())
    await bench.until(inState('ready'))
    bench.station.dispatch({ kind: 'recipe', recipe: deviceRecipe([{ match: ['1209:0008'] }]).resolved })
    bench.station.dispatch({ kind: 'start', slots: [1] })
    await bench.clock.sleep(20_000)
    expect([bench.slot().state, bench.records()]).toEqual(['refused', []])
  })
})

describe('a Particle board under a recipe for other devices', () => {
  it('is no board of this recipe when it is started', async () => {
    const bench = oneSlot({ autoStart: false })
    bench.bus.plug(slotPort, particleBoard('boron'))
    await bench.until(inState('ready'))
    bench.station.dispatch({ kind: 'start', slots: [1] })
    await bench.until(inState('failed'))
    expect(bench.slot().fault?.code).toBe('DEVICE_UNKNOWN')
  })
})
