// What is on the bus and no board of the recipe: shown where it stands in a slot, and never opened.
import { describe, expect, it } from 'vitest'
import type { UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import { usbIdText } from '../../../src/shared/model/dfu-identity.ts'
import { deviceBench, deviceRecipe, dfuDevice, particleBoard, particleRecipe, port } from './device-bench.ts'
import { deviceAt } from './devices.ts'

const [slotPort, otherPort] = [port('1-1.1'), port('1-1.2')]
const anotherRecipe = () => deviceRecipe([{ name: 'Gadget', match: ['1209:0005', '1209:0006'] }])
const widgetRecipe = () => deviceRecipe([{}])

/** A device with one interface of this class. */
function deviceOfClass(interfaceClass: readonly [number, number, number], at = slotPort): UsbDevice {
  const configuration = [9, 2, 18, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 0, ...interfaceClass, 0]
  const device = deviceAt(at, 9, { vendorId: 0x046d, productId: 0xc077 })
  return { ...device, configuration: () => Uint8Array.from(configuration) }
}

describe('a DFU device that no recipe names', () => {
  it.each(['normal', 'dfu'] as const)(
    'is named on a slot in %s mode where there is no recipe, and left alone',
    async (start) => {
      const bench = deviceBench({ ports: [slotPort], recipe: null, learnsPorts: true })
      const device = dfuDevice({ start })
      bench.bus.plug(slotPort, device)
      await bench.clock.sleep(60_000)
      const bystander = `DFU device 1209:000${start === 'dfu' ? 2 : 1}: left alone, no recipe names it`
      expect(bench.slot()).toMatchObject({ state: 'empty', board: null, fault: null, bystander })
      expect([device.mode(), device.account().transfers, bench.opened]).toEqual([start, 0, []])
      bench.bus.unplug(slotPort)
      await bench.clock.sleep(10_000)
      expect(bench.slot()).toMatchObject({ state: 'empty', bystander: null })
    },
  )

  it('is refused on a slot whose recipe is for other devices, with both identities, and is not opened', async () => {
    const bench = deviceBench({ ports: [slotPort], recipe: anotherRecipe() })
    bench.bus.plug(slotPort, dfuDevice())
    await bench.clock.sleep(60_000)
    const detail = '1209:0001 is in the slot and Widgets is for Gadget (1209:0005, 1209:0006): left alone'
    expect(bench.slot()).toMatchObject({ state: 'refused', board: null, fault: { code: 'DEVICE_UNKNOWN', detail } })
    bench.station.dispatch({ kind: 'start', slots: [1] })
    await bench.clock.sleep(10_000)
    expect([bench.slot().state, bench.opened, bench.records()]).toEqual(['refused', [], []])
  })

  it('is refused likewise where the recipe is for Particle boards', async () => {
    const bench = deviceBench({ ports: [slotPort], recipe: particleRecipe() })
    bench.bus.plug(slotPort, dfuDevice())
    await bench.clock.sleep(10_000)
    const detail = '1209:0001 is in the slot and Borons is for Particle boron: left alone'
    expect(bench.slot()).toMatchObject({ state: 'refused', fault: { code: 'DEVICE_UNKNOWN', detail } })
    expect(bench.opened).toEqual([])
  })

  it('is no news on any other port: no slot learns it, it is no stray, and it is never opened', async () => {
    const bench = deviceBench({ ports: [null], recipe: anotherRecipe(), learnsPorts: true })
    bench.station.dispatch({ kind: 'learn', slot: 1 })
    const chip = dfuDevice({ start: 'dfu' })
    bench.bus.plug(otherPort, chip)
    await bench.clock.sleep(60_000)
    bench.bus.unplug(otherPort)
    await bench.clock.sleep(10_000)
    expect([bench.slot().state, bench.slot().portPath, bench.news]).toEqual(['off', null, []])
    expect([chip.account().transfers, bench.opened]).toEqual([0, []])
  })

  it('is found on a port that becomes a slot later', async () => {
    const bench = deviceBench({ ports: [null], recipe: anotherRecipe() })
    bench.bus.plug(slotPort, dfuDevice({ start: 'dfu' }))
    await bench.clock.sleep(10_000)
    bench.station.dispatch({ kind: 'assign', ports: [slotPort], learnsPorts: false })
    await bench.clock.sleep(10_000)
    expect([bench.slot().state, bench.opened]).toEqual(['refused', []])
  })

  it('makes room for a board that takes its place', async () => {
    const bench = deviceBench({ ports: [slotPort], recipe: null })
    bench.bus.plug(slotPort, dfuDevice())
    await bench.clock.sleep(10_000)
    bench.bus.unplug(slotPort)
    bench.bus.plug(slotPort, particleBoard('boron'))
    await bench.clock.sleep(60_000)
    expect(bench.slot()).toMatchObject({ state: 'ready', bystander: null, board: { platform: 'boron' } })
  })
})

describe('a device that is no board at all', () => {
  it.each([
    ['mouse', [3, 1, 2]],
    ['keyboard', [3, 1, 1]],
    ['USB disk', [8, 6, 0x50]],
    ['Bluetooth adapter', [0xe0, 1, 1]],
    ['USB device', [0xff, 0, 0]],
  ] as const)('is named in a slot (%s) and ignored', async (words, interfaceClass) => {
    const bench = deviceBench({ ports: [slotPort], recipe: widgetRecipe() })
    const device = deviceOfClass(interfaceClass)
    bench.plugOther(device)
    await bench.clock.sleep(10_000)
    expect(bench.slot()).toMatchObject({ state: 'empty', bystander: `${words} 046d:c077: left alone` })
    bench.unplugOther(device)
    await bench.clock.sleep(1_000)
    expect([bench.slot().bystander, bench.opened]).toEqual([null, []])
  })

  it('is nothing on other ports, also where the bench learns', async () => {
    const bench = deviceBench({ ports: [null], recipe: widgetRecipe(), learnsPorts: true })
    bench.plugOther(deviceOfClass([3, 1, 2], otherPort))
    await bench.clock.sleep(10_000)
    expect([bench.slot().portPath, bench.news, bench.opened]).toEqual([null, [], []])
  })
})

describe('another recipe', () => {
  it('makes a board of a device that it names, and lets it go when it is named no more', async () => {
    const bench = deviceBench({ ports: [slotPort], recipe: anotherRecipe(), autoStart: false })
    bench.bus.plug(slotPort, dfuDevice())
    await bench.until(([slot]) => slot?.state === 'refused')
    bench.station.dispatch({ kind: 'recipe', recipe: widgetRecipe().resolved })
    await bench.until(([slot]) => slot?.state === 'ready')
    expect(bench.slot().board).toMatchObject({ kind: 'dfu', productId: 1, mode: 'normal' })
    bench.station.dispatch({ kind: 'recipe', recipe: anotherRecipe().resolved })
    await bench.until(([slot]) => slot?.state === 'refused')
    bench.station.dispatch({ kind: 'recipe', recipe: null })
    await bench.until(([slot]) => slot?.bystander !== null)
    expect(bench.slot()).toMatchObject({ state: 'empty', board: null, fault: null })
    expect(bench.opened).toEqual(['1209:0001 on 1-1.1'])
  })

  it('that names the device as the one before does changes nothing', async () => {
    const bench = deviceBench({ ports: [slotPort], recipe: widgetRecipe(), autoStart: false })
    bench.bus.plug(slotPort, dfuDevice())
    await bench.until(([slot]) => slot?.state === 'ready')
    bench.station.dispatch({ kind: 'recipe', recipe: widgetRecipe().resolved })
    await bench.clock.sleep(10_000)
    expect([bench.slot().state, bench.opened]).toEqual(['ready', ['1209:0001 on 1-1.1']])
  })

  it('gives free slots to the devices that it names, and tells those that get none', async () => {
    const bench = deviceBench({ ports: [null], recipe: anotherRecipe(), learnsPorts: true, autoStart: false })
    bench.bus.plug(slotPort, dfuDevice())
    bench.bus.plug(otherPort, dfuDevice())
    await bench.clock.sleep(10_000)
    expect(bench.news).toEqual([])
    bench.station.dispatch({ kind: 'recipe', recipe: widgetRecipe().resolved })
    await bench.until(([slot]) => slot?.state === 'ready')
    expect(bench.news).toEqual([
      { kind: 'learnt', slot: 1, portPath: slotPort },
      { kind: 'strays', ports: [otherPort] },
    ])
    bench.station.dispatch({ kind: 'recipe', recipe: anotherRecipe().resolved })
    await bench.clock.sleep(10_000)
    expect(bench.news.at(-1)).toEqual({ kind: 'strays', ports: [] })
  })

  it('does not touch the device that a slot was to learn: nobody has plugged it in', async () => {
    const bench = deviceBench({ ports: [null], recipe: anotherRecipe(), autoStart: false })
    bench.bus.plug(slotPort, dfuDevice())
    bench.station.dispatch({ kind: 'learn', slot: 1 })
    await bench.clock.sleep(10_000)
    bench.station.dispatch({ kind: 'recipe', recipe: widgetRecipe().resolved })
    await bench.clock.sleep(10_000)
    expect([bench.slot().portPath, bench.news]).toEqual([null, [{ kind: 'strays', ports: [slotPort] }]])
  })
})

describe('a device that the recipe names and that offers no DFU', () => {
  it('is refused in a slot until a person brings it into its loader, and learnt nowhere', async () => {
    const bench = deviceBench({
      ports: [slotPort, null],
      recipe: deviceRecipe([{ match: ['046d:c077'] }]),
      learnsPorts: true,
    })
    const device = deviceOfClass([3, 1, 2])
    bench.plugOther(device)
    bench.plugOther(deviceOfClass([3, 1, 2], otherPort))
    await bench.until(([slot]) => slot?.state === 'refused')
    const detail = `${usbIdText(device)} (Widget) runs a program that offers no DFU`
    expect(bench.slot().fault).toEqual({ code: 'DFU_BY_BUTTON', detail })
    expect([bench.slot(2).portPath, bench.news, bench.opened]).toEqual([null, [], []])
  })
})

describe('quirks', () => {
  it('that come later are in force for what is there already', async () => {
    const bench = deviceBench({ ports: [slotPort], recipe: widgetRecipe(), autoStart: false })
    bench.bus.plug(slotPort, dfuDevice({ start: 'dfu' }))
    await bench.until(([slot]) => slot?.state === 'ready')
    expect(bench.slot().board).toMatchObject({ quirks: [], canUpload: true })
    bench.station.dispatch({ kind: 'quirks', text: '[USB\\VID_1209&PID_0002]\nFlags = ignore-upload\n' })
    await bench.until(([slot]) => slot?.state === 'ready' && slot.board?.kind === 'dfu' && !slot.board.canUpload)
    expect(bench.slot().board).toMatchObject({ quirks: ['ignore-upload'] })
  })

  it('that cannot be read are told as an error, and stop nothing', async () => {
    const bench = deviceBench({ ports: [slotPort], recipe: widgetRecipe(), autoStart: false })
    bench.station.dispatch({ kind: 'quirks', text: 'Flags = ignore-upload\n' })
    bench.bus.plug(slotPort, dfuDevice({ start: 'dfu' }))
    await bench.until(([slot]) => slot?.state === 'ready')
    expect(bench.slot().board).toMatchObject({ quirks: [] })
    expect(bench.log.filter((line) => line.startsWith('error'))).toEqual([expect.stringContaining('QUIRKS_INVALID')])
  })
})
