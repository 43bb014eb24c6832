// The kinds of simulated DFU devices before clients of other people on a real USB stack: dfu-util and fwupd say of them
// what they say of real ones, write them, read them back and bring them to their programs.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { DeviceKindName } from '../../src/main/sim/generic/device-kinds.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { openLibusbBus } from '../../src/main/station/usb/libusb-bus.ts'
import type { UsbBus, UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import { type DeviceImage, dfuFile, imageFor } from '../sim/generic/device-images.ts'
import { Bench, silentLog, until } from './bench.ts'
import { type FwupdTool, openFwupdTool } from './fwupd-tool.ts'
import { type ClientRun, runClient } from './run-client.ts'
import { kernelPortName } from './vhci-device.ts'

const speed = 10
/** By place on the bench. */
const boards = [
  { platform: 'stm32', serial: 'same' },
  { platform: 'stm32', serial: 'same' },
  { platform: 'stm32-l4', device: { normalId: '1209:0009' } },
  { platform: 'stm32-protected', serial: 'none' },
  { platform: 'quirk-gd32' },
  { platform: 'dfu-tolerant' },
  { platform: 'dfu-nontolerant' },
  { platform: 'dfu-liar', start: 'dfu' },
  { platform: 'dfu-10', start: 'dfu' },
  { platform: 'dfu-two', start: 'dfu' },
  { platform: 'dfu-wrong-short', start: 'dfu' },
  { platform: 'dfu-deaf', start: 'dfu', device: { attributes: ['download', 'upload', 'manifestation-tolerant'] } },
  // fwupd reads back to the end of the memory, at once, and expects no more than it wrote.
  { platform: 'quirk-realtek', device: { memories: [{ sizeBytes: 32_768 }], manifestMs: 0 } },
  { platform: 'quirk-openpcd', start: 'dfu' },
  { platform: 'quirk-lpc' },
  { platform: 'mouse' },
  { platform: 'laptop-bluetooth' },
]

let bench: Bench
let bus: UsbBus
let folder: string
let fwupdtool: FwupdTool

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'generic.'))
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

function placeOf(kind: string): number {
  return boards.findIndex(({ platform }) => platform === kind)
}

function deviceAt(place: number): UsbDevice | undefined {
  return bus.devices().find(({ portPath }) => portPath === kernelPortName(place))
}

async function done(words: readonly string[], expected = 0): Promise<string> {
  const { status, stdout, stderr }: ClientRun = await runClient('dfu-util', words)
  assert.equal(status, expected, `${stdout}\n${stderr}`)
  return `${stdout}\n${stderr}`
}

let fileCount = 0
function fileOf(bytes: Uint8Array): string {
  fileCount += 1
  const file = join(folder, `file-${fileCount}.bin`)
  writeFileSync(file, bytes)
  return file
}

/** dfu-util never writes over a file. */
async function uploaded(words: readonly string[]): Promise<Buffer> {
  fileCount += 1
  const file = join(folder, `upload-${fileCount}.bin`)
  await done([...words, '-U', file])
  return readFileSync(file)
}

const hex = (id: number) => id.toString(16).padStart(4, '0')

/** The device in this place and no other: by its port and its ids in both modes. */
function wordsFor(place: number, { ids }: DeviceImage): readonly string[] {
  const [normal, dfu] = [ids.normal, ids.dfu].map(({ vendorId, productId }) => `${hex(vendorId)}:${hex(productId)}`)
  return ['-p', kernelPortName(place), '-d', `${normal},${dfu}`]
}

function kindAt(place: number): DeviceKindName {
  return boards[place]?.platform as DeviceKindName
}

describe('dfu-util -l', () => {
  it('lists what a real STM32 and its like show, letter by letter', async () => {
    const stdout = await done(['-l'])
    const found = [...stdout.matchAll(/^Found (\w+): \[(....:....)\] ver=(....).*intf=(\d).* alt=(\d), (name=.*)$/gm)]
    const lines = found.map((match) => match.slice(1).join(' '))
    const f4 = [
      'DFU 0483:df11 2200 0 0 name="@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg", serial="000000000001"',
      'DFU 0483:df11 2200 0 1 name="@Option Bytes  /0x1FFFC000/01*016 e", serial="000000000001"',
      'DFU 0483:df11 2200 0 2 name="@OTP Memory /0x1FFF7800/01*512 e,01*016 e", serial="000000000001"',
      'DFU 0483:df11 2200 0 3 name="@Device Feature/0xFFFF0000/01*004 e", serial="000000000001"',
    ]
    for (const line of f4) assert.equal(lines.filter((each) => each === line).length, 2, line)
    for (const line of [
      'DFU 0483:df11 2200 0 1 name="@Option Bytes  /0x1FFFC000/01*016 e", serial="UNKNOWN"',
      'DFU 28e9:0189 0100 0 0 name="@Internal Flash  /0x08000000/512*002Kg"',
      'DFU 1fc9:000c 0100 0 0 name="Program"',
      'DFU 1209:002d 0100 0 1 name="Settings"',
      'DFU 1209:002d 0100 1 0 name="Radio"',
      'DFU 1209:002b 0100 0 0 name="Program"',
      'Runtime 1209:0020 0100 1 0 name="Firmware update"',
      'Runtime 0bda:5850 0100 1 0 name="Firmware update"',
      'Runtime 1209:0072 0100 1 0 name="Firmware update"',
    ])
      assert.ok(
        lines.some((each) => each.startsWith(line)),
        `${line}\n${lines.join('\n')}`,
      )
    assert.ok(!stdout.includes('1209:0070'))
  })
})

describe('fwupdtool', () => {
  interface Found {
    readonly DeviceId: string
    readonly InstanceIds: readonly string[]
    readonly Protocols: readonly string[]
  }

  async function found(): Promise<readonly Found[]> {
    const { status, stdout, stderr } = await fwupdtool('get-devices', '--json')
    assert.equal(status, 0, stderr)
    return (JSON.parse(stdout) as { readonly Devices: readonly Found[] }).Devices
  }

  it('knows the devices by its own quirks, and speaks DfuSe with an STM32', async () => {
    const devices = await found()
    const protocolOf = (id: string) =>
      devices.find(({ InstanceIds }) => InstanceIds[0] === `USB\\VID_${id}`)?.Protocols.join() ?? 'not taken'
    assert.deepEqual(['0483&PID_DF11', '28E9&PID_0189', '0BDA&PID_5850', '1FC9&PID_000C'].map(protocolOf), [
      'com.st.dfuse',
      // It looks at the first memory alone, and what says DfuSe follows the second.
      'org.usb.dfu',
      'org.usb.dfu',
      'org.usb.dfu',
    ])
  })

  it('writes a camera that needs DFU_DETACH on its way back, and finds the new release', async () => {
    const place = placeOf('quirk-realtek')
    const image = imageFor('quirk-realtek', { release: 0x0150, sizeBytes: 32_768 })
    const device = (await found()).find(({ InstanceIds }) => InstanceIds[0]?.endsWith('VID_0BDA&PID_5850'))
    assert.ok(device)
    const file = join(folder, 'camera.dfu')
    writeFileSync(file, dfuFile(image))
    const { status, stdout, stderr } = await fwupdtool('install-blob', file, device.DeviceId)
    assert.equal(status, 0, `${stdout}\n${stderr}`)
    await until(() => deviceAt(place)?.deviceRelease === 0x0150)
  })
})

describe('dfu-util at an STM32', () => {
  for (const place of [1, 2]) {
    it(`writes the one on ${kernelPortName(place)}, reads it back and leaves it to its program`, async () => {
      const wanted = { release: 0x0110 + place, seed: `place ${place}`, sizeBytes: 50_000 }
      const image = imageFor(kindAt(place), wanted)
      const words = [...wordsFor(place, image), '-a', '0']
      const told = await done([...words, '-s', '0x08000000', '-D', fileOf(image.bytes)])
      assert.match(told, /DfuSe interface name: "Internal Flash {2}"/)
      assert.match(told, /Download\t\[=+\] 100%/)
      const held = await uploaded([...words, '-s', `0x08000000:${image.bytes.length}`])
      assert.ok(held.equals(image.bytes))
      const left = await done([...words, '-s', '0x08000000:leave', '-D', fileOf(image.bytes)])
      assert.match(left, /Submitting leave request/)
      await until(() => deviceAt(place)?.deviceRelease === wanted.release)
    })
  }

  it('writes a file of ST, goes back to the ROM by detach for it, and erases everything when told to', async () => {
    const image = imageFor('stm32', { release: 0x0199, sizeBytes: 20_000 })
    const words = [...wordsFor(0, image), '-a', '0']
    await done([...words, '-e'])
    await until(() => deviceAt(0)?.productId === 0xdf11)
    await done([...words, '-s', ':mass-erase:force', '-D', fileOf(dfuFile(image))])
    const memory = await uploaded([...words, '-s', '0x08000000:65536'])
    assert.ok(memory.subarray(0, image.bytes.length).equals(image.bytes))
    assert.ok(memory.subarray(image.bytes.length).every((byte) => byte === 0xff))
  })

  it('is told of read protection, and takes it back', async () => {
    const place = placeOf('stm32-protected')
    const image = imageFor('stm32-protected')
    const words = [...wordsFor(place, image), '-a', '0']
    const refused = await runClient('dfu-util', [...words, '-s', '0x08000000:64', '-U', join(folder, 'never.bin')])
    assert.notEqual(refused.status, 0)
    assert.match(`${refused.stdout}${refused.stderr}`, /SET_ADDRESS not correctly executed/)
    const before = deviceAt(place)
    await runClient('dfu-util', [...words, '-s', '0x08000000:unprotect:force', '-D', fileOf(image.bytes)])
    // It erases everything first, and then it resets.
    await until(() => deviceAt(place)?.productId === 0xdf11 && deviceAt(place) !== before)
    await done([...words, '-s', '0x08000000', '-D', fileOf(image.bytes)])
  })

  it('writes a GD32 wherever its string says that there is memory, and finds out where there is none', async () => {
    const place = placeOf('quirk-gd32')
    const image = imageFor('quirk-gd32')
    const told = await runClient('dfu-util', [
      ...[...wordsFor(place, image), '-a', '0', '-s', '0x08040000'],
      ...['-D', fileOf(image.bytes)],
    ])
    assert.notEqual(told.status, 0)
  })
})

describe('dfu-util at plain devices', () => {
  for (const kind of ['dfu-10', 'dfu-two', 'dfu-wrong-short', 'quirk-lpc'] as const) {
    it(`writes a ${kind}, which then runs its new version`, async () => {
      const place = placeOf(kind)
      const image = imageFor(kind, { sizeBytes: 8_192 })
      const words = [...wordsFor(place, image), '-i', '0', '-a', '0']
      // It ends with 74 where it looks once more and finds nobody, or another.
      const { status, stdout, stderr } = await runClient('dfu-util', [...words, '-D', fileOf(image.bytes)])
      assert.ok(status === 0 || status === 74, `${status} ${stdout}\n${stderr}`)
      assert.match(stdout, /100%/)
      await until(() => deviceAt(place)?.deviceRelease === image.release)
    })
  }

  it('brings a device to its loader and back that waits for bus resets', async () => {
    const place = placeOf('dfu-nontolerant')
    const image = imageFor('dfu-nontolerant', { sizeBytes: 8_192 })
    const words = wordsFor(place, image)
    await runClient('dfu-util', [...words, '-E', '1', '-D', fileOf(image.bytes)])
    await until(() => deviceAt(place)?.deviceRelease === image.release)
    const held = await uploaded([...words, '-E', '1'])
    assert.ok(held.subarray(0, image.bytes.length).equals(image.bytes))
  })

  it('is lied to by a deaf one, and only reading back shows it', async () => {
    const place = placeOf('dfu-deaf')
    const image = imageFor('dfu-deaf')
    const words = wordsFor(place, image)
    const told = await done([...words, '-D', fileOf(image.bytes)])
    assert.match(told, /Done!/)
    assert.ok(!(await uploaded(words)).subarray(0, image.bytes.length).equals(image.bytes))
  })

  it('gives up on a liar, who stalls while it works', async () => {
    const image = imageFor('dfu-liar')
    const words = wordsFor(placeOf('dfu-liar'), image)
    const { status, stderr } = await runClient('dfu-util', [...words, '-D', fileOf(image.bytes)])
    assert.equal(status, 74)
    assert.match(stderr, /Error during download get_status/)
  })

  it('has its own fixed pause for an OpenPCD', async () => {
    const place = placeOf('quirk-openpcd')
    const image = imageFor('quirk-openpcd')
    const { stdout, stderr } = await runClient('dfu-util', [...wordsFor(place, image), '-D', fileOf(image.bytes)])
    assert.match(stdout, /100%/, stderr)
    await until(() => deviceAt(place)?.deviceRelease === image.release)
  })
})
