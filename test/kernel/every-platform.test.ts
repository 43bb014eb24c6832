// One board of every platform on a real USB stack, in both modes: what the kernel enumerates, what dfu-util, which shares
// no line with us, lists of their memories, and that the memories beyond those of a Photon, Boron or P2 are written and
// read back by it.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { openLibusbBus } from '../../src/main/station/usb/libusb-bus.ts'
import type { UsbBus } from '../../src/main/station/usb/usb-port.ts'
import { platformIds, platformNames } from '../../src/shared/model/platform.ts'
import { Bench, silentLog, until } from './bench.ts'
import { runClient } from './run-client.ts'

const gen2 = ['@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg', '@DCT Flash   /0x00000000/01*016Kg']
const nrf = [
  '@Internal Flash   /0x00000000/1*004Ka,47*004Kg,192*004Kg,4*004Kg,4*004Kg,8*004Ka',
  '@DCT Flash   /0x00000000/1*016Ke',
]
const small = [...nrf, '@External Flash   /0x80000000/1024*004Kg']
const large = [...nrf, '@External Flash   /0x80000000/2048*004Kg']
const rtl = ['@Internal Flash   /0x08000000/2048*004Kg', '@DCT Flash   /0x00000000/1*016Ke']

/** By the product id in DFU mode. */
const memories: Readonly<Record<string, readonly string[]>> = {
  d006: gen2,
  d008: [...gen2, '@Serial Flash   /0x00000000/256*004Kg'],
  d00a: gen2,
  ...{ d00c: small, d00d: small, d00e: small, d016: small, d017: small, d018: small, d025: small },
  ...{ d00f: large, d019: large, d01a: large },
  ...{ d01c: rtl, d020: rtl, d023: rtl, d026: rtl },
}
const speed = 100
const mostEnumerationMs = 60_000

let bench: Bench
let bus: UsbBus
let folder: string

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'every-platform.'))
  bench = new Bench()
  bus = await openLibusbBus({ clock: systemClock, log: silentLog })
  await until(() => bus.devices().length === 0)
  const boards = platformNames.flatMap((platform) => [
    { platform, start: 'dfu' },
    { platform, start: 'normal' },
  ])
  await bench.simulate({ format: 'dfu-station-bench', version: 1, boards }, speed)
  // The kernel takes its time for 34 of them.
  const limit = AbortSignal.timeout(mostEnumerationMs)
  while (bus.devices().length < boards.length) await systemClock.sleep(50, limit)
})

after(async () => {
  await bus[Symbol.asyncDispose]()
  bench.end()
  rmSync(folder, { recursive: true })
})

describe('a board of every platform', () => {
  it('is enumerated by the kernel under its ids in both modes', () => {
    const found = bus.devices().map(({ vendorId, productId }) => [vendorId, productId].map(hex4).join(':'))
    const expected = platformNames.flatMap((name) =>
      [0xc000, 0xd000].map((mode) => `2b04:${hex4(mode | platformIds[name])}`),
    )
    assert.deepEqual(found.toSorted(), expected.toSorted())
  })

  it('shows dfu-util every one of its memories', async () => {
    const { status, stdout, stderr } = await runClient('dfu-util', ['-l'])
    assert.equal(status, 0, stderr)
    const found = [...stdout.matchAll(/^Found DFU: \[2b04:(....)\].* alt=(\d), name="(.*)", serial="[0-9a-f]{24}"$/gm)]
    const expected = Object.entries(memories).flatMap(([productId, names]) =>
      names.map((name, alternate) => `${productId} ${alternate} ${name}`),
    )
    assert.deepEqual(found.map((match) => match.slice(1).join(' ')).toSorted(), expected.toSorted())
  })

  for (const { what, productId, alternate, address } of [
    { what: 'the serial flash of a P1', productId: 'd008', alternate: 2, address: 0xf_0000 },
    { what: 'the third system part of an Electron', productId: 'd00a', alternate: 0, address: 0x0806_0000 },
    { what: "the upper half of a Tracker's external flash", productId: 'd01a', alternate: 2, address: 0x8068_9000 },
    { what: 'the user part of an M SoM', productId: 'd023', alternate: 0, address: 0x085f_2000 },
  ]) {
    it(`takes from dfu-util what it gives back: ${what}`, async () => {
      const data = randomBytes(10_000)
      const [file, back] = [join(folder, `${productId}.bin`), join(folder, `${productId}.back`)]
      writeFileSync(file, data)
      const there = ['-d', `,2b04:${productId}`, '-a', String(alternate)]
      const written = await runClient('dfu-util', [...there, '-s', String(address), '-D', file])
      assert.equal(written.status, 0, written.stdout + written.stderr)
      const read = await runClient('dfu-util', [...there, '-s', `${address}:${data.length}`, '-U', back])
      assert.equal(read.status, 0, read.stdout + read.stderr)
      assert.ok(readFileSync(back).equals(data))
    })
  }
})

function hex4(id: number): string {
  return id.toString(16).padStart(4, '0')
}
