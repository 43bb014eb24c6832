// Another program at the simulated boards: dfu-util, which shares no line with the station. What it writes the engine
// reads, and what the engine writes it reads, so that simulator and engine cannot agree on a mistake of their own; and
// what it prints of each device is what it prints of a real one.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { dfuDeviceSerial } from '../../src/main/sim/generic/dfu-device.ts'
import { withHeader } from '../../src/main/sim/generic/image-header.ts'
import { type DfuSession, openDfu } from '../../src/main/station/dfu/session.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { openLibusbBus } from '../../src/main/station/usb/libusb-bus.ts'
import type { UsbBus, UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import { withSuffix } from '../sim/generic/device-images.ts'
import { Bench, silentLog, until } from './bench.ts'
import { type ClientRun, runClient } from './run-client.ts'

const boards = [
  { platform: 'boron', start: 'dfu', deviceId: 'e00fce68b5afb460d58ec1d0' },
  { platform: 'photon', start: 'dfu', deviceId: '16efda4a3439904dfbb6c8d6' },
  { platform: 'p2', start: 'dfu', deviceId: '0a10aced202199def0adb6db' },
  // Leaves the bus by itself, and starts its program by itself.
  { platform: 'dfu', device: { normalId: '1209:0001', dfuId: '1209:0002' } },
  // Waits for bus resets.
  {
    platform: 'dfu',
    device: {
      normalId: '1209:0003',
      dfuId: '1209:0004',
      attributes: ['download', 'upload'],
      returnsByItself: false,
    },
  },
  // Takes only what is made for it.
  {
    platform: 'dfu',
    start: 'dfu',
    device: {
      normalId: '1209:0005',
      dfuId: '1209:0006',
      attributes: ['download', 'upload', 'manifestation-tolerant'],
      memories: [{ name: 'Program', sizeBytes: 16_384 }],
      checksImages: true,
    },
  },
]
const families = [
  { name: 'Photon', dfu: 0xd006, normal: 0xc006, address: 0x080a0000 },
  { name: 'Boron', dfu: 0xd00d, normal: 0xc00d, address: 0xd4000 },
  { name: 'P2', dfu: 0xd020, normal: 0xc020, address: 0x085a0000 },
]
const testVendor = 0x1209
/**
 * dfu-util's statuses after a good download to a device that then starts its program. It looks again after a second,
 * when a device that starts by itself is gone; and it takes for a failure that a device is another one after a reset
 * (LIBUSB_ERROR_NOT_FOUND), which it passes on as -5 where the reset was asked for by -R.
 */
const goneWhenLookedAt = 74
const anotherAfterReset = 74
const anotherAfterAskedReset = 251
const speed = 10
const sizeBytes = 20_480

let bench: Bench
let bus: UsbBus
let folder: string

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dfu-util.'))
  bench = new Bench()
  bus = await openLibusbBus({ clock: systemClock, log: silentLog })
  await until(() => bus.devices().length === 0)
  await bench.simulate({ format: 'dfu-station-bench', version: 1, boards }, speed)
  await until(() => bus.devices().length === boards.length)
})

after(async () => {
  await bus[Symbol.asyncDispose]()
  bench.end()
  rmSync(folder, { recursive: true })
})

function deviceWith(productId: number): UsbDevice | undefined {
  return bus.devices().find((device) => device.productId === productId)
}

function dfuUtil(...words: readonly string[]): Promise<ClientRun> {
  return runClient('dfu-util', words)
}

/** Fails with all that dfu-util said when it ended in another way. */
async function done(run: Promise<ClientRun>, expected = 0): Promise<string> {
  const { status, stdout, stderr } = await run
  assert.equal(status, expected, `${stdout}\n${stderr}`)
  return stdout
}

function fileOf(name: string, bytes: Uint8Array): string {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  return file
}

/** dfu-util never writes over a file. */
let fileCount = 0
async function uploaded(...words: readonly string[]): Promise<Buffer> {
  fileCount += 1
  const file = join(folder, `upload-${fileCount}.bin`)
  await done(dfuUtil(...words, '-U', file))
  return readFileSync(file)
}

const hex = (id: number) => id.toString(16).padStart(4, '0')
/** The ids of normal mode and of DFU mode; with the former alone, dfu-util would take any device in DFU mode. */
const board = (normal: number, dfu: number) => ['-d', `2b04:${hex(normal)},2b04:${hex(dfu)}`, '-a', '0']
const plain = (normal: number, dfu: number) => ['-d', `1209:${hex(normal)},1209:${hex(dfu)}`]

describe('dfu-util -l', () => {
  it('lists every memory of every board as it does of real ones', async () => {
    const stdout = await done(dfuUtil('-l'))
    const found = [...stdout.matchAll(/^Found (\w+): \[(....:....)\] ver=(....).*intf=(\d).* alt=(\d), (name=.*)$/gm)]
    assert.deepEqual(found.map((match) => match.slice(1).join(' ')).toSorted(), [
      `DFU 1209:0006 0100 0 0 name="Program", serial="${dfuDeviceSerial(5)}"`,
      'DFU 2b04:d006 0250 0 0 name="@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg", serial="16efda4a3439904dfbb6c8d6"',
      'DFU 2b04:d006 0250 0 1 name="@DCT Flash   /0x00000000/01*016Kg", serial="16efda4a3439904dfbb6c8d6"',
      'DFU 2b04:d00d 0251 0 0 name="@Internal Flash   /0x00000000/1*004Ka,47*004Kg,192*004Kg,4*004Kg,4*004Kg,8*004Ka", serial="e00fce68b5afb460d58ec1d0"',
      'DFU 2b04:d00d 0251 0 1 name="@DCT Flash   /0x00000000/1*016Ke", serial="e00fce68b5afb460d58ec1d0"',
      'DFU 2b04:d00d 0251 0 2 name="@External Flash   /0x80000000/1024*004Kg", serial="e00fce68b5afb460d58ec1d0"',
      'DFU 2b04:d020 0252 0 0 name="@Internal Flash   /0x08000000/2048*004Kg", serial="0a10aced202199def0adb6db"',
      'DFU 2b04:d020 0252 0 1 name="@DCT Flash   /0x00000000/1*016Ke", serial="0a10aced202199def0adb6db"',
      `Runtime 1209:0001 0100 1 0 name="Firmware update", serial="${dfuDeviceSerial(3)}"`,
      `Runtime 1209:0003 0100 1 0 name="Firmware update", serial="${dfuDeviceSerial(4)}"`,
    ])
  })
})

describe('dfu-util and the engine', () => {
  const [address, place] = [0xd4000, { alternate: 0, address: 0xd4000 }]

  async function withSession<T>(use: (session: DfuSession) => Promise<T>): Promise<T> {
    const device = deviceWith(0xd00d)
    assert.ok(device)
    const signal = new AbortController().signal
    await using session = await openDfu(device, { clock: systemClock, signal, family: 'nrf52840' })
    return await use(session)
  }

  it('read what the other wrote', async () => {
    const [ours, theirs] = [randomBytes(sizeBytes), randomBytes(sizeBytes)]
    await withSession((session) => session.write({ ...place, data: ours }))
    assert.ok((await uploaded(...board(0xc00d, 0xd00d), '-s', `${address}:${sizeBytes}`)).equals(ours))
    await done(dfuUtil(...board(0xc00d, 0xd00d), '-s', String(address), '-D', fileOf('theirs.bin', theirs)))
    const { equal } = await withSession((session) => session.compare({ ...place, expected: theirs }))
    assert.equal(equal, true)
  })
})

describe('dfu-util at a board in DFU mode', () => {
  for (const { name, dfu, normal, address } of families) {
    it(`writes a ${name}, reads it back, and leaves it to its firmware`, async () => {
      const data = randomBytes(sizeBytes)
      const file = fileOf(`${name}.bin`, data)
      await done(dfuUtil(...board(normal, dfu), '-s', String(address), '-D', file))
      assert.ok((await uploaded(...board(normal, dfu), '-s', `${address}:${sizeBytes}`)).equals(data))
      const stdout = await done(dfuUtil(...board(normal, dfu), '-s', `${address}:leave`, '-D', file))
      assert.match(stdout, /Submitting leave request/)
      await until(() => deviceWith(normal) !== undefined)
    })
  }
})

describe('dfu-util at a plain DFU device', () => {
  const images = { first: randomBytes(30_000), second: randomBytes(50_000) }

  it('detaches it from its program, and it comes back in its loader', async () => {
    const stdout = await done(dfuUtil(...plain(0x0001, 0x0002), '-E', '1', '-e'))
    assert.match(stdout, /DFU state\(0\) = appIDLE.*\n.*send DFU detach request.*\nDevice will detach and reattach/)
    await until(() => deviceWith(0x0002) !== undefined)
  })

  it('writes its program, which it starts by itself', async () => {
    const file = fileOf('first.dfu', withSuffix(images.first, { vendorId: testVendor, productId: 0x0002 }))
    const stdout = await done(dfuUtil(...plain(0x0001, 0x0002), '-D', file), goneWhenLookedAt)
    assert.match(stdout, /\[=+\] 100% +30000 bytes\nDownload done/)
    assert.match(stdout, /state\(7\) = dfuMANIFEST/)
    await until(() => deviceWith(0x0001) !== undefined)
    const memory = await uploaded(...plain(0x0001, 0x0002), '-E', '1')
    assert.equal(memory.length, 128 * 1024)
    assert.ok(memory.subarray(0, images.first.length).equals(images.first))
  })

  it('resets the bus where the device waits for that', async () => {
    const file = fileOf('second.dfu', withSuffix(images.second, { vendorId: testVendor, productId: 0x0004 }))
    const stdout = await done(dfuUtil(...plain(0x0003, 0x0004), '-E', '1', '-D', file), anotherAfterReset)
    assert.match(stdout, /Resetting USB\.\.\.\nOpening DFU USB Device/)
    assert.match(stdout, /state\(8\) = dfuMANIFEST-WAIT-RESET/)
    await until(() => deviceWith(0x0003) !== undefined)
    const memory = await uploaded(...plain(0x0003, 0x0004), '-E', '1')
    assert.ok(memory.subarray(0, images.second.length).equals(images.second))
  })

  it("refuses another product's file, and the device is left as it was", async () => {
    const before = await uploaded(...plain(0x0005, 0x0006))
    const file = fileOf('theirs.dfu', withSuffix(images.first, { vendorId: testVendor, productId: 0x0009 }))
    const { status, stderr } = await dfuUtil(...plain(0x0005, 0x0006), '-D', file)
    assert.notEqual(status, 0)
    assert.match(stderr, /File ID 1209:0009 does not match device \(1209:0005 or 1209:0006\)/)
    assert.ok((await uploaded(...plain(0x0005, 0x0006))).equals(before))
  })

  it('says why the device refuses an image', async () => {
    const ids = { vendorId: testVendor, productId: 0x0006 }
    const damaged = withHeader({ ids, release: 0x0200 }, randomBytes(9_000))
    damaged[5_000] = ~(damaged[5_000] ?? 0)
    const large = withHeader({ ids, release: 0x0200 }, randomBytes(20_000))
    const refused = [
      { image: randomBytes(9_000), words: /state\(10\) = dfuERROR, status\(2\) = File is for this device but fails/ },
      { image: large, words: /state\(10\) = dfuERROR, status\(8\) = Cannot program memory .* out of range/ },
      // It says "Done!" as well: only the words tell.
      { image: damaged, words: /state\(10\) = dfuERROR, status\(10\) = Device's firmware is corrupt/, status: 0 },
    ]
    for (const { image, words, status = 74 } of refused) {
      const file = fileOf('refused.dfu', withSuffix(Buffer.from(image), ids))
      assert.match(await done(dfuUtil(...plain(0x0005, 0x0006), '-D', file), status), words)
    }
  })

  it('writes the image that the device takes, and starts it by a reset of the bus', async () => {
    const ids = { vendorId: testVendor, productId: 0x0006 }
    const image = Buffer.from(withHeader({ ids, release: 0x0345 }, randomBytes(9_000)))
    const file = fileOf('ours.dfu', withSuffix(image, ids))
    const stdout = await done(dfuUtil(...plain(0x0005, 0x0006), '-R', '-D', file), anotherAfterAskedReset)
    assert.match(stdout, /state\(2\) = dfuIDLE.*\nDone!\nResetting USB to switch back to Run-Time mode/)
    await until(() => deviceWith(0x0005)?.deviceRelease === 0x0345)
  })
})
