// Who a device is that speaks DFU: from its descriptors and its strings, however badly those are made.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBenchSpec } from '../../../src/main/sim/bench-spec.ts'
import { createDfuDevice } from '../../../src/main/sim/generic/dfu-device.ts'
import { createSimulatedBus } from '../../../src/main/sim/simulated-bus.ts'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import { identifyDevice } from '../../../src/main/station/devices/identify-device.ts'
import { instancesOf } from '../../../src/main/station/devices/instance-ids.ts'
import { stationQuirks } from '../../../src/main/station/devices/known-quirks.ts'
import { parsePortPath } from '../../../src/shared/model/ids.ts'
import { type ToldDevice, type ToldOptions, toldDevice } from './told-device.ts'

const signal = new AbortController().signal
const names = { 1: 'Acme', 2: 'Pump', 3: 'A1', 4: 'Program' } as const
const runTime = [[0xfe, 1, 1]] as const

function identify({ device, clock }: ToldDevice, quirks: string | null = null) {
  return identifyDevice(device, { clock, signal, book: stationQuirks(quirks) })
}

async function identityOf(options: ToldOptions, quirks: string | null = null) {
  const told = toldDevice(options)
  return { board: await identify(told, quirks), acts: told.acts, clock: told.clock }
}

describe('a device', () => {
  it('in DFU mode says who it is, what it can and which memories it has', async () => {
    const { board, acts } = await identityOf({ strings: names })
    expect(board).toEqual({
      kind: 'dfu',
      portPath: '1-1.2',
      mode: 'dfu',
      vendorId: 0x1209,
      productId: 0x0002,
      revision: 0x0102,
      manufacturer: { known: true, value: 'Acme' },
      productName: { known: true, value: 'Pump' },
      serialNumber: { known: true, value: 'A1' },
      twins: [],
      protocol: { known: true, value: 'dfu' },
      canUpload: true,
      canDownload: true,
      memories: [{ alternate: 0, name: 'Program' }],
      instances: instancesOf({ vendorId: 0x1209, productId: 0x0002, deviceRelease: 0x0102 }),
      quirks: [],
      isSharedLoader: false,
    })
    expect(acts).toEqual(['open', 'string 3', 'string 2', 'string 1', 'string 4', 'close'])
  })

  it('whose program runs says the version of that, and no memories', async () => {
    const { board } = await identityOf({ strings: names, alternates: runTime, deviceRelease: 0x0203 })
    expect(board).toMatchObject({ mode: 'normal', revision: 0x0203, memories: [] })
    expect(board.protocol).toEqual({ known: false, reason: 'its own program runs' })
  })

  it('speaks DfuSe where its descriptor, a name of a memory or a quirk says so', async () => {
    const map = '@Internal Flash  /0x08000000/128*0002Kg'
    const dfuse = { known: true, value: 'dfuse' }
    const functional = [0x0b, 255, 2048, 0x011a] as const
    const told = await identityOf({ strings: names, functional })
    const named = await identityOf({ strings: { ...names, 4: map } })
    const forced = await identityOf({ strings: names }, '[USB\\VID_1209]\nDfuForceVersion = 0x011a')
    expect([told.board.protocol, named.board.protocol, forced.board.protocol]).toEqual([dfuse, dfuse, dfuse])
    expect(named.board.memories).toEqual([{ alternate: 0, name: map }])
    const undone = await identityOf({ strings: names, functional }, '[USB\\VID_1209]\nDfuForceVersion = 0x0110')
    const outweighed = await identityOf({ strings: { ...names, 4: map } }, '[USB\\VID_1209]\nDfuForceVersion = 0x0110')
    expect([undone.board.protocol, outweighed.board.protocol]).toEqual(Array(2).fill({ known: true, value: 'dfu' }))
  })

  it('is what its quirks make of it', async () => {
    const text =
      '[USB\\VID_1209&PID_0002]\nFlags = force-dfu-mode,ignore-upload,enforce-requires\nDfuForceTimeout = 5000'
    const { board } = await identityOf({ strings: names, alternates: runTime }, text)
    expect(board).toMatchObject({ mode: 'dfu', canUpload: false, canDownload: true })
    expect(board.quirks).toEqual(['force-dfu-mode', 'ignore-upload', 'DfuForceTimeout=5000'])
  })

  it('with the loader of a chip is told apart from a product', async () => {
    const { board } = await identityOf({ strings: names, ids: { vendorId: 0x0483, productId: 0xdf11 } })
    expect(board).toMatchObject({ isSharedLoader: true, protocol: { known: true, value: 'dfuse' } })
  })

  it('that speaks FLIP says so', async () => {
    const ids = { vendorId: 0x03eb, productId: 0x2ff4 }
    const { board } = await identityOf({ strings: names, ids, alternates: [[0, 0, 0]], functional: null })
    expect(board).toMatchObject({ mode: 'dfu', isSharedLoader: true })
    expect(board.protocol).toEqual({ known: false, reason: 'it speaks FLIP, which is no DFU' })
  })

  it('without a functional descriptor is identified all the same', async () => {
    const { board } = await identityOf({ strings: names, functional: null })
    expect(board).toMatchObject({ mode: 'dfu', canDownload: true, serialNumber: { value: 'A1' } })
  })

  it('without a DFU interface is refused, and never opened', async () => {
    const told = toldDevice({ alternates: [[3, 1, 1]] })
    await expect(identify(told)).rejects.toMatchObject({ code: 'DFU_PROTOCOL' })
    expect(told.acts).toEqual([])
  })
})

describe('a string that cannot be read says why', () => {
  it('where the device has none', async () => {
    const indexes = { manufacturerIndex: 0, productIndex: 0, serialNumberIndex: 0 }
    const { board, acts } = await identityOf({ indexes, strings: { 4: 'Program' } })
    const none = { known: false, reason: 'the device has none' }
    expect([board.manufacturer, board.productName, board.serialNumber]).toEqual([none, none, none])
    expect(acts).toEqual(['open', 'string 4', 'close'])
  })

  it('where the device refuses, answers nonsense or says nothing in words', async () => {
    const strings = { 1: 'stalls!', 2: Uint8Array.of(9, 9), 3: ' \0\u0001 ', 4: 'late!' } as const
    const { board } = await identityOf({ strings })
    expect(board.manufacturer).toEqual({ known: false, reason: 'the device refuses to tell' })
    expect(board.productName).toEqual({
      known: false,
      reason: 'the device answers with something else: 1-1.2: string descriptor 2 is malformed: 0909',
    })
    expect(board.serialNumber).toEqual({ known: false, reason: 'the device has an empty one' })
    expect(board.memories).toEqual([{ alternate: 0, name: null }])
  })

  it('where the device is silent: three seconds, and the rest is not asked', async () => {
    const late = { 1: 'late!', 2: 'late!', 3: 'late!', 4: 'late!', 5: 'late!' } as const
    const alternates = Array.from({ length: 200 }, () => [0xfe, 1, 2] as const)
    const { board, clock } = await identityOf({ strings: late, alternates })
    expect(board.serialNumber).toEqual({ known: false, reason: 'the device did not answer in 1000 ms' })
    expect(board.memories).toHaveLength(200)
    expect(clock.monotonic()).toBe(3_000)
  })
})

describe('a string', () => {
  it('is cleaned: no control characters, no padding', async () => {
    const { board } = await identityOf({ strings: { ...names, 2: '\u001b[31mPump\u202e\0\0', 3: ' 00\n42\ud800 ' } })
    expect(board.productName).toEqual({ known: true, value: '[31mPump' })
    expect(board.serialNumber).toEqual({ known: true, value: '00\ufffd42' })
  })

  it('is read in the language that the device has', async () => {
    const { board, acts } = await identityOf({ strings: { ...names, 2: 'Pumpe' }, language: 0x0407 })
    expect(board.productName).toEqual({ known: true, value: 'Pumpe' })
    expect(acts.slice(0, 4)).toEqual(['open', 'string 3', 'string 0', 'string 3 in 0x407'])
  })

  it('of any bytes does no harm: the device is identified, or is gone', async () => {
    const told = fc.oneof(
      fc.uint8Array({ maxLength: 255 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('stalls!' as const, 'late!' as const),
    )
    const strings = fc.record({ 1: told, 2: told, 3: told, 4: told })
    await fc.assert(
      fc.asyncProperty(strings, async (any) => {
        const { board } = await identityOf({ strings: any })
        const shown = [board.manufacturer, board.productName, board.serialNumber].map((each) =>
          each.known ? each.value : each.reason,
        )
        expect(shown.join('')).not.toMatch(/[^\P{C}]/u)
        expect(shown.filter((text) => text === '' || text.length > 200)).toEqual([])
      }),
      { seed: 11, numRuns: 2_000 },
    )
  })
})

describe('a device that cannot be asked to the end', () => {
  it('is closed when it leaves, and that is told', async () => {
    const told = toldDevice({ strings: { ...names, 2: 'gone!' } })
    await expect(identify(told)).rejects.toMatchObject({ code: 'USB_GONE' })
    expect(told.acts.at(-1)).toBe('close')
  })

  it('is closed when nobody wants to know any more', async () => {
    const told = toldDevice({ strings: { ...names, 3: 'late!' } })
    const stop = new AbortController()
    const asked = identifyDevice(told.device, { clock: told.clock, signal: stop.signal, book: stationQuirks(null) })
    stop.abort(new Error('no more'))
    await expect(asked).rejects.toThrow()
    expect(told.acts.at(-1)).toBe('close')
  })
})

it('a simulated device is identified in both modes', async () => {
  for (const start of ['normal', 'dfu'] as const) {
    const [placed] = parseBenchSpec('dfu')
    if (placed?.kind !== 'dfu-device') return expect.unreachable()
    const clock = createVirtualClock()
    await using bus = createSimulatedBus({ clock, speed: 1 })
    bus.plug(parsePortPath('1-1') ?? expect.unreachable(), createDfuDevice({ ...placed.spec, start }))
    await clock.sleep(10_000)
    const [device] = bus.devices()
    if (!device) return expect.unreachable()
    const board = await identifyDevice(device, { clock, signal, book: stationQuirks(null) })
    expect(board).toMatchObject({
      mode: start,
      vendorId: 0x1209,
      productName: { known: true, value: 'Plain DFU Device' },
    })
    expect(board.memories.map(({ name }) => name)).toEqual(start === 'dfu' ? ['Program'] : [])
  }
})
