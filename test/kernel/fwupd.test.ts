// fwupd at simulated devices: the client that updates DFU devices on most Linux computers, with its own idea of what a
// DFU device is. What it wrote is read back by dfu-util.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { dfuDeviceSerial } from '../../src/main/sim/generic/dfu-device.ts'
import { headerBytes, withHeader } from '../../src/main/sim/generic/image-header.ts'
import { instancesOf } from '../../src/main/station/devices/instance-ids.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { openLibusbBus } from '../../src/main/station/usb/libusb-bus.ts'
import type { UsbBus, UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import { withSuffix } from '../sim/generic/device-images.ts'
import { Bench, silentLog, until } from './bench.ts'
import { buildCabinet } from './fwupd-cabinet.ts'
import { type FwupdTool, openFwupdTool } from './fwupd-tool.ts'
import { runClient } from './run-client.ts'

/** fwupd reads back what it wrote to the end of the memory, and expects no more than it wrote. */
const memoryBytes = 32_768
const memories = [{ sizeBytes: memoryBytes }]
/** fwupd reads back without asking whether a manifestation is over. */
const tolerant = {
  attributes: ['download', 'upload', 'manifestation-tolerant', 'will-detach'],
  manifestMs: 0,
  memories,
}
const boards = [
  { platform: 'dfu', start: 'dfu', device: { ...tolerant, normalId: '1209:0001', dfuId: '1209:0002' } },
  { platform: 'dfu', device: { ...tolerant, normalId: '1209:0003', dfuId: '1209:0004' } },
  { platform: 'dfu', device: { normalId: '1209:0005', dfuId: '1209:0006', memories } },
  { platform: 'boron', start: 'dfu' },
  { platform: 'photon', start: 'dfu', deviceId: '16efda4a3439904dfbb6c8d6' },
  { platform: 'p2', start: 'dfu' },
]
const testVendor = 0x1209
const speed = 10

interface FoundDevice {
  readonly DeviceId: string
  readonly InstanceIds: readonly string[]
  readonly Guid: readonly string[]
  readonly Serial: string
  readonly Flags: readonly string[]
  readonly Protocols: readonly string[]
  readonly Version: string
}

let bench: Bench
let bus: UsbBus
let folder: string
let fwupdtool: FwupdTool

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fwupd.'))
  fwupdtool = await openFwupdTool(folder)
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

async function foundDevices(): Promise<readonly FoundDevice[]> {
  const { status, stdout, stderr } = await fwupdtool('get-devices', '--json')
  assert.equal(status, 0, stderr)
  return (JSON.parse(stdout) as { readonly Devices: readonly FoundDevice[] }).Devices
}

async function found(productId: string): Promise<FoundDevice> {
  const device = (await foundDevices()).find(({ InstanceIds }) => InstanceIds[0]?.endsWith(`PID_${productId}`))
  assert.ok(device)
  return device
}

/** A program that fills its memory. */
function programFor(productId: number, release: number): Buffer {
  const ids = { vendorId: testVendor, productId }
  return Buffer.from(withHeader({ ids, release }, randomBytes(memoryBytes - headerBytes)))
}

function suffixed(productId: number, program: Buffer): string {
  const file = join(folder, `${productId}.dfu`)
  writeFileSync(file, withSuffix(program, { vendorId: testVendor, productId }))
  return file
}

async function readBack(normal: string, dfu: string): Promise<Buffer> {
  const file = join(folder, `${dfu}.bin`)
  const { status, stderr } = await runClient('dfu-util', ['-d', `1209:${normal},1209:${dfu}`, '-E', '1', '-U', file])
  assert.equal(status, 0, stderr)
  return readFileSync(file)
}

describe('fwupdtool get-devices', () => {
  it('takes plain DFU devices for updatable, in their loader and while their program runs', async () => {
    const devices = await foundDevices()
    const plain = devices.filter(({ InstanceIds }) => InstanceIds[0]?.startsWith('USB\\VID_1209'))
    const facts = plain.map(({ InstanceIds, Serial, Version, Protocols, Flags }) => [
      ...[InstanceIds[0], Serial, Version, Protocols[0]],
      ...['updatable', 'is-bootloader'].filter((flag) => Flags.includes(flag)),
    ])
    assert.deepEqual(
      facts.toSorted(([a], [b]) => String(a).localeCompare(String(b))),
      [
        ['USB\\VID_1209&PID_0002', dfuDeviceSerial(0), '1.0', 'org.usb.dfu', 'updatable', 'is-bootloader'],
        ['USB\\VID_1209&PID_0003', dfuDeviceSerial(1), '1.0', 'org.usb.dfu', 'updatable'],
        ['USB\\VID_1209&PID_0005', dfuDeviceSerial(2), '1.0', 'org.usb.dfu', 'updatable'],
      ],
    )
  })

  it('gives devices names and GUIDs that the station gives them, too', async () => {
    const ours = bus.devices().flatMap((device) => instancesOf(device).map((each) => `${each.guid} ${each.instanceId}`))
    const told = (await foundDevices()).flatMap(({ InstanceIds, Guid }) => {
      assert.equal(InstanceIds.length, Guid.length)
      return InstanceIds.map((name, at) => `${Guid[at]} ${name}`)
    })
    assert.equal(told.length, 4)
    assert.deepEqual(
      told.filter((each) => !ours.includes(each)),
      [],
    )
  })

  it('takes a Photon for one too, but no Boron and no P2: it counts no more than 999 sectors', async () => {
    const devices = await foundDevices()
    const particle = devices.filter(({ InstanceIds }) => InstanceIds[0]?.startsWith('USB\\VID_2B04'))
    assert.deepEqual(
      particle.map(({ InstanceIds, Serial, Version }) => [InstanceIds[0], Serial, Version]),
      [['USB\\VID_2B04&PID_D006', '16efda4a3439904dfbb6c8d6', '2.50']],
    )
    const { stdout, stderr } = await fwupdtool('get-devices', '-v', '-v')
    const reasons = [...`${stdout}\n${stderr}`.matchAll(/dfu ignoring: .*(invalid number of sectors: .*)$/gm)]
    assert.deepEqual(reasons.map((match) => match[1]).toSorted(), [
      'invalid number of sectors: 1024*004Kg',
      'invalid number of sectors: 2048*004Kg',
    ])
  })
})

describe('fwupdtool', () => {
  it('writes a device that is in its loader, compares it, and starts it', async () => {
    const program = programFor(0x0002, 0x0150)
    const { DeviceId } = await found('0002')
    const { status, stdout, stderr } = await fwupdtool('install-blob', suffixed(0x0002, program), DeviceId)
    assert.equal(status, 0, `${stdout}\n${stderr}`)
    assert.equal(deviceWith(0x0001)?.deviceRelease, 0x0150)
    assert.ok((await readBack('0001', '0002')).equals(program))
  })

  it('installs a cabinet on a device whose program runs, and finds the new release afterwards', async () => {
    const program = programFor(0x0004, 0x0203)
    const { Guid } = await found('0003')
    const firmware = withSuffix(program, { vendorId: testVendor, productId: 0x0004 })
    const cabinet = await buildCabinet({ folder, firmware, guids: Guid, version: '2.3' })
    const { status, stdout, stderr } = await fwupdtool('install', cabinet)
    assert.equal(status, 0, `${stdout}\n${stderr}`)
    assert.equal((await found('0003')).Version, '2.3')
    assert.ok((await readBack('0003', '0004')).equals(program))
  })

  it('reads back from a device that cannot be read any more, and calls that a failure', async () => {
    const program = programFor(0x0006, 0x0166)
    const { DeviceId } = await found('0005')
    const { status, stdout, stderr } = await fwupdtool('install-blob', suffixed(0x0006, program), DeviceId)
    assert.match(`${stdout}\n${stderr}`, /failed to write-firmware: cannot upload data/)
    assert.notEqual(status, 0)
    await until(() => deviceWith(0x0005)?.deviceRelease === 0x0166)
    assert.ok((await readBack('0005', '0006')).equals(program))
  })
})
