// The engine against the product's simulated boards, one of each family: an independent reading of the bootloaders.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { DfuProgress } from '../../../src/main/station/dfu/progress.ts'
import { type DfuSession, openDfu } from '../../../src/main/station/dfu/session.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { noise } from './boards.ts'
import { type PluggedBoard, plugBoard, type Wanted } from './plugged-board.ts'

const families = {
  photon: { family: 'stm32f2', address: 0x08020000, sizeBytes: 150_000, sectorBytes: 131_072 },
  boron: { family: 'nrf52840', address: 0x30000, sizeBytes: 100_001, sectorBytes: 4096 },
  p2: { family: 'rtl872x', address: 0x085f3f90, sizeBytes: 49_260, sectorBytes: 4096 },
} as const

const signal = new AbortController().signal

async function open(plugged: PluggedBoard, platform: Wanted['platform'], stop = signal): Promise<DfuSession> {
  const device = await plugged.device()
  return openDfu(device, { clock: plugged.clock, signal: stop, family: families[platform].family })
}

describe.each(['photon', 'boron', 'p2'] as const)('a simulated %s in DFU mode', (platform) => {
  const { address, sizeBytes, sectorBytes } = families[platform]
  const data = noise(sizeBytes, 3)
  const sha256 = createHash('sha256').update(data).digest('hex')

  it.each(['idle', 'error', 'dnload-idle', 'upload-idle'] as const)('is brought home from %s', async (dfuStart) => {
    await using plugged = plugBoard({ platform, start: 'dfu', dfuStart })
    await using session = await open(plugged, platform)
    expect(session.memory(0).segments.length).toBeGreaterThan(0)
    expect(await session.read({ alternate: 0, address, sizeBytes: 100 })).toHaveLength(100)
  })

  it('is written, read back, compared and left, and holds the bytes', async () => {
    await using plugged = plugBoard({ platform, start: 'dfu' })
    const session = await open(plugged, platform)
    const progress: DfuProgress[] = []
    const place = { alternate: 0, address, onProgress: (each: DfuProgress) => void progress.push(each) }
    await session.write({ ...place, data })
    expect(Buffer.from(plugged.board.chips.internal.read(address, sizeBytes)).equals(Buffer.from(data))).toBe(true)
    expect(await session.compare({ ...place, expected: data })).toMatchObject({ equal: true, sha256 })
    expect((await session.leave(address)).isExpected).toBe(true)
    await session.close()
    for (const phase of ['erase', 'write', 'read'] as const) {
      const last = progress.filter((each) => each.phase === phase).at(-1)
      expect(last?.doneBytes).toBe(last?.totalBytes)
    }
    await plugged.nextDevice()
  })

  it('takes three transfers a block, three an erased sector, one a block read', async () => {
    await using plugged = plugBoard({ platform, start: 'dfu', dfuStart: 'idle' })
    const session = await open(plugged, platform)
    const before = { ...plugged.board.account().transfersByRequest }
    await session.write({ alternate: 0, address, data })
    const written = { ...plugged.board.account().transfersByRequest }
    const blocks = Math.ceil(sizeBytes / 4096)
    const first = Math.floor(address / sectorBytes)
    const sectors = Math.floor((address + sizeBytes - 1) / sectorBytes) - first + 1
    const since = (name: string) => (written[name] ?? 0) - (before[name] ?? 0)
    expect([since('dfu-dnload'), since('dfu-getstatus'), since('dfu-abort')]).toEqual([
      blocks + sectors + 1,
      2 * (blocks + sectors + 1),
      0,
    ])
    await session.compare({ alternate: 0, address, expected: data })
    const read = plugged.board.account().transfersByRequest
    expect((read['dfu-upload'] ?? 0) - (written['dfu-upload'] ?? 0)).toBe(blocks)
    await session.close()
  })

  it('that acknowledges and stores nothing is caught by the read-back', async () => {
    await using plugged = plugBoard({ platform, start: 'dfu', faults: ['silent write from block 5'] })
    await using session = await open(plugged, platform)
    await session.write({ alternate: 0, address, data })
    const found = await session.compare({ alternate: 0, address, expected: data })
    expect(found).toMatchObject({ equal: false, firstDifference: address + 4 * 4096, bytesRead: sizeBytes })
    expect(found.sha256).not.toBe(sha256)
  })

  it.each([
    ['stall at block 4', 'DFU_WRITE_FAILED'],
    ['write error at block 4', 'DFU_WRITE_FAILED'],
    ['busy for ever at block 4', 'DFU_STUCK_BUSY'],
    ['no answer at block 4', 'DFU_STUCK_BUSY'],
    ['unplug at block 4', 'USB_GONE'],
    ['unplug during erase', 'USB_GONE'],
  ])('with "%s" ends as %s, and closing sends nothing', async (words, code) => {
    await using plugged = plugBoard({ platform, start: 'dfu', faults: [words] })
    await using session = await open(plugged, platform)
    const thrown = await session.write({ alternate: 0, address, data }).catch((reason: unknown) => reason)
    expect(thrown).toMatchObject({ code })
    const sent = session.transfers
    await session.close()
    expect(session.transfers).toBe(sent)
  })

  it('can be written again after a failed write', async () => {
    await using plugged = plugBoard({ platform, start: 'dfu', faults: ['write error at block 4'] })
    await using session = await open(plugged, platform)
    await expect(session.write({ alternate: 0, address, data })).rejects.toMatchObject({ code: 'DFU_WRITE_FAILED' })
    await session.write({ alternate: 0, address, data })
    expect(await session.compare({ alternate: 0, address, expected: data })).toMatchObject({ equal: true, sha256 })
  })

  it('stops at once when the signal says so, with its reason', async () => {
    await using plugged = plugBoard({ platform, start: 'dfu' })
    const stop = new AbortController()
    await using session = await open(plugged, platform, stop.signal)
    const reason = new Fault('JOB_ABORTED', 'the operator pressed stop')
    const onProgress = ({ phase }: DfuProgress) => {
      if (phase === 'write') stop.abort(reason)
    }
    await expect(session.write({ alternate: 0, address, data, onProgress })).rejects.toBe(reason)
  })
})

describe.each(['boron', 'p2'] as const)('a protected %s', (platform) => {
  it('is known as locked and refused before a byte moves', async () => {
    await using plugged = plugBoard({ platform, start: 'dfu', protected: true })
    await using session = await open(plugged, platform)
    expect(session.isLocked).toBe(true)
    const { address } = families[platform]
    const sent = session.transfers
    await expect(session.write({ alternate: 0, address, data: noise(10) })).rejects.toMatchObject({
      code: 'DEVICE_PROTECTED',
    })
    await expect(session.read({ alternate: 0, address, sizeBytes: 10 })).rejects.toMatchObject({
      code: 'DEVICE_PROTECTED',
    })
    expect(session.transfers).toBe(sent)
  })
})
