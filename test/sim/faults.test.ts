import { describe, expect, it } from 'vitest'
import { faultPhrases, parseFault } from '../../src/main/sim/faults.ts'
import { Fault } from '../../src/shared/fault/fault.ts'
import { arrival, benchOf, departure, dfuHost, limits, openDfu } from './dfu-host.ts'

/** Blank on a board from the factory. */
const start = 0xe0000
const chunk = new Uint8Array(4096).fill(0x5a)

async function sickBoron(...faults: string[]) {
  const bench = benchOf({ platform: 'boron', start: 'dfu', faults })
  const host = await openDfu(bench.bus)
  await host.home()
  await host.setAddress(start)
  const stored = (block: number) => bench.board.chips.internal.read(start + (block - 2) * 4096, 4096)
  return { ...bench, host, stored }
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no fault',
    (thrown: unknown) => (thrown instanceof Fault ? thrown.code : String(thrown)),
  )

describe('the words of faults', () => {
  it('are all understood, with any number, and kept', () => {
    for (const phrase of faultPhrases) {
      const words = phrase.replace('N', '17')
      expect(parseFault(words)).toMatchObject({ words, everyTime: false })
      expect(parseFault(`  ${words.toUpperCase()}  every time`).everyTime).toBe(true)
    }
  })

  it.each(['unplug at block', 'unplug at block 0', 'unplug at block seven', 'stall', 'explode', ''])(
    'refuse "%s" and say what is known',
    (words) => {
      expect(() => parseFault(words)).toThrow(/CALL_REJECTED: no such fault: .* Known: unplug at block N; stall/)
    },
  )
})

describe('faults at a block', () => {
  it('unplug: the transfer ends as gone and the port is empty', async () => {
    const { host, bus } = await sickBoron('unplug at block 2')
    await host.download(2, chunk)
    expect(await codeOf(host.download(3, chunk))).toBe('USB_GONE')
    expect([bus.devices(), bus.boards()]).toEqual([[], []])
  })

  it('stall: the transfer stalls, the board is in dfuERROR, and the block is not stored', async () => {
    const { host, stored } = await sickBoron('stall at block 1')
    expect(await codeOf(host.download(2, chunk))).toBe('USB_STALL')
    expect(await host.status()).toMatchObject({ status: 0x0f, state: 10 })
    expect(stored(2)[0]).toBe(0xff)
    await host.home()
    expect(await host.download(2, chunk)).toMatchObject({ status: 0, state: 5 })
  })

  it('wrong status: errWRITE in the right state, once', async () => {
    const { host } = await sickBoron('wrong status at block 2')
    expect(await host.download(2, chunk)).toMatchObject({ status: 0, state: 5 })
    expect(await host.download(3, chunk)).toMatchObject({ status: 3, state: 5 })
    expect(await host.download(4, chunk)).toMatchObject({ status: 0, state: 5 })
  })

  it('write error: errWRITE and dfuERROR, every time when told so', async () => {
    const { host, stored } = await sickBoron('write error at block 1 every time')
    expect(await host.download(2, chunk)).toMatchObject({ status: 3, state: 10 })
    expect(stored(2)[0]).toBe(0xff)
    await host.home()
    expect(await host.download(2, chunk)).toMatchObject({ status: 0, state: 5 })
  })

  it('busy for ever: dfuDNBUSY with a poll time, and nothing else is answered', async () => {
    const { host, clock } = await sickBoron('busy for ever at block 1')
    await host.out(1, 2, chunk)
    for (let n = 0; n < 50; n += 1) {
      expect(await host.status()).toMatchObject({ state: 4, pollMs: 10 })
      await clock.sleep(1000)
    }
    expect(await codeOf(host.abort())).toBe('USB_STALL')
  })

  it('no answer: every transfer times out from then on', async () => {
    const { host, clock } = await sickBoron('no answer at block 1')
    await host.out(1, 2, chunk)
    const before = clock.monotonic()
    expect(await codeOf(host.status())).toBe('USB_TIMEOUT')
    expect(clock.monotonic() - before).toBeCloseTo(limits.timeoutMs, 6)
    expect(await codeOf(host.abort())).toBe('USB_TIMEOUT')
  })

  it('reset: the board leaves and comes back by itself', async () => {
    const { host, bus } = await sickBoron('reset at block 1')
    expect(await codeOf(host.download(2, chunk))).toBe('USB_GONE')
    expect((await arrival(bus)).productId).toBe(0xc00d)
  })

  it('flip a bit: one bit less in flash, no error', async () => {
    const { host, stored } = await sickBoron('flip a bit at block 2')
    await host.download(2, chunk)
    expect(await host.download(3, chunk)).toMatchObject({ status: 0, state: 5 })
    expect(stored(2)).toEqual(chunk)
    const differences = stored(3).filter((byte, n) => byte !== chunk[n])
    expect([...differences]).toEqual([0x58])
  })

  it('misread: the flash is right, the answer is not', async () => {
    const { host, stored } = await sickBoron('misread block 1')
    await host.download(2, chunk)
    await host.abort()
    expect((await host.read(2, 2, 4096))[0]).toBe(0x58)
    expect((await host.read(2, 2, 4096))[0]).toBe(0x5a)
    expect(stored(2)).toEqual(chunk)
  })
})

describe('faults of the flash', () => {
  it.each(['boron', 'photon', 'p2'] as const)(
    'silent write on %s: acknowledged in time, not stored',
    async (platform) => {
      const { bus, board } = benchOf({ platform, start: 'dfu', faults: ['silent write from block 2'] })
      const host = await openDfu(bus)
      const at = { boron: 0xb4000, photon: 0x080a0000, p2: 0x08500000 }[platform]
      await host.home()
      await host.erase(at)
      await host.setAddress(at)
      const before = board.account().programMs
      expect(await host.download(2, chunk)).toMatchObject({ status: 0, state: 5 })
      expect(await host.download(3, chunk)).toMatchObject({ status: 0, state: 5 })
      await host.status()
      expect(board.chips.internal.read(at, 1)).toEqual(Uint8Array.of(0x5a))
      expect(board.chips.internal.read(at + 4096, 1)).toEqual(Uint8Array.of(0xff))
      expect(board.account().programMs - before).toBeGreaterThan(20)
    },
  )

  it('silent write from the first block also keeps the DCT as it was', async () => {
    const { bus, board } = benchOf({ platform: 'p2', start: 'dfu', faults: ['silent write'] })
    const host = await openDfu(bus)
    await host.home()
    await host.device.selectAlternate(0, 1)
    await host.setAddress(1753)
    await host.download(2, [0xa5])
    expect(board.chips.dct[1753]).toBe(0xff)
  })

  it('unplug during erase: half the sector is erased', async () => {
    const { host, board, bus } = await sickBoron('unplug during erase')
    expect(await codeOf(host.erase(0x40000))).toBe('USB_GONE')
    expect(bus.boards()).toEqual([])
    expect(board.chips.internal.isBlank(0x40000, 2048)).toBe(true)
    expect(board.chips.internal.isBlank(0x40800, 2048)).toBe(false)
  })

  it('slow flash takes its factor', async () => {
    const { host, board } = await sickBoron('flash slow by factor 3')
    await host.erase(0x40000)
    expect(board.account().eraseMs).toBeCloseTo(3 * 85, 6)
  })
})

describe('faults of the mode switch', () => {
  const askForDfu = async (bus: ReturnType<typeof benchOf>['bus']) => {
    const normal = await arrival(bus)
    await normal.open(limits.signal)
    const setup = { requestType: 0x21, request: 0x20, value: 0, index: 0 }
    await normal.controlOut(setup, Uint8Array.of(0x40, 0x38, 0, 0, 0, 0, 8), limits).catch(() => {})
    await departure(bus, normal)
  }

  it('never comes back: gone after the first switch, and well again after it was unplugged', async () => {
    const { bus, board, clock, portPath } = benchOf({ platform: 'boron', faults: ['never comes back'] })
    await askForDfu(bus)
    await clock.sleep(120_000)
    expect([bus.devices().length, board.mode()]).toEqual([0, 'dead'])
    bus.unplug(portPath)
    bus.plug(portPath, board)
    expect((await arrival(bus)).productId).toBe(0xc00d)
  })

  it('never comes back after dfu: the way in works, the leave does not', async () => {
    const { bus, board, clock } = benchOf({ platform: 'photon', faults: ['never comes back after dfu'] })
    await askForDfu(bus)
    const host = await openDfu(bus)
    await host.home()
    await host.leave()
    await clock.sleep(120_000)
    expect([bus.devices().length, board.mode()]).toEqual([0, 'dead'])
  })

  it('comes back as another board: same port, another device ID', async () => {
    const { bus, board, portPath } = benchOf({ platform: 'p2', faults: ['comes back as another board'] })
    const before = board.facts().deviceId
    await askForDfu(bus)
    const device = await arrival(bus, 0xd020)
    expect(device.portPath).toBe(portPath)
    expect(board.facts().deviceId).not.toBe(before)
    expect(board.facts().deviceId).toMatch(/^0a10aced2021[0-9a-f]{12}$/)
  })

  it('stays in dfu: the leave is acknowledged and nothing happens', async () => {
    const { host, bus, clock } = await sickBoron('stays in dfu')
    await host.leave()
    await clock.sleep(60_000)
    expect(bus.devices()).toContain(host.device)
  })

  it.each([
    ['boots into dfu', 0xd00d, 'dfu'],
    ['boots into safe mode', 0xc00d, 'safe'],
  ] as const)('%s after the leave', async (words, productId, mode) => {
    const { host, bus, board } = await sickBoron(words)
    await host.leave()
    await departure(bus, host.device)
    expect((await arrival(bus)).productId).toBe(productId)
    expect(board.mode()).toBe(mode)
  })

  it('unplug during update: gone when the first data of an update are announced', async () => {
    const { bus } = benchOf({ platform: 'boron', faults: ['unplug during update'] })
    const device = await arrival(bus)
    await device.open(limits.signal)
    const init = (index: number) => device.controlIn({ requestType: 0xc0, request: 1, value: 64, index }, 64, limits)
    await init(250)
    expect(await codeOf(init(253))).toBe('USB_GONE')
    expect(bus.boards()).toEqual([])
  })
})

describe('faults of the computer', () => {
  it('access denied for a while after each attach, as before udev has run', async () => {
    const { bus, clock } = benchOf({ platform: 'boron', faults: ['access denied for 500 ms'] })
    const device = await arrival(bus)
    expect(await codeOf(device.open(limits.signal))).toBe('USB_ACCESS_DENIED')
    await clock.sleep(499)
    expect(await codeOf(device.open(limits.signal))).toBe('USB_ACCESS_DENIED')
    await clock.sleep(2)
    expect(await codeOf(device.open(limits.signal))).toBe('no fault')
  })

  it('access denied for a while is one refused try at speed 0', async () => {
    const { bus } = benchOf({ platform: 'boron', faults: ['access denied for 500 ms'] }, 0)
    const device = await arrival(bus)
    expect(await codeOf(device.open(limits.signal))).toBe('USB_ACCESS_DENIED')
    expect(await codeOf(device.open(limits.signal))).toBe('no fault')
  })

  it('access denied, no driver, used by another program: named as libusb names them', async () => {
    const opened = async (words: string) =>
      (await arrival(benchOf({ platform: 'p2', faults: [words] }).bus)).open(limits.signal)
    await expect(opened('access denied')).rejects.toThrow(/USB_ACCESS_DENIED: LIBUSB_ERROR_ACCESS/)
    await expect(opened('no driver')).rejects.toThrow(/USB_ACCESS_DENIED: LIBUSB_ERROR_NOT_SUPPORTED/)
    const device = await arrival(benchOf({ platform: 'p2', faults: ['used by another program'] }).bus)
    await device.open(limits.signal)
    await expect(device.claim(0)).rejects.toThrow(/USB_BUSY: LIBUSB_ERROR_BUSY/)
  })

  it('upper case serial', async () => {
    const { bus, board } = benchOf({ platform: 'boron', faults: ['upper case serial'] })
    const device = await arrival(bus)
    await device.open(limits.signal)
    const bytes = await device.controlIn({ requestType: 0x80, request: 6, value: 0x0303, index: 0x0409 }, 255, limits)
    expect(Buffer.from(bytes.subarray(2)).toString('utf16le')).toBe(board.facts().deviceId.toUpperCase())
  })
})

describe('a board without faults', () => {
  it('takes no time at speed 0', async () => {
    const { bus, clock } = benchOf({ platform: 'photon', start: 'dfu' }, 0)
    const host = dfuHost(await arrival(bus))
    await host.device.open(limits.signal)
    await host.home()
    await host.erase(0x080a0000)
    await host.leave()
    await arrival(bus, 0xc006)
    expect(clock.monotonic()).toBe(0)
  })
})
