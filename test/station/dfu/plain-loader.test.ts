// Plain DFU, from the first block to the last state, against a device of these tests.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainHabits } from '../../../src/main/station/dfu/habits.ts'
import { openLoader } from '../../../src/main/station/dfu/loader-session.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { noise } from './boards.ts'
import {
  functionalBytes,
  head,
  interfaceBytes,
  LoaderDevice,
  type LoaderOptions,
  type Seen,
  statusBytes,
} from './loader-device.ts'
import { faultOf, never, openOn, openTest } from './open-test-loader.ts'

const tolerant = 0x0f
const write = (data: Uint8Array) => ({ alternate: 0, address: null, data, erase: true })
const compare = (expected: Uint8Array) => ({ alternate: 0, address: null, expected })
const blocksOf = (log: readonly Seen[], name: string) =>
  log.filter((seen) => seen.name === name).map(({ value, lengthBytes }) => [value, lengthBytes])

describe('a plain download', () => {
  it('sends blocks from 0, then one of nothing, and holds what was sent', async () => {
    const { device, loader } = await openTest({ attributes: tolerant })
    const data = noise(150)
    expect(await loader.write(write(data))).toEqual({
      writtenBytes: 150,
      erasedBytes: 0,
      ended: 'idle',
      lastState: 'dfuIDLE',
      isConfirmed: true,
    })
    expect(blocksOf(device.log, 'DNLOAD')).toEqual([
      [0, 64],
      [1, 64],
      [2, 22],
      [3, 0],
    ])
    expect(device.memory.subarray(0, 150)).toEqual(data)
    expect(await loader.compare(compare(data))).toMatchObject({ equal: true, bytesRead: 150 })
  })

  it('chooses no setting of a device that has one, and the right one of several', async () => {
    const one = await openTest()
    await one.loader.write(write(noise(10)))
    expect(one.device.sent).not.toContain('SELECT')
    const several = await openTest({ names: ['A', 'B', null], attributes: tolerant })
    expect(several.loader.memories.map(({ name }) => name)).toEqual(['A', 'B', null])
    await several.loader.write({ ...write(noise(10)), alternate: 1 })
    expect(several.device.alternate).toBe(1)
    expect((await faultOf(several.loader.write({ ...write(noise(10)), alternate: 3 })))?.code).toBe('DFU_PROTOCOL')
  })

  it('counts its blocks on from 0 behind 16 bits', async () => {
    const { device, loader } = await openTest({ transferBytes: 2, sizeBytes: 262_144, attributes: tolerant })
    expect(await faultOf(loader.write(write(noise(65_537 * 2 + 1))))).toBeNull()
    expect(blocksOf(device.log, 'DNLOAD').slice(65_534)).toEqual([
      [65_534, 2],
      [65_535, 2],
      [0, 2],
      [1, 1],
      [2, 0],
    ])
  })

  it('of nothing sends nothing', async () => {
    const { device, loader } = await openTest()
    expect(await loader.write(write(new Uint8Array(0)))).toMatchObject({ writtenBytes: 0, isConfirmed: false })
    expect(device.sent).toEqual(['GETSTATUS'])
  })

  it('waits as long as the device asks, and no longer', async () => {
    const { device, loader } = await openTest({ workMs: 30, manifestMs: 700, attributes: tolerant })
    expect(await faultOf(loader.write(write(noise(100))))).toBeNull()
    expect(device.waits).toEqual([30, 30, 700])
  })

  it('is refused by a device that takes none, before a byte is sent', async () => {
    const { device, loader } = await openTest({ attributes: 0x02 })
    expect((await faultOf(loader.write(write(noise(10)))))?.code).toBe('DFU_DOWNLOAD_UNSUPPORTED')
    expect(device.sent).not.toContain('DNLOAD')
  })

  it('has no addresses and no commands', async () => {
    const { loader } = await openTest()
    for (const act of [
      () => loader.write({ ...write(noise(4)), address: 0 }),
      () => loader.compare({ ...compare(noise(4)), address: 0 }),
      () => loader.read({ alternate: 0, address: 0, sizeBytes: 4 }),
    ]) {
      expect((await faultOf(act()))?.detail).toMatch(/plain DFU was asked to work at address/)
    }
    expect((await faultOf(loader.massErase(0)))?.code).toBe('DFU_PROTOCOL')
    expect((await faultOf(loader.readUnprotect()))?.code).toBe('DFU_PROTOCOL')
  })
})

describe('the end of a plain download', () => {
  const endOf = async (options: LoaderOptions, habits = {}) => {
    const { device, loader } = await openTest({ manifestMs: 20, ...options }, habits)
    const report = await loader.write(write(noise(100)))
    return { device, loader, ending: [report.ended, report.lastState, report.isConfirmed] }
  }

  it.each([
    ['answers', ['wait-reset', 'dfuMANIFEST-WAIT-RESET', true]],
    ['stalls', ['wait-reset', 'dfuMANIFEST', true]],
    ['silent', ['wait-reset', 'dfuMANIFEST', true]],
    ['gone', ['gone', 'dfuMANIFEST', true]],
  ] as const)('of a device that does not tolerate it and %s', async (ending, expected) => {
    const { device, loader, ending: got } = await endOf({ ending })
    expect(got).toEqual(expected)
    const sent = device.log.length
    expect((await faultOf(loader.compare(compare(noise(100)))))?.code).toBe('INTERNAL')
    expect(device.log).toHaveLength(sent)
    expect(await loader.leave(null)).toMatchObject({ how: 'bus reset' })
    expect(device.resets).toBe(ending === 'gone' ? 0 : 1)
  })

  it('of a device that goes at once is normal, and is not taken for confirmed', async () => {
    const { device, loader } = await openTest()
    device.meddle = (seen, honest) => (seen.name === 'DNLOAD' && seen.lengthBytes === 0 ? 'gone' : honest())
    expect(await loader.write(write(noise(100)))).toMatchObject({ ended: 'gone', lastState: null, isConfirmed: false })
  })

  it('of a tolerant device must not be silence', async () => {
    for (const answer of ['stall', 'silent'] as const) {
      const { device, loader } = await openTest({ attributes: tolerant, manifestMs: 20 })
      let seen7 = false
      device.meddle = (seen, honest) => {
        if (seen.name === 'GETSTATUS' && seen7) return answer
        const reply = honest()
        seen7 ||= device.state === 7
        return reply
      }
      const fault = await faultOf(loader.write(write(noise(100))))
      expect(fault?.code).toBe(answer === 'silent' ? 'DFU_STUCK_BUSY' : 'DFU_DEVICE_FAILED')
    }
  })

  it('may be that it runs its program already', async () => {
    for (const [mixesUp, ended] of [
      [false, 'gone'],
      [true, 'idle'],
    ] as const) {
      const { device, loader } = await openTest({}, { forceDfuMode: mixesUp })
      device.meddle = (seen, honest) => {
        if (seen.name === 'GETSTATUS' && device.state === 6) return statusBytes({ state: 0 })
        return honest()
      }
      expect(await loader.write(write(noise(10)))).toMatchObject({ ended, lastState: 'appIDLE' })
    }
  })

  it('is a fault where the device does not begin it', async () => {
    const { device, loader } = await openTest()
    device.meddle = (seen, honest) =>
      seen.name === 'GETSTATUS' && device.state === 6 ? statusBytes({ state: 5 }) : honest()
    expect((await faultOf(loader.write(write(noise(10)))))?.detail).toMatch(/does not begin to take it over/)
    expect(device.elapsedMs).toBeLessThan(3_000)
  })

  it('is waited for, but not for ever', async () => {
    for (const [pollMs, code] of [
      [1, 'DFU_STUCK_BUSY'],
      [0, 'DFU_STUCK_BUSY'],
      [0xffffff, 'DFU_POLL_ABSURD'],
    ] as const) {
      const { device, loader } = await openTest()
      device.meddle = (seen, honest) =>
        seen.name === 'GETSTATUS' && device.state === 6 ? statusBytes({ state: 7, pollMs }) : honest()
      expect((await faultOf(loader.write(write(noise(10)))))?.code).toBe(code)
      expect(device.elapsedMs).toBeLessThan(200_000)
      expect(device.log.length).toBeLessThan(2_500)
    }
  })

  it('is asked for a second later than the device says, where that is a habit', async () => {
    const { device } = await endOf({ attributes: tolerant }, { manifestPoll: true })
    expect(device.waits.at(-1)).toBe(1_020)
  })
})

describe('a plain upload', () => {
  it('ends with a short block, which may be empty', async () => {
    for (const sizeBytes of [128, 150]) {
      const { device, loader } = await openTest({ sizeBytes, sectorBytes: 2 })
      device.memory.set(noise(sizeBytes))
      const bytes = await loader.read({ alternate: 0, address: null, sizeBytes: null })
      expect(bytes).toEqual(Buffer.from(noise(sizeBytes)))
      expect(blocksOf(device.log, 'UPLOAD')).toHaveLength(3)
    }
  })

  it('of so many bytes ends with them, and not before', async () => {
    const { device, loader } = await openTest({ sizeBytes: 256 })
    expect(await loader.read({ alternate: 0, address: null, sizeBytes: 100 })).toEqual(
      Buffer.from(device.memory.subarray(0, 100)),
    )
    expect(blocksOf(device.log, 'UPLOAD')).toEqual([
      [0, 64],
      [1, 64],
    ])
    expect((await faultOf(loader.read({ alternate: 0, address: null, sizeBytes: 257 })))?.detail).toMatch(/256 of 257/)
  })

  it('begins at block 0 again after one that was not ended', async () => {
    const { device, loader } = await openTest({ sizeBytes: 256 })
    for (let times = 0; times < 2; times += 1) {
      expect(await loader.compare(compare(device.memory.slice(0, 64)))).toMatchObject({ equal: true })
    }
    expect(device.sent).toEqual(['GETSTATUS', 'UPLOAD', 'ABORT', 'UPLOAD'])
  })

  it('counts its blocks on from 0 behind 16 bits', async () => {
    const { device, loader } = await openTest({ transferBytes: 1, sizeBytes: 256, sectorBytes: 1 })
    device.meddle = (seen, honest) => (seen.name === 'UPLOAD' ? Uint8Array.of(seen.value & 0xff) : honest())
    const bytes = await loader.read({ alternate: 0, address: null, sizeBytes: 65_540 })
    expect([...bytes.subarray(65_534)]).toEqual([254, 255, 0, 1, 2, 3])
  })

  it('differs where the device has less than the image', async () => {
    const { device, loader } = await openTest({ sizeBytes: 256 })
    const expected = Buffer.concat([device.memory, Buffer.alloc(20)])
    expect(await loader.compare(compare(expected))).toEqual({
      equal: false,
      firstDifference: 256,
      bytesRead: 256,
      sha256: null,
    })
  })

  it('is refused of a device that announces none, or whose uploads are known to be broken', async () => {
    for (const [attributes, habits] of [
      [0x01, {}],
      [0x03, { ignoreUpload: true }],
    ] as const) {
      const { device, loader } = await openTest({ attributes }, habits)
      expect(loader.canUpload).toBe(false)
      for (const act of [
        () => loader.compare(compare(noise(4))),
        () => loader.read({ alternate: 0, address: null, sizeBytes: null }),
      ]) {
        expect((await faultOf(act()))?.code).toBe('DFU_UPLOAD_UNSUPPORTED')
      }
      expect(device.sent).not.toContain('UPLOAD')
    }
  })

  it('that the device announces and refuses is none', async () => {
    const { device, loader } = await openTest()
    device.meddle = (seen, honest) => (seen.name === 'UPLOAD' ? device.fail(0x0f) : honest())
    expect((await faultOf(loader.compare(compare(noise(4)))))?.code).toBe('DFU_UPLOAD_UNSUPPORTED')
  })

  it('that is empty for a reason is a fault', async () => {
    const { device, loader } = await openTest()
    device.meddle = (seen, honest) => {
      if (seen.name !== 'UPLOAD') return honest()
      device.fail(0x0b)
      return new Uint8Array(0)
    }
    expect((await faultOf(loader.read({ alternate: 0, address: null, sizeBytes: null })))?.code).toBe(
      'DFU_DEVICE_FAILED',
    )
  })

  it('has no GETSTATUS right before it where that is a habit', async () => {
    const { device, loader } = await openTest({ sizeBytes: 200 }, { noGetStatusUpload: true })
    device.meddle = (seen, honest) => {
      const before = device.sent.at(-2)
      return seen.name === 'UPLOAD' && before === 'GETSTATUS' ? device.fail(0x0f) : honest()
    }
    expect(await loader.compare(compare(device.memory.slice()))).toMatchObject({ equal: true })
    expect(await loader.compare(compare(device.memory.slice()))).toMatchObject({ equal: true })
  })
})

describe('a device that does not say how large its blocks are', () => {
  const assumed = [0, 0xffff] as const
  const held = async (real: number, announcedTransferBytes: number, blocksBy: 'number' | 'order') => {
    const sizeBytes = 2000
    const device = new LoaderDevice({ transferBytes: real, announcedTransferBytes, attributes: tolerant })
    device.blocksBy = blocksBy
    const loader = await openOn(device)
    const image = noise(sizeBytes)
    await loader.write(write(image))
    const report = loader.compare(compare(image))
    const isTrue = Buffer.compare(device.memory.subarray(0, sizeBytes), image) === 0
    return [isTrue, (await faultOf(report)) ?? (await report).equal]
  }

  it.each(assumed)('holds an image where it counts as was assumed, or by the order of blocks (%i)', async (told) => {
    const size = told === 0 ? 64 : 1024
    expect(await held(size, told, 'number')).toEqual([true, true])
    expect(await held(size, told, 'order')).toEqual([true, true])
    expect(await held(2048, told, 'order')).toEqual([true, true])
  })

  it('does not where it counts in larger blocks, although what is read back is what was written', async () => {
    const [isTrue, fault] = await held(100, 0, 'number')
    expect([isTrue, fault]).toEqual([false, expect.objectContaining({ code: 'DFU_PROTOCOL' })])
    expect(String(fault)).toMatch(/with gaps.*DfuForceTransferSize/)
  })

  it('or has larger ones than a transfer, must count by their order', async () => {
    expect(await held(8192, 8192, 'order')).toEqual([true, true])
    const memory = { sizeBytes: 32_768, attributes: tolerant, transferBytes: 8192 }
    const { device, loader } = await openTest(memory)
    const image = noise(9000)
    await loader.write(write(image))
    expect(device.memory.subarray(0, 9000)).not.toEqual(image)
    expect((await faultOf(loader.compare(compare(image))))?.code).toBe('DFU_PROTOCOL')
  })

  it('is believed where a person says it', async () => {
    const device = new LoaderDevice({ transferBytes: 128, announcedTransferBytes: 0, attributes: tolerant })
    const loader = await openOn(device, { forcedTransferBytes: 128 })
    await loader.write(write(noise(1000)))
    expect(await loader.compare(compare(noise(1000)))).toMatchObject({ equal: true })
    expect(device.memory.subarray(0, 1000)).toEqual(noise(1000))
  })
})

describe('a loader that is left', () => {
  it('gets a bus reset, and is silent ever after', async () => {
    const { device, loader } = await openTest()
    expect(await loader.leave(null)).toEqual({ how: 'bus reset', lastState: null, isExpected: true })
    expect(device.resets).toBe(1)
    expect((await faultOf(loader.write(write(noise(4)))))?.code).toBe('INTERNAL')
    await loader.close()
    expect(device.isOpen).toBe(false)
  })

  it('is not reset where that is a habit and it goes by itself', async () => {
    const habits = { noBusResetAttach: true }
    const goes = await openTest({ attributes: 0x0b }, habits)
    expect([(await goes.loader.leave(null)).how, goes.device.resets]).toEqual(['by itself', 0])
    const stays = await openTest({ attributes: 0x03 }, habits)
    expect([(await stays.loader.leave(null)).how, stays.device.resets]).toEqual(['bus reset', 1])
  })

  it('gets DFU_DETACH where that brings it back, with the bit that some want', async () => {
    for (const [indexForceDetach, index] of [
      [false, 0],
      [true, 0x100],
    ] as const) {
      const { device, loader } = await openTest({}, { detachForAttach: true, indexForceDetach })
      expect((await loader.leave(null)).how).toBe('detach')
      expect(device.log.at(-1)).toEqual({ name: 'DETACH', value: 255, index, lengthBytes: 0 })
      expect(device.resets).toBe(0)
    }
  })

  it('is read for nobody where it wants to have seen an upload or a download', async () => {
    const habits = { attachUploadDownload: true }
    const untouched = await openTest({}, habits)
    await untouched.loader.leave(null)
    expect(untouched.device.sent).toEqual(['GETSTATUS', 'UPLOAD', 'ABORT'])
    const read = await openTest({}, habits)
    await read.loader.compare(compare(noise(4)))
    await read.loader.leave(null)
    expect(read.device.sent).toEqual(['GETSTATUS', 'UPLOAD'])
  })

  it('may be gone when the bus is reset', async () => {
    const { device, loader } = await openTest()
    device.reset = async () => {
      throw new Fault('USB_GONE', 'test')
    }
    await loader.reset()
    device.reset = async () => {
      throw new Fault('USB_FAILED', 'test')
    }
    expect((await faultOf(loader.reset()))?.code).toBe('USB_FAILED')
  })
})

describe('a device with several DFU interfaces', () => {
  const second = interfaceBytes(0, 12, { number: 1 })
  const parts = [head, interfaceBytes(0, 10), interfaceBytes(1, 11), functionalBytes(0x0f, 64, 0x0110), second]
  const configuration = Uint8Array.from([...parts.flat(), ...functionalBytes(0x0f, 32, 0x0110)])
  const options = { configuration, names: ['A', 'B', 'C'], attributes: tolerant }

  it('has the memories of all, with numbers that go on, and uses the right one', async () => {
    const { device, loader } = await openTest({ ...options, transferBytes: 32 })
    expect(loader.memories.map(({ alternate, name }) => [alternate, name])).toEqual([
      [0, 'A'],
      [1, 'B'],
      [2, 'C'],
    ])
    expect(device.claimed).toEqual([0])
    await loader.write({ ...write(noise(100)), alternate: 2 })
    expect(await loader.compare({ ...compare(noise(100)), alternate: 2 })).toMatchObject({ equal: true })
    expect(device.claimed).toEqual([0, 1])
    expect(new Set(device.log.filter(({ name }) => name === 'DNLOAD').map(({ index }) => index))).toEqual(new Set([1]))
    expect((await faultOf(loader.write({ ...write(noise(4)), alternate: 3 })))?.code).toBe('DFU_PROTOCOL')
  })

  it('is opened with one of them on demand', async () => {
    const device = new LoaderDevice(options)
    const at = { clock: device, signal: never, habits: plainHabits }
    const loader = await openLoader(device, { ...at, interfaceNumber: 1 })
    expect([loader.memories.length, loader.transferBytes, device.claimed]).toEqual([1, 32, [1]])
    await loader.close()
    expect((await faultOf(openLoader(device, { ...at, interfaceNumber: 2 })))?.code).toBe('DFU_PROTOCOL')
  })

  it('does one thing at a time', async () => {
    const { loader } = await openTest({ ...options, transferBytes: 32 })
    const first = loader.write({ ...write(noise(100)), alternate: 2 })
    expect((await faultOf(loader.write(write(noise(4)))))?.detail).toMatch(/already/)
    expect(await first).toMatchObject({ writtenBytes: 100 })
  })
})

describe('opening a loader', () => {
  it('refuses what is no DFU by its name, before it is opened', async () => {
    const device = new LoaderDevice()
    const fault = await faultOf(openOn(device, { legacyProtocol: true }))
    expect([fault?.code, fault?.detail, device.log]).toEqual([
      'DFU_OTHER_PROTOCOL',
      '1209:0002 speaks Atmel FLIP, not DFU 1.1 or DfuSe',
      [],
    ])
    const configuration = new Uint8Array(9)
    expect((await faultOf(openOn(new LoaderDevice({ configuration }))))?.code).toBe('DFU_PROTOCOL')
  })

  it('closes the device again when it fails', async () => {
    const device = new LoaderDevice({ state: 0 })
    const fault = await faultOf(openOn(device))
    expect([fault?.code, fault?.detail.includes('it is not in DFU mode'), device.isOpen]).toEqual([
      'DFU_PROTOCOL',
      true,
      false,
    ])
  })

  it('takes appIDLE for dfuIDLE where the device mixes them up', async () => {
    const device = new LoaderDevice({ state: 0 })
    await openOn(device, { forceDfuMode: true })
  })

  it('gives a bus reset to a device that waits for one since somebody else has left it, and says so', async () => {
    const device = new LoaderDevice({ state: 8 })
    const fault = await faultOf(openOn(device))
    expect([fault?.code, device.resets]).toEqual(['DFU_STUCK_BUSY', 1])
    expect(fault?.detail).toMatch(/dfuMANIFEST-WAIT-RESET.*it was given a bus reset/)
    expect(device.elapsedMs).toBeLessThan(3_000)
  })

  it.each([3, 4, 5, 9, 10])('brings a device from state %i to dfuIDLE', async (state) => {
    const device = new LoaderDevice({ state, status: state === 10 ? 0x0a : 0 })
    const loader = await openOn(device)
    expect(device.state).toBe(2)
    await loader.close()
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const device = new LoaderDevice()
    device.meddle = (_, honest) => {
      stop.abort(new Fault('JOB_ABORTED', 'test'))
      return honest()
    }
    const options = { clock: device, signal: stop.signal, habits: plainHabits }
    const loader = await openLoader(device, { ...options, signal: never })
    await loader.close()
    expect((await faultOf(openLoader(device, options)))?.code).toBe('JOB_ABORTED')
    expect(device.isOpen).toBe(false)
  })

  it('reads names that say that they are longer than they are', async () => {
    const device = new LoaderDevice()
    device.meddle = (seen, honest) =>
      seen.name === 'STRING' ? Uint8Array.of(200, 3, 0x41, 0, 0x42, 0, 0, 0, 0x43, 0) : honest()
    expect((await openOn(device)).memories).toEqual([{ alternate: 0, name: 'AB', map: null }])
  })
})

describe('whatever the image and the device', () => {
  it('the device holds the image afterwards, or the comparison names the first byte that it does not hold', async () => {
    const cases = fc.record({
      sizeBytes: fc.integer({ min: 1, max: 700 }),
      transferBytes: fc.constantFrom(1, 7, 8, 64, 255, 256),
      workMs: fc.constantFrom(0, 3),
      pollMs: fc.constantFrom(0, 3, 50),
      lost: fc.option(fc.nat({ max: 10 })),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ sizeBytes, lost, ...options }) => {
        const { device, loader } = await openTest({ attributes: tolerant, sizeBytes: 1024, ...options })
        device.loses = (block) => block === lost
        const image = noise(sizeBytes, sizeBytes)
        expect(await loader.write(write(image))).toMatchObject({ ended: 'idle', writtenBytes: sizeBytes })
        const first = image.findIndex((byte, at) => device.memory[at] !== byte)
        const report = await loader.compare(compare(image))
        expect([report.equal, report.firstDifference]).toEqual([first < 0, first < 0 ? null : first])
      }),
      { numRuns: 300 },
    )
  })
})
