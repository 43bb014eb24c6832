import { describe, expect, it } from 'vitest'
import { makeFacts } from '../../src/main/sim/board-identity.ts'
import { createSimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { parsePortPath } from '../../src/shared/model/ids.ts'
import { arrival, benchOf, departure, dfuHost, limits, openDfu } from './dfu-host.ts'

const port = (text: string) => parsePortPath(text) ?? expect.unreachable()
const vendorIn = (request: number, index: number) => ({ requestType: 0xc0, request, value: 0, index })
const getString = (index: number) => ({ requestType: 0x80, request: 6, value: 0x0300 | index, index: 0x0409 })
const textOf = (bytes: Uint8Array) => Buffer.from(bytes.subarray(2)).toString('utf16le')

describe('a board on the simulated bus', () => {
  it('arrives in normal mode after its boot, switches to DFU by request 50 and comes back after a leave', async () => {
    const { bus, board, clock } = benchOf({ platform: 'boron' })
    expect(board.mode()).toBe('booting')
    const normal = await arrival(bus, 0xc00d)
    expect(board.mode()).toBe('normal')
    await normal.open(limits.signal)
    await normal.controlIn(vendorIn(1, 50), 64, limits)
    const askedAt = clock.monotonic()
    while ((await normal.controlIn(vendorIn(2, 1), 64, limits))[4] !== 0);
    await departure(bus, normal)
    expect(clock.monotonic() - askedAt).toBeCloseTo(1000, -1)
    await expect(normal.controlIn(vendorIn(1, 50), 64, limits)).rejects.toMatchObject({ code: 'USB_GONE' })

    const dfu = await arrival(bus, 0xd00d)
    expect(dfu.portPath).toBe(normal.portPath)
    expect(dfu.deviceAddress).not.toBe(normal.deviceAddress)
    await dfu.open(limits.signal)
    await dfu.claim(0)
    const host = dfuHost(dfu)
    await host.home()
    expect(await host.leave()).toMatchObject({ state: 7 })
    const leftAt = clock.monotonic()
    await departure(bus, dfu)
    expect(clock.monotonic() - leftAt).toBeCloseTo(500, -1)
    await arrival(bus, 0xc00d)
    expect(board.mode()).toBe('normal')
  })

  it.each([
    ['photon', ['c006', 'd006'], [0x0250, 0x0250]],
    ['boron', ['c00d', 'd00d'], [0x0102, 0x0251]],
    ['p2', ['c020', 'd020'], [0x0251, 0x0252]],
  ] as const)('shows the ids of a %s in both modes', async (platform, productIds, releases) => {
    const normal = await arrival(benchOf({ platform }).bus)
    const dfu = await arrival(benchOf({ platform, start: 'dfu' }).bus)
    expect([normal, dfu].map((d) => [d.vendorId, d.productId.toString(16)])).toEqual([
      [0x2b04, productIds[0]],
      [0x2b04, productIds[1]],
    ])
    expect([normal, dfu].map((d) => d.deviceRelease)).toEqual(releases)
  })

  it.each(['photon', 'boron', 'p2'] as const)(
    'gives the device ID of a %s as serial string in both modes',
    async (platform) => {
      for (const start of ['normal', 'dfu']) {
        const { bus, board } = benchOf({ platform, start })
        const device = await arrival(bus)
        await device.open(limits.signal)
        const bytes = await device.controlIn(getString(device.serialNumberIndex), 255, limits)
        expect(textOf(bytes)).toBe(board.facts().deviceId)
      }
    },
  )

  it.each([
    ['photon', [6, 7]],
    ['boron', [6, 7, 8]],
    ['p2', [5, 6]],
  ] as const)(
    'has the DFU configuration of a %s: alternates, memory strings, functional descriptor',
    async (platform, names) => {
      const { bus } = benchOf({ platform, start: 'dfu' })
      const device = await arrival(bus)
      await device.open(limits.signal)
      const raw = device.configuration()
      expect(raw.length).toBe(9 + 9 * names.length + 9)
      expect([...raw.subarray(0, 9)].filter((_, n) => n !== 2 && n !== 6)).toEqual([9, 2, 0, 1, 1, 0xc0, 0x32])
      for (const [alternate, name] of names.entries()) {
        const at = 9 + 9 * alternate
        expect([...raw.subarray(at, at + 9)]).toEqual([9, 4, 0, alternate, 0, 0xfe, 1, 2, name])
        expect(textOf(await device.controlIn(getString(name), 255, limits))).toMatch(
          /^@(Internal|DCT|External) Flash {3}\/0x/,
        )
      }
      const functional = [9, 0x21, 0x0b, 0xff, 0, 0, 0x10, 0x1a, 0x01]
      expect([...raw.subarray(-9)]).toEqual(functional)
      const asked = { requestType: 0x81, request: 6, value: 0x2100, index: 0 }
      expect([...(await device.controlIn(asked, 9, limits))]).toEqual(functional)
    },
  )

  it.each([
    ['boron', 2],
    ['p2', 0],
  ] as const)('has the control interface of a %s at number %i, by class ff/ff/ff', async (platform, number) => {
    const raw = (await arrival(benchOf({ platform }).bus)).configuration()
    const interfaces: [number, string][] = []
    for (let at = 0; at < raw.length; at += raw[at] ?? raw.length) {
      if (raw[at + 1] === 4)
        interfaces.push([raw[at + 2] ?? -1, Buffer.from(raw.subarray(at + 5, at + 8)).toString('hex')])
    }
    expect(raw.length).toBe((raw[2] ?? 0) | ((raw[3] ?? 0) << 8))
    expect(interfaces.find(([, code]) => code === 'ffffff')?.[0]).toBe(number)
    expect(interfaces.map(([, code]) => code).sort()).toEqual(['020201', '0a0000', 'ffffff'])
  })

  it('answers the Microsoft OS descriptors in both modes, for the right interface only', async () => {
    for (const [platform, start, guid, number, zeros] of [
      ['boron', 'dfu', '{37fb5f90-1a34-4929-933b-8a27e1850033}', 0, 10],
      ['boron', 'normal', '{20b6cfa4-6dc7-468a-a8db-faa7c23ddea5}', 2, 10],
      ['p2', 'normal', '{20b6cfa4-6dc7-468a-a8db-faa7c23ddea5}', 0, 64],
    ] as const) {
      const device = await arrival(benchOf({ platform, start }).bus)
      await device.open(limits.signal)
      const string = await device.controlIn(getString(0xee), 255, limits)
      expect(textOf(string).slice(0, 7)).toBe('MSFT100')
      expect(string[16]).toBe(0xee)
      const compatible = await device.controlIn(vendorIn(0xee, 4), 64, limits)
      expect(Buffer.from(compatible).includes('WINUSB')).toBe(true)
      expect([compatible.length, compatible[16]]).toEqual([40, number])
      const extended = { requestType: 0xc1, request: 0xee, value: number, index: 5 }
      const properties = await device.controlIn(extended, 255, limits)
      expect(properties.length).toBe(properties[0])
      expect(Buffer.from(properties).toString('utf16le')).toContain(guid)
      const dummy = await device.controlIn({ ...extended, value: 1 }, 255, limits)
      expect([...dummy]).toEqual(new Array(zeros).fill(0))
    }
  })

  it('stalls unknown vendor requests in DFU mode', async () => {
    const { device } = await openDfu(benchOf({ platform: 'p2', start: 'dfu' }).bus)
    await expect(device.controlIn(vendorIn(1, 20), 64, limits)).rejects.toMatchObject({ code: 'USB_STALL' })
  })

  it('tells its security mode in string 0xFA where the bootloader is new enough, else stalls', async () => {
    const told = async (deviceOs: string, rest: object = {}) => {
      const device = await arrival(benchOf({ platform: 'boron', start: 'dfu', deviceOs, ...rest }).bus)
      await device.open(limits.signal)
      return textOf(await device.controlIn(getString(0xfa), 255, limits))
    }
    expect(await told('6.2.1')).toBe('sm=o\0\0\0\0')
    expect(await told('6.2.1', { protected: true })).toBe('sm=p\0\0\0\0')
    expect(await told('6.2.1', { protected: 'service' })).toBe('sm=s\0\0\0\0')
    await expect(told('5.6.0')).rejects.toMatchObject({ code: 'USB_STALL' })
  })

  it('tells that it is protected again as soon as its override is cleared, in DFU mode and in normal mode', async () => {
    const spec = { platform: 'boron', deviceOs: '6.2.1', protected: 'service' }
    const host = await openDfu(benchOf({ ...spec, start: 'dfu' }).bus)
    await host.home()
    expect(textOf(await host.device.controlIn(getString(6), 255, limits))).toContain('47*004Kg')
    await host.download(0, [0xfb])
    expect(textOf(await host.device.controlIn(getString(0xfa), 255, limits))).toBe('sm=p\0\0\0\0')
    expect(textOf(await host.device.controlIn(getString(6), 255, limits))).toContain('47*004Kb')

    const { bus } = benchOf(spec)
    const normal = await arrival(bus)
    await normal.open(limits.signal)
    // Request 77 without a message ends the override; the result of 76 then says state 1 in place of overridden 1.
    for (const [id, type] of [77, 76].entries()) {
      await normal.controlIn(vendorIn(1, type), 64, limits)
      while ((await normal.controlIn(vendorIn(2, id + 1), 64, limits))[4] !== 0);
    }
    expect([...(await normal.controlIn(vendorIn(4, 2), 2, limits))]).toEqual([8, 1])
  })

  it('starts DFU mode in a state that the host must recover from', async () => {
    const host = await openDfu(benchOf({ platform: 'boron', start: 'dfu' }).bus)
    expect(await host.status()).toMatchObject({ status: 0x0e, state: 10 })
    expect(await host.home()).toMatchObject({ status: 0, state: 2 })
  })

  it('stays in DFU mode when a request comes after dfuMANIFEST, but not for a string that udev reads', async () => {
    const { bus, clock } = benchOf({ platform: 'boron', start: 'dfu' })
    const host = await openDfu(bus)
    await host.home()
    await host.leave()
    await expect(host.status()).rejects.toMatchObject({ code: 'USB_STALL' })
    await clock.sleep(5000)
    expect(bus.devices()).toContain(host.device)
    await host.home()
    await host.leave()
    await host.device.controlIn(getString(3), 255, limits)
    await departure(bus, host.device)
  })

  it('detaches and comes back in DFU mode on nRF', async () => {
    const { bus } = benchOf({ platform: 'boron', start: 'dfu' })
    const host = await openDfu(bus)
    await host.home()
    await host.out(0, 1000).catch(() => {})
    await departure(bus, host.device)
    const again = await arrival(bus, 0xd00d)
    expect(again.deviceAddress).not.toBe(host.device.deviceAddress)
  })

  it('begins anew after a bus reset and keeps its address', async () => {
    const { bus } = benchOf({ platform: 'boron', start: 'dfu' })
    const host = await openDfu(bus)
    await host.device.reset()
    expect(await host.status()).toMatchObject({ state: 2 })
    expect(bus.devices()).toContain(host.device)
  })

  it('enters DFU at once when the serial port is set to 14400 baud', async () => {
    const { bus, clock } = benchOf({ platform: 'photon' })
    const normal = await arrival(bus)
    await normal.open(limits.signal)
    const startedAt = clock.monotonic()
    const setup = { requestType: 0x21, request: 0x20, value: 0, index: 0 }
    await normal.controlOut(setup, Uint8Array.of(0x40, 0x38, 0, 0, 0, 0, 8), limits).catch(() => {})
    await arrival(bus, 0xd006)
    expect(clock.monotonic() - startedAt).toBeLessThan(900)
  })

  it('is in safe mode after command 0xFA', async () => {
    const { bus, board } = benchOf({ platform: 'boron', start: 'dfu', deviceOs: '6.2.1' })
    const host = await openDfu(bus)
    await host.home()
    await host.download(0, [0xfa])
    await arrival(bus, 0xc00d)
    expect(board.mode()).toBe('safe')
  })

  it('comes back in DFU mode when the system part is damaged', async () => {
    const { bus } = benchOf({ platform: 'boron', start: 'dfu' })
    const host = await openDfu(bus)
    await host.home()
    await host.erase(0x40000)
    await host.leave()
    await departure(bus, host.device)
    const again = await arrival(bus)
    expect(again.productId).toBe(0xd00d)
  })
})

describe('the simulated bus', () => {
  const boardNumber = (index: number) =>
    createSimulatedBoard({
      facts: makeFacts('photon', index),
      deviceOs: null,
      start: 'dfu',
      protection: 'open',
      faults: [],
      dfuStart: null,
    })

  it('plugs and unplugs boards, which keep what was written to them', async () => {
    const { bus } = benchOf({ platform: 'photon', start: 'dfu', portPath: '2-1.4' })
    const host = await openDfu(bus)
    await host.home()
    await host.erase(0x080a0000)
    await host.setAddress(0x080a0000)
    await host.download(2, [1, 2, 3])
    const pending = host.erase(0x080a0000)
    const board = bus.unplug(port('2-1.4'))
    await expect(pending).rejects.toMatchObject({ code: 'USB_GONE' })
    expect(board?.mode()).toBe('unplugged')
    expect(bus.devices()).toEqual([])
    expect(bus.unplug(port('2-1.4'))).toBeNull()
    if (board) bus.plug(port('2-1.5'), board)
    const again = await openDfu(bus)
    expect(again.device.portPath).toBe('2-1.5')
    await again.home()
    await again.setAddress(0x080a0000)
    await again.abort()
    expect([...(await again.read(2, 2, 3))]).toEqual([1, 2, 3])
  })

  it('refuses a port that is taken and a board that is plugged in', () => {
    const { bus, board } = benchOf({ platform: 'photon', portPath: '1-1' })
    expect(() => bus.plug(port('1-1'), boardNumber(7))).toThrow(/already holds a board/)
    expect(() => bus.plug(port('1-2'), board)).toThrow(/is plugged in/)
  })

  it('tells nobody anything after it was disposed', async () => {
    const { bus, clock } = benchOf({ platform: 'photon' })
    const events: string[] = []
    bus.watch(({ kind }) => events.push(kind))
    await bus[Symbol.asyncDispose]()
    await clock.sleep(60_000)
    expect(events).toEqual([])
    expect(bus.boards()).toEqual([])
  })

  it('demands what libusb demands: open before transfers, claim before alternates, one page at most', async () => {
    const { bus } = benchOf({ platform: 'boron', start: 'dfu' })
    const device = await arrival(bus)
    const read = (length: number) =>
      device.controlIn({ requestType: 0xa1, request: 2, value: 2, index: 0 }, length, limits)
    await expect(read(64)).rejects.toMatchObject({ code: 'INTERNAL' })
    await device.open(limits.signal)
    await expect(device.selectAlternate(0, 1)).rejects.toMatchObject({ code: 'USB_FAILED' })
    await expect(device.claim(3)).rejects.toMatchObject({ code: 'USB_FAILED' })
    await device.claim(0)
    await device.selectAlternate(0, 2)
    await expect(device.selectAlternate(0, 3)).rejects.toMatchObject({ code: 'USB_STALL' })
    await expect(read(4097)).rejects.toMatchObject({ code: 'USB_FAILED' })
    await device.close()
    await device.close()
    await expect(read(64)).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  it('keeps the deadline and the signal of each transfer', async () => {
    const { bus, clock } = benchOf({ platform: 'photon', start: 'dfu' })
    const host = await openDfu(bus)
    await host.home()
    await host.out(1, 0, [0x41, 0, 0, 2, 8])
    const getStatus = { requestType: 0xa1, request: 3, value: 0, index: 0 }
    const before = clock.monotonic()
    await expect(host.device.controlIn(getStatus, 6, { ...limits, timeoutMs: 100 })).rejects.toMatchObject({
      code: 'USB_TIMEOUT',
    })
    expect(clock.monotonic() - before).toBeCloseTo(100, 6)
    const stop = new AbortController()
    const waiting = host.device.controlIn(getStatus, 6, { ...limits, signal: stop.signal })
    stop.abort(new Error('stopped by a person'))
    await expect(waiting).rejects.toThrow('stopped by a person')
    expect(await host.status()).toMatchObject({ state: 5 })
    expect(clock.monotonic() - before).toBeGreaterThan(1000)
  })
})

describe('the time of a board', () => {
  it.each([
    { platform: 'boron', start: 0x30000, pages: 40, erase: 40 * 85, program: 40 * 41.984 },
    { platform: 'photon', start: 0x08020000, pages: 32, erase: 1000, program: 32 * 16.384 },
    { platform: 'p2', start: 0x08060000, pages: 40, erase: 40 * 50, program: 40 * 11 },
  ] as const)(
    'is exact: erase, program, wire and waits of a $platform add up to the clock',
    async ({ platform, start, pages, erase, program }) => {
      const { bus, board, clock } = benchOf({ platform, start: 'dfu' })
      const host = await openDfu(bus)
      await host.home()
      const before = { at: clock.monotonic(), account: board.account() }
      const sectors = platform === 'photon' ? 1 : pages
      for (let n = 0; n < sectors; n += 1) await host.erase(start + n * 4096)
      await host.setAddress(start)
      for (let n = 0; n < pages; n += 1) await host.download(2 + n, new Uint8Array(4096).fill(n + 1))
      const account = board.account()
      expect(account.eraseMs - before.account.eraseMs).toBeCloseTo(erase, 6)
      expect(account.programMs - before.account.programMs).toBeCloseTo(program, 6)
      const spent = account.eraseMs + account.programMs + account.wireMs + account.waitMs
      const spentBefore =
        before.account.eraseMs + before.account.programMs + before.account.wireMs + before.account.waitMs
      expect(clock.monotonic() - before.at).toBeCloseTo(spent - spentBefore, 6)
      expect(account.sectorsErased).toBe(sectors)
      expect(account.bytesProgrammed).toBe(pages * 4096)
      const transfers = account.transfers - before.account.transfers
      expect(transfers).toBe(3 * (sectors + 1 + pages))
      expect(account.transfersByRequest['dfu-dnload']).toBe(sectors + 1 + pages)
    },
  )
})
