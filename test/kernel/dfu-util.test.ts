// Another program at the simulated boards: dfu-util, which shares no line with the station. What it writes the engine
// reads, and what the engine writes it reads, so that simulator and engine cannot agree on a mistake of their own.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { type DfuSession, openDfu } from '../../src/main/station/dfu/session.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { openLibusbBus } from '../../src/main/station/usb/libusb-bus.ts'
import type { UsbBus } from '../../src/main/station/usb/usb-port.ts'
import { Bench, silentLog, until } from './bench.ts'

const run = promisify(execFile)
const address = 0xd4000
const place = { alternate: 0, address }
const sizeBytes = 20_480
const boron = ['-d', '2b04:d00d', '-a', '0']

let bench: Bench
let bus: UsbBus
let folder: string

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dfu-util.'))
  bench = new Bench()
  bus = await openLibusbBus({ clock: systemClock, log: silentLog })
  await until(() => bus.devices().length === 0)
  const boards = [{ platform: 'boron', start: 'dfu' }]
  await bench.simulate({ format: 'dfu-station-bench', version: 1, boards }, 20)
  await until(() => bus.devices().length === 1)
})

after(async () => {
  await bus[Symbol.asyncDispose]()
  bench.end()
  rmSync(folder, { recursive: true })
})

async function withSession<T>(use: (session: DfuSession) => Promise<T>): Promise<T> {
  const device = bus.devices()[0]
  assert.ok(device)
  const signal = new AbortController().signal
  await using session = await openDfu(device, { clock: systemClock, signal, family: 'nrf52840' })
  return await use(session)
}

describe('dfu-util', () => {
  it('sees a simulated Boron with its three memories', async () => {
    const { stdout } = await run('dfu-util', ['-l'])
    const found = [...stdout.matchAll(/Found DFU: \[2b04:d00d\].*name="(@\w+ Flash)/g)].map((match) => match[1])
    assert.deepEqual(found.toSorted(), ['@DCT Flash', '@External Flash', '@Internal Flash'])
  })

  it('reads what the engine wrote', async () => {
    const data = randomBytes(sizeBytes)
    await withSession((session) => session.write({ ...place, data }))
    const file = join(folder, 'read.bin')
    await run('dfu-util', [...boron, '-s', `${address}:${sizeBytes}`, '-U', file])
    assert.ok(readFileSync(file).equals(data))
  })

  it('writes what the engine reads', async () => {
    const data = randomBytes(sizeBytes)
    const file = join(folder, 'written.bin')
    writeFileSync(file, data)
    await run('dfu-util', [...boron, '-s', String(address), '-D', file])
    const { equal } = await withSession((session) => session.compare({ ...place, expected: data }))
    assert.equal(equal, true)
  })
})
