// Particle's own client brings simulated boards to another Device OS: bootloaders by control requests, system parts over
// DFU, with everything read back. Firmware is real where it can be had. What particle-usb 4.1.0 cannot do for a reason
// of its own is said in the name of the test.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import {
  DeviceProtectionError,
  type ParticleDevice,
  type ParticleDfu,
  RequestError,
  UnsupportedDfuseCommandError,
} from 'particle-usb'
import { makeFacts } from '../../src/main/sim/board-identity.ts'
import { demoDeviceOs } from '../../src/main/sim/synthetic/demo-firmware.ts'
import type { Family } from '../scenarios/real-sets.ts'
import { Bench } from './bench.ts'
import { enterDfu, letGo, openBoard, withBoard } from './particle-client.ts'
import { firmwareFor } from './particle-firmware.ts'

const locked = { platform: 'boron', deviceOs: '6.2.1', start: 'dfu' } as const
const boards = [
  { platform: 'boron', deviceOs: '2.0.1' },
  { platform: 'p2', deviceOs: '5.0.0' },
  { platform: 'photon', deviceOs: '2.0.1' },
  { ...locked, protected: true },
  { ...locked, protected: 'service' },
] as const
const [boron, p2, photon, lockedBoron, servicedBoron] = boards.map(
  ({ platform }, index) => makeFacts(platform, index).deviceId,
) as [string, string, string, string, string]
const speed = 20
/** Longer than a reset on request takes at that speed, with the enumeration after it. */
const resetMs = 700

interface Kind {
  readonly platform: Family
  readonly id: string
  /** Sent by control requests, in this order. */
  readonly updates: readonly string[]
  /** Written over DFU, in this order. */
  readonly parts: readonly string[]
  /** Where a user part may lie. */
  readonly userAddress: number
  /** First and last segment of each memory, as particle-usb understands the names. */
  readonly memories: readonly string[]
}

const kinds: readonly Kind[] = [
  {
    platform: 'boron',
    id: boron,
    updates: ['bootloader.bin'],
    parts: ['system-part1.bin'],
    userAddress: 0xd4000,
    memories: [
      'Internal Flash, 4096 a block: 0 to 1000 r.., 1000 to 30000 rew, 30000 to f0000 rew, f0000 to f4000 rew, f4000 to f8000 rew, f8000 to 100000 r..',
      'DCT Flash, 4096 a block: 0 to 4000 r.w',
      'External Flash, 4096 a block: 80000000 to 80400000 rew',
    ],
  },
  {
    platform: 'p2',
    id: p2,
    updates: ['prebootloader-part1.bin', 'bootloader.bin'],
    parts: ['system-part1.bin'],
    userAddress: 0x085a0000,
    memories: ['Internal Flash, 4096 a block: 8000000 to 8800000 rew', 'DCT Flash, 4096 a block: 0 to 4000 r.w'],
  },
  {
    platform: 'photon',
    id: photon,
    updates: ['bootloader.bin'],
    parts: ['system-part1.bin', 'system-part2.bin'],
    userAddress: 0x080a0000,
    memories: [
      'Internal Flash, 4096 a block: 8000000 to 800c000 r.., 800c000 to 8010000 rew, 8010000 to 8020000 rew, 8020000 to 8100000 rew',
      'DCT Flash, 4096 a block: 0 to 4000 rew',
    ],
  },
]

let bench: Bench

before(async () => {
  bench = new Bench()
  await bench.simulate({ format: 'dfu-station-bench', version: 1, boards }, speed)
})

after(() => {
  bench.end()
  letGo()
})

async function memoryText(dfu: ParticleDfu, alternate: number): Promise<string> {
  await dfu.setAltSetting(alternate)
  const { name, segments } = dfu._memoryInfo
  const texts = segments.map(({ start, end, readable, erasable, writable }) => {
    const letters = `${readable ? 'r' : '.'}${erasable ? 'e' : '.'}${writable ? 'w' : '.'}`
    return `${start.toString(16)} to ${end.toString(16)} ${letters}`
  })
  return `${name}, ${dfu._transferSize} a block: ${texts.join(', ')}`
}

interface Writing {
  readonly startAddr: number
  readonly bytes: Uint8Array
}

/** Writes and reads back. After a write it must go home by hand: see the test of its read after a write. */
async function writeAndCompare(device: ParticleDevice, { startAddr, bytes }: Writing): Promise<void> {
  await device.writeOverDfu(bytes, { altSetting: 0, startAddr })
  await device._dfu.abortToIdle()
  const read = await device.readOverDfu({ altSetting: 0, startAddr, size: bytes.length })
  assert.ok(Buffer.from(bytes).equals(read), 'what was read back differs')
}

async function bringUp(t: TestContext, { platform, id, updates, parts }: Kind): Promise<void> {
  for (const file of updates) {
    const { bytes, isReal } = firmwareFor(platform, file)
    const startedAt = performance.now()
    await withBoard(id, 'normal', (device) => device.updateFirmware(bytes))
    t.diagnostic(`${platform} ${file} (${isReal ? 'real' : 'synthetic'}): ${seconds(startedAt)} s by requests`)
    await pause(resetMs)
  }
  await enterDfu(id)
  await withBoard(id, 'dfu', async (device) => {
    for (const file of parts) {
      const { bytes, address, isReal } = firmwareFor(platform, file)
      const startedAt = performance.now()
      await writeAndCompare(device, { startAddr: address, bytes })
      t.diagnostic(`${platform} ${file} (${isReal ? 'real' : 'synthetic'}): ${seconds(startedAt)} s over DFU`)
    }
    await device.reset()
  })
}

function seconds(startedAt: number): string {
  return ((performance.now() - startedAt) / 1000).toFixed(1)
}

describe('particle-usb with boards in DFU mode', () => {
  for (const kind of kinds) {
    it(`finds a ${kind.platform} there by its ID, with its memories, and brings it back`, async () => {
      await enterDfu(kind.id)
      await withBoard(kind.id, 'dfu', async (device) => {
        const memories: string[] = []
        for (const alternate of kind.memories.keys()) memories.push(await memoryText(device._dfu, alternate))
        assert.deepEqual(memories, kind.memories)
        await assert.rejects(device._dfu.setAltSetting(kind.memories.length), /Invalid alternate setting/)
        assert.deepEqual(await device.getProtectionState(), { protected: false, overridden: null })
        await device.reset()
      })
      await withBoard(kind.id, 'normal', async (device) => assert.ok(device.firmwareVersion))
    })
  }

  it('writes and reads two boards at once', async () => {
    const both = kinds.filter(({ platform }) => platform !== 'boron')
    for (const { id } of both) await enterDfu(id)
    const open = await Promise.all(both.map(({ id }) => openBoard(id, 'dfu')))
    await Promise.all(
      both.map(({ userAddress }, index) =>
        writeAndCompare(open[index] as ParticleDevice, { startAddr: userAddress, bytes: randomBytes(100_001) }),
      ),
    )
    for (const device of open) {
      await device.reset()
      await device.close()
    }
    for (const { id } of both) await withBoard(id, 'normal', async () => {})
  })
})

describe('particle-usb with an update that is no module', () => {
  it('is refused it by the board', async () => {
    await withBoard(boron, 'normal', async (device) => {
      await assert.rejects(device.updateFirmware(randomBytes(5000)), RequestError)
    })
  })
})

describe('particle-usb for a reason of its own', () => {
  for (const { platform, id, userAddress } of kinds.slice(0, 2)) {
    it(`cannot read a ${platform} right after it wrote: its CLRSTATUS in dfuDNLOAD-IDLE stalls; its next try reads`, async () => {
      const bytes = randomBytes(5000)
      const place = { altSetting: 0, startAddr: userAddress }
      await enterDfu(id)
      await withBoard(id, 'dfu', async (device) => {
        await device.writeOverDfu(bytes, place)
        await assert.rejects(device.readOverDfu({ ...place, size: bytes.length }), { name: 'UsbStallError' })
        assert.ok(bytes.equals(await device.readOverDfu({ ...place, size: bytes.length })))
        await device.reset()
      })
    })
  }

  it('reads a photon right after it wrote, but cannot leave from dfuERROR: its second CLRSTATUS is an error there', async () => {
    const bytes = randomBytes(5000)
    const place = { altSetting: 0, startAddr: 0x080c0000 }
    await enterDfu(photon)
    await withBoard(photon, 'dfu', async (device) => {
      await device.writeOverDfu(bytes, place)
      assert.ok(bytes.equals(await device.readOverDfu({ ...place, size: bytes.length })))
      await device._dfu._clearStatus()
      await assert.rejects(device.reset(), /Invalid state/)
      await device._dfu.abortToIdle()
      await device.reset()
    })
    await withBoard(photon, 'normal', async () => {})
  })
})

describe('particle-usb with protected boards in DFU mode', () => {
  it('is refused reading and writing, and told the protection', async () => {
    await withBoard(lockedBoron, 'dfu', async (device) => {
      assert.deepEqual(await device.getProtectionState(), { protected: true })
      const place = { altSetting: 0, startAddr: 0xd4000 }
      await assert.rejects(device.readOverDfu({ ...place, size: 100 }), DeviceProtectionError)
      await assert.rejects(device.writeOverDfu(randomBytes(100), place), DeviceProtectionError)
    })
  })

  it('ends the override of a board in service mode, which is then protected at once', async () => {
    await withBoard(servicedBoron, 'dfu', async (device) => {
      assert.deepEqual(await device.getProtectionState(), { protected: false, overridden: true })
      await writeAndCompare(device, { startAddr: 0xd4000, bytes: randomBytes(5000) })
      await device.unprotectDevice({ action: 'reset' })
      assert.deepEqual(await device.getProtectionState(), { protected: true })
      await assert.rejects(device.writeOverDfu(randomBytes(100), { altSetting: 0, startAddr: 0xd4000 }), {
        name: 'DeviceProtectionError',
      })
    })
  })

  it('sends both into safe mode by the DFU command of recent bootloaders, which older ones do not know', async () => {
    for (const id of [lockedBoron, servicedBoron]) {
      await withBoard(id, 'dfu', (device) => device.enterSafeMode())
      await withBoard(id, 'normal', async (device) => {
        assert.deepEqual(await device.getProtectionState(), { protected: true })
        // The one request that a protected board passes on finds no application.
        assert.notEqual((await device.sendControlRequest(10, randomBytes(4))).result, 0)
      })
    }
    await enterDfu(p2)
    await withBoard(p2, 'dfu', async (device) => {
      await assert.rejects(device.enterSafeMode(), UnsupportedDfuseCommandError)
      await device.reset()
    })
  })
})

/** Side by side: its own pauses between two requests are most of the time. */
describe('particle-usb brings a board to another Device OS, reading back all it writes:', { concurrency: true }, () => {
  for (const kind of kinds) {
    it(`a ${kind.platform} to ${demoDeviceOs[kind.platform]}`, async (t) => {
      await bringUp(t, kind)
      await withBoard(kind.id, 'normal', async (device) => {
        assert.equal(device.firmwareVersion, demoDeviceOs[kind.platform])
        const modules = await device.getFirmwareModuleInfo()
        assert.deepEqual(
          modules.flatMap(({ validityErrors }) => validityErrors),
          [],
        )
      })
    })
  }
})
