// DfuSe of devices that are no Particle boards, against a device of these tests.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noise } from './boards.ts'
import { head, interfaceBytes, type LoaderDevice, type LoaderOptions } from './loader-device.ts'
import { faultOf, openTest } from './open-test-loader.ts'

const base = 0x08000000
const open = (options: LoaderOptions = {}, habits = {}) => openTest({ protocol: 'dfuse', ...options }, habits)
const write = (address: number, data: Uint8Array, erase = true) => ({ alternate: 0, address, data, erase })
const compare = (address: number, expected: Uint8Array) => ({ alternate: 0, address, expected })
const blocksOf = (device: LoaderDevice, name: string) =>
  device.log.filter((seen) => seen.name === name).map(({ value, lengthBytes }) => [value, lengthBytes])

describe('a DfuSe loader', () => {
  it('is known by its version and its memory map, and asked where they contradict each other', async () => {
    const map = '@Flash /0x08000000/16*256Bg'
    const protocolOf = async (options: LoaderOptions, habits = {}) => {
      const { device, loader } = await openTest(options, habits)
      return [loader.protocol, device.sent.includes('UPLOAD') ? 'asked' : 'not asked']
    }
    const st = { protocol: 'dfuse' } as const
    const own = { protocol: 'dfu' } as const
    const forced = { forcedVersion: 0x011a }
    expect(await protocolOf(st)).toEqual(['dfuse', 'not asked'])
    expect(await protocolOf(own)).toEqual(['dfu', 'not asked'])
    expect(await protocolOf({ ...st, version: 0x0110 })).toEqual(['dfuse', 'asked'])
    expect(await protocolOf({ ...own, names: [map] })).toEqual(['dfu', 'asked'])
    expect(await protocolOf({ ...st, names: ['Program'] })).toEqual(['dfuse', 'asked'])
    expect(await protocolOf({ ...st, names: ['Program'], listsCommands: false })).toEqual(['dfuse', 'asked'])
    expect(await protocolOf({ ...own, version: 0x011a })).toEqual(['dfu', 'asked'])
    expect(await protocolOf({ ...st, version: 0x0110 }, forced)).toEqual(['dfuse', 'asked'])
    expect(await protocolOf({ ...own, version: 0x0110 }, forced)).toEqual(['dfu', 'asked'])
    expect(await protocolOf({ ...own, names: [map] }, forced)).toEqual(['dfu', 'asked'])
    expect(await protocolOf({ ...st, version: 0x4711 })).toEqual(['dfuse', 'asked'])
    expect(await protocolOf(st, { forcedVersion: 0x0110 })).toEqual(['dfu', 'not asked'])
    expect(await protocolOf({ ...own, names: [map], attributes: 0x01 })).toEqual(['dfu', 'not asked'])
    const nameless = Uint8Array.from([...head, ...interfaceBytes(0, 0)])
    expect(await protocolOf({ ...st, configuration: nameless }, forced)).toEqual(['dfuse', 'asked'])
    expect((await faultOf(protocolOf({ ...own, configuration: nameless }, forced)))?.detail).toMatch(
      /is to speak DfuSe/,
    )
  })

  it('tells its memories with their maps', async () => {
    const { loader } = await open({
      names: ['@Flash /0x08000000/16*256Bg', '@Option Bytes /0x1fff7800/1*40Be', 'Other', null],
    })
    expect(loader.memories.map(({ alternate, name, map }) => [alternate, name, map?.name ?? null])).toEqual([
      [0, '@Flash /0x08000000/16*256Bg', 'Flash'],
      [1, '@Option Bytes /0x1fff7800/1*40Be', 'Option Bytes'],
      [2, 'Other', null],
      [3, null, null],
    ])
  })

  it('is written sector by sector and block by block, and a short last block has an address of its own', async () => {
    const { device, loader } = await open()
    const data = noise(300)
    const progress: string[] = []
    const report = await loader.write({
      ...write(base + 256, data),
      onProgress: ({ phase, doneBytes, totalBytes }) => progress.push(`${phase} ${doneBytes}/${totalBytes}`),
    })
    expect(report).toMatchObject({ writtenBytes: 300, erasedBytes: 512, ended: 'idle', isConfirmed: true })
    expect(device.erasedAt).toEqual([base + 256, base + 512])
    expect(blocksOf(device, 'DNLOAD')).toEqual([
      [0, 5],
      [0, 5],
      [0, 5],
      [2, 64],
      [3, 64],
      [4, 64],
      [5, 64],
      [0, 5],
      [2, 44],
    ])
    expect(device.memory.subarray(256, 556)).toEqual(data)
    expect([progress[0], progress[1], progress.at(-1)]).toEqual(['erase 256/512', 'erase 512/512', 'write 300/300'])
    expect(await loader.compare(compare(base + 256, data))).toMatchObject({ equal: true, bytesRead: 300 })
  })

  it('gets a new address behind the last block number', async () => {
    const { device, loader } = await open({ transferBytes: 8, sizeBytes: 1 << 20, sectorBytes: 4096 })
    const data = noise(65_534 * 8 + 16)
    expect(await faultOf(loader.write(write(base, data)))).toBeNull()
    expect(
      blocksOf(device, 'DNLOAD')
        .slice(-4)
        .map(([block]) => block),
    ).toEqual([0xffff, 0, 2, 3])
    expect(await loader.compare(compare(base, data))).toMatchObject({ equal: true })
    expect(Buffer.compare(device.memory.subarray(0, data.length), data)).toBe(0)
  })

  it('that counts in larger blocks than fit into a transfer gets an address for each', async () => {
    const { device, loader } = await open({ transferBytes: 8192, sizeBytes: 32_768, sectorBytes: 4096 })
    expect(loader.transferBytes).toBe(4096)
    const data = noise(20_000)
    expect(await faultOf(loader.write(write(base, data)))).toBeNull()
    expect(await loader.compare(compare(base, data))).toMatchObject({ equal: true })
    expect(device.memory.subarray(0, 20_000)).toEqual(data)
    expect(new Set(blocksOf(device, 'DNLOAD').map(([block]) => block))).toEqual(new Set([0, 2]))
  })

  it('that counts in other blocks than it says is found to hold something else', async () => {
    for (const transferBytes of [100, 256]) {
      const { device, loader } = await open({ transferBytes, announcedTransferBytes: 64 })
      const data = noise(400)
      await loader.write(write(base, data))
      expect(device.memory.subarray(0, 400)).not.toEqual(data)
      expect(await loader.compare(compare(base, data))).toMatchObject({ equal: false })
    }
  })

  it('that does not say how large its blocks are is written right all the same', async () => {
    for (const announcedTransferBytes of [0, 0xffff]) {
      const { device, loader } = await open({ transferBytes: 2048, announcedTransferBytes })
      const data = noise(3000)
      await loader.write(write(base + 5, data))
      expect(device.memory.subarray(5, 3005)).toEqual(data)
      expect(await loader.compare(compare(base + 5, data))).toMatchObject({ equal: true })
    }
  })

  it('keeps what was written to a sector before in the same visit', async () => {
    const { device, loader } = await open()
    await loader.write(write(base, noise(100)))
    await loader.write(write(base + 100, noise(100, 7)))
    expect(device.erasedAt).toEqual([base])
    expect(Buffer.concat([noise(100), noise(100, 7)])).toEqual(Buffer.from(device.memory.subarray(0, 200)))
  })

  it('is erased as a whole once, and not again by the writes behind', async () => {
    const { device, loader } = await open({ workMs: 20_000 })
    await loader.massErase(0)
    expect(blocksOf(device, 'DNLOAD')).toEqual([[0, 1]])
    const report = await loader.write(write(base, noise(1000)))
    expect([report.erasedBytes, device.erasedAt]).toEqual([0, []])
    await loader.write(write(base + 1000, noise(10)))
    expect(device.erasedAt).toEqual([])
    await loader.write(write(base, noise(2000)))
    expect(device.erasedAt).toEqual([0, 256, 512, 768].map((at) => base + at))
  })

  it('has minutes for a mass erase, whatever time it names, but not hours', async () => {
    for (const [workMs, pollMs, code] of [
      [200_000, 100, null],
      [200_000, 0, null],
      [200_000, 200_000, null],
      [400_000, 1000, 'DFU_STUCK_BUSY'],
      [400_000, 400_000, 'DFU_POLL_ABSURD'],
    ] as const) {
      const { device, loader } = await open({ workMs, pollMs })
      expect((await faultOf(loader.massErase(0)))?.code ?? null).toBe(code)
      expect(device.elapsedMs).toBeLessThan(310_000)
      expect(device.log.length).toBeLessThan(4000)
    }
  })

  it('without a map is written only after a mass erase, or where it erases by itself', async () => {
    const names = ['Flash']
    const { device, loader } = await open({ names })
    const before = device.log.length
    expect((await faultOf(loader.write(write(base, noise(10)))))?.code).toBe('DFU_NO_MEMORY_MAP')
    expect((await faultOf(loader.read({ alternate: 0, address: base, sizeBytes: null })))?.code).toBe(
      'DFU_NO_MEMORY_MAP',
    )
    expect(device.log).toHaveLength(before)
    await loader.massErase(0)
    expect(await loader.write(write(base, noise(100)))).toMatchObject({ writtenBytes: 100, erasedBytes: 0 })
    expect(await loader.compare(compare(base, noise(100)))).toMatchObject({ equal: true })
    const other = await open({ names })
    other.device.memory.fill(0xff)
    await other.loader.write(write(base, noise(100), false))
    expect(other.device.memory.subarray(0, 100)).toEqual(noise(100))
  })

  it('has memory of which nothing may be erased, written or read, and that is refused before a byte is sent', async () => {
    const { device, loader } = await open({ names: ['@F /0x08000000/8*256Ba,8*256Bd'] })
    const before = device.log.length
    for (const act of [
      () => loader.write(write(base, noise(10))),
      () => loader.compare(compare(base + 2048, noise(10))),
      () => loader.read({ alternate: 0, address: base + 2048, sizeBytes: null }),
      () => loader.write(write(base + 4096, noise(10))),
      () => loader.write(write(base - 1, noise(10))),
    ]) {
      expect((await faultOf(act()))?.code).toBe('DFU_ADDRESS_FORBIDDEN')
    }
    expect(device.log).toHaveLength(before)
  })

  it('with nothing but erasable memory is not taken for a Particle board in security mode', async () => {
    const { loader } = await open({ names: ['@F /0x08000000/16*256Bb'] })
    expect((await faultOf(loader.write(write(base, noise(10)))))?.code).toBe('DFU_ADDRESS_FORBIDDEN')
  })

  it('is read to the end of the memory where no size is named', async () => {
    const { device, loader } = await open({ names: ['@F /0x08000000/4*256Ba,4*256Bg,8*256Bd'], sizeBytes: 4096 })
    device.memory.set(noise(4096))
    for (const address of [null, base]) {
      expect(await loader.read({ alternate: 0, address, sizeBytes: null })).toEqual(noise(4096).subarray(0, 2048))
    }
    expect(await loader.read({ alternate: 0, address: base + 1, sizeBytes: 100 })).toEqual(noise(4096).subarray(1, 101))
  })

  it('with more memory than anybody reads at once is refused, not swallowed', async () => {
    const { loader } = await open({ names: ['@F /0x0/4095*1Mg'] })
    expect((await faultOf(loader.read({ alternate: 0, address: 0, sizeBytes: null })))?.code).toBe(
      'DFU_ADDRESS_FORBIDDEN',
    )
    await loader.massErase(0)
  })

  it('needs an address', async () => {
    const { loader } = await open()
    const data = noise(4)
    expect((await faultOf(loader.write({ alternate: 0, address: null, data, erase: true })))?.code).toBe('INTERNAL')
  })

  it('that is read-protected says so, in reading and in writing', async () => {
    const { device, loader } = await open({ isReadProtected: true })
    expect((await faultOf(loader.compare(compare(base, noise(10)))))?.code).toBe('READ_PROTECTED')
    expect((await faultOf(loader.write(write(base, noise(10)))))?.code).toBe('READ_PROTECTED')
    expect(device.memory[0]).toBe(0xff)
  })

  it('resets itself when its protection is removed, or stays', async () => {
    const { device, loader } = await open({ workMs: 10_000 })
    device.meddle = (seen, honest) => (seen.name === 'GETSTATUS' && device.state === 4 ? 'gone' : honest())
    expect(await loader.readUnprotect()).toBe('gone')
    expect((await faultOf(loader.compare(compare(base, noise(4)))))?.code).toBe('INTERNAL')
    expect(device.log.find(({ name }) => name === 'DNLOAD')).toMatchObject({ value: 0, lengthBytes: 1 })
    const stays = await open()
    expect(await stays.loader.readUnprotect()).toBe('idle')
    const unable = await open()
    unable.device.fails = () => 0x0f
    expect((await faultOf(unable.loader.readUnprotect()))?.code).toBe('DFU_DEVICE_FAILED')
  })

  it('is left to an address, or to none, and may stall or vanish then', async () => {
    for (const ending of ['answers', 'stalls', 'gone'] as const) {
      const { device, loader } = await open()
      device.meddle = (seen, honest) => {
        if (seen.name !== 'GETSTATUS' || device.state !== 6 || ending === 'answers') return honest()
        return ending === 'gone' ? 'gone' : 'stall'
      }
      const lastState = ending === 'answers' ? 'dfuMANIFEST' : null
      expect(await loader.leave(base + 256)).toEqual({ how: 'leave request', lastState, isExpected: true })
      expect(device.pointer).toBe(base + 256)
      expect(device.resets).toBe(0)
    }
    const { device, loader } = await open()
    await loader.leave(null)
    expect(blocksOf(device, 'DNLOAD')).toEqual([[2, 0]])
  })

  it('is a GD32 with the pages that its serial number tells', async () => {
    for (const serialNumber of [Buffer.from('3CBJ', 'utf16le'), Buffer.from('3CBJ'), Buffer.from('\u0006\u00033CBJ')]) {
      const options = { names: ['@Internal Flash  /0x08000000/512*002Kg'], serialNumber }
      const { loader } = await open(options, { gd32: true })
      expect(loader.memories[0]?.map?.segments).toMatchObject([{ sectorBytes: 1024, sectorCount: 128 }])
    }
  })
})

describe('whatever the image and the device', () => {
  const cases = fc.record({
    offset: fc.nat({ max: 1500 }),
    sizeBytes: fc.integer({ min: 1, max: 900 }),
    transferBytes: fc.constantFrom(8, 17, 64, 256),
    sectorBytes: fc.constantFrom(16, 128, 256, 1024),
    workMs: fc.constantFrom(0, 3),
    pollMs: fc.constantFrom(0, 3, 50),
    lost: fc.option(fc.integer({ min: 2, max: 12 })),
    massErase: fc.boolean(),
  })

  it('the device holds the image afterwards, or the comparison names the first byte that it does not hold', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ offset, sizeBytes, lost, massErase, ...options }) => {
        const { device, loader } = await open({ sizeBytes: 4096, ...options })
        device.loses = (block) => block === lost
        const image = noise(sizeBytes, sizeBytes)
        if (massErase) await loader.massErase(0)
        const { writtenBytes } = await loader.write(write(base + offset, image))
        expect(writtenBytes).toBe(sizeBytes)
        const first = image.findIndex((byte, at) => device.memory[offset + at] !== byte)
        const report = await loader.compare(compare(base + offset, image))
        expect([report.equal, report.firstDifference]).toEqual([first < 0, first < 0 ? null : base + offset + first])
        if (lost === null) expect(first).toBe(-1)
      }),
      { numRuns: 300 },
    )
  })
})
