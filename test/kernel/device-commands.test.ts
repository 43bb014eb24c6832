// The command line for DFU devices on a real Linux USB stack: devices lists them without opening any, upload saves the memory
// that dfu-util saves, flash finds them by itself. Nothing is replaced but the copper.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Bench } from './bench.ts'
import { runClient } from './run-client.ts'
import { kernelPortName } from './vhci-device.ts'

const commandLine = join(import.meta.dirname, '../../src/main/headless/station-cli.ts')
const boards = [
  { platform: 'stm32', serial: 'same' },
  { platform: 'stm32', serial: 'same' },
  { platform: 'dfu' },
  { platform: 'boron', start: 'dfu' },
  { platform: 'laptop-bluetooth' },
]
const [first, second, plain, boron, laptop] = boards.map((_, place) => kernelPortName(place))
const enumerated = 8

interface Run {
  readonly code: number
  readonly results: readonly Record<string, unknown>[]
  readonly complaints: string
}

let bench: Bench
let folder: string

function station(...words: readonly string[]): Promise<Run> {
  const { promise, resolve } = Promise.withResolvers<Run>()
  const args = [commandLine, ...words, '--json', '--data', join(folder, 'data')]
  execFile(process.execPath, args, { timeout: 120_000, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
    const results = stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Record<string, unknown>] : []))
    const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
    resolve({ code, results, complaints: stderr })
  })
  return promise
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'device-commands.'))
  bench = new Bench()
  await bench.simulate({ format: 'dfu-station-bench', version: 1, boards }, 10)
})

after(() => {
  bench.end()
  rmSync(folder, { recursive: true })
})

async function listed(...words: readonly string[]): Promise<Run> {
  let run = await station('devices', ...words)
  // The kernel enumerates one device after another: look until all are there.
  for (let looks = 1; looks < enumerated && run.results.length < boards.length; looks += 1) {
    run = await station('devices', ...words)
  }
  return run
}

const byPort = ({ results }: Run, port: string | undefined) => results.find(({ portPath }) => portPath === port) ?? {}

describe('the command line for DFU devices on a real kernel', () => {
  it('lists them from what the kernel has read of them, and opens none', async () => {
    const run = await listed()
    assert.equal(run.code, 0, run.complaints)
    assert.equal(run.results.length, boards.length)
    assert.equal(byPort(run, boron)['platform'], 'boron')
    const rom = byPort(run, second)
    assert.deepEqual(
      [rom['usbId'], rom['mode'], rom['protocol'], rom['isLeftAlone'], rom['serialNumber']],
      ['0483:df11', 'dfu', 'dfuse', true, null],
    )
    for (const port of [first, plain, laptop]) assert.equal(byPort(run, port)['isLeftAlone'], true)
  })

  it('asks the one that it is told to ask', async () => {
    const run = await listed('--ask', second ?? '')
    assert.equal(run.code, 0, run.complaints)
    const asked = run.results.filter(({ isLeftAlone }) => isLeftAlone === false)
    assert.deepEqual(
      asked.map(({ portPath, serialNumber }) => [portPath, typeof serialNumber]),
      [[second, 'string']],
    )
  })

  it('saves the memory that dfu-util saves, also of two with one serial number', async () => {
    for (const port of [first, second]) {
      const out = join(folder, `${port}.bin`)
      const range = ['--address', '0x08000000', '--size', '40000']
      const { code, results, complaints } = await station('upload', '--port', port ?? '', '--out', out, ...range)
      assert.equal(code, 0, complaints)
      assert.equal((results[0]?.['uploaded'] as { portPath?: string } | undefined)?.portPath, port)
      const witness = join(folder, `${port}.witness`)
      const words = ['-p', port ?? '', '-d', '0483:df11', '-a', '0', '-s', '0x08000000:40000', '-U', witness]
      const { status, stderr } = await runClient('dfu-util', words)
      assert.equal(status, 0, stderr)
      assert.equal(readFileSync(out).equals(readFileSync(witness)), true)
    }
  })

  it('brings a device out of its program, saves its memory, and it runs again', async () => {
    const out = join(folder, 'plain.dfu')
    const { code, complaints } = await station('upload', '--port', plain ?? '', '--out', out)
    assert.equal(code, 0, complaints)
    const { status, stdout } = await runClient('dfu-suffix', ['-c', out])
    assert.equal(status, 0, stdout)
    assert.match(stdout, /BCD device:\s+0x0100/)
    let run = await station('devices')
    for (let looks = 1; looks < enumerated && byPort(run, plain)['mode'] !== 'normal'; looks += 1)
      run = await station('devices')
    assert.deepEqual([byPort(run, plain)['usbId'], byPort(run, plain)['mode']], ['1209:0001', 'normal'])
  })

  it('saves the memory of a Particle board in DFU mode', async () => {
    const out = join(folder, 'boron.bin')
    const range = ['--address', '0x30000', '--size', '8192']
    const { code, complaints } = await station('upload', '--port', boron ?? '', '--out', out, ...range)
    assert.equal(code, 0, complaints)
    const witness = join(folder, 'boron.witness')
    const words = ['-p', boron ?? '', '-d', ',2b04:*', '-a', '0', '-s', '0x30000:8192', '-U', witness]
    const { status, stderr } = await runClient('dfu-util', words)
    assert.equal(status, 0, stderr)
    assert.equal(readFileSync(out).equals(readFileSync(witness)), true)
  })

  it('flashes what a recipe names, and touches nobody else', async () => {
    writeFileSync(
      join(folder, 'lamp.bin'),
      Uint8Array.from({ length: 5_000 }, (_, at) => (at * 7 + (at >> 6)) & 0xff),
    )
    const lamp = { name: 'Lamp', match: ['1209:0001', '1209:0002'], image: { file: 'lamp.bin' } }
    const file = join(folder, 'lamp.json')
    writeFileSync(file, JSON.stringify({ format: 'dfu-station-recipe', version: 1, name: 'Lamp', devices: [lamp] }))
    const { code, results, complaints } = await station('flash', '--recipe', file)
    // The Particle board is refused; the others are not even on this bench.
    assert.equal(code, 1, `${complaints} ${JSON.stringify(results)}`)
    const verdicts = results.slice(0, -1).map(({ portPath, outcome }) => `${portPath} ${outcome}`)
    assert.deepEqual(verdicts.sort(), [`${boron} fail`, `${plain} pass`].sort())
    const images = results.flatMap((result) => (result['images'] ?? []) as { proof: string; action: string }[])
    assert.deepEqual(
      images.map(({ proof, action }) => [action, proof]),
      [['written', 'read-back']],
    )
  })
})
