// The station as a user starts it, on a real Linux USB stack, with DFU devices that are no Particle boards: several
// kinds at once, all of one serial number. What the devices hold then is read by dfu-util, not by our engine.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { DeviceKindName } from '../../src/main/sim/generic/device-kinds.ts'
import { usbIdText } from '../../src/shared/model/dfu-identity.ts'
import { imageFor } from '../sim/generic/device-images.ts'
import { Bench } from './bench.ts'
import { runClient } from './run-client.ts'
import { kernelPortName } from './vhci-device.ts'

const commandLine = join(import.meta.dirname, '../../src/main/headless/station-cli.ts')
const speed = 10
const kinds = ['stm32', 'dfu', 'dfu-nontolerant', 'dfu-noupload', 'dfu-liar'] as const
/** As many as a new station has slots, all of one serial number. */
const places: readonly DeviceKindName[] = [...kinds, 'stm32', 'dfu', 'dfu-nontolerant']
/** dfu-util gives up on liars, and the other cannot be read. */
const readable: readonly DeviceKindName[] = ['stm32', 'dfu', 'dfu-nontolerant']
const images = new Map<DeviceKindName, ReturnType<typeof imageFor>>(
  kinds.map((kind) => [kind, imageFor(kind, { release: 0x0207, sizeBytes: 12_000, seed: kind })]),
)

interface Result {
  readonly portPath?: string
  readonly outcome?: string
  readonly durationMs?: number
  readonly fault?: { readonly code: string; readonly detail: string } | null
  readonly images?: readonly { readonly proof: string }[]
  readonly summary?: unknown
}

let bench: Bench
let folder: string

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'station-devices.'))
  bench = new Bench()
  const boards = places.map((platform) => ({ platform, serial: 'same' }))
  await bench.simulate({ format: 'dfu-station-bench', version: 1, boards: [...boards, { platform: 'mouse' }] }, speed)
})

after(() => {
  bench.end()
  rmSync(folder, { recursive: true })
})

function station(...words: readonly string[]): Promise<{ code: number; results: readonly Result[]; told: string }> {
  const { promise, resolve } = Promise.withResolvers<{ code: number; results: readonly Result[]; told: string }>()
  const args = [commandLine, ...words, '--json', '--data', join(folder, 'data')]
  execFile(process.execPath, args, { timeout: 120_000, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
    const results = stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Result] : []))
    const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
    resolve({ code, results, told: `${stderr}\n${stdout}` })
  })
  return promise
}

function idsOf(kind: DeviceKindName): readonly string[] {
  const { ids } = imageFor(kind)
  return [ids.normal, ids.dfu].map(usbIdText)
}

function entryFor(kind: DeviceKindName): object {
  const { address, bytes } = images.get(kind) ?? imageFor(kind)
  writeFileSync(join(folder, `${kind}.bin`), bytes)
  // A loader that stays can be asked by dfu-util afterwards.
  const special =
    kind === 'stm32' ? { loader: 'take', afterwards: 'stay' } : kind === 'dfu-noupload' ? { verify: 'reported' } : {}
  const version = kind === 'stm32' ? null : '2.07'
  return { name: kind, match: idsOf(kind), image: { file: `${kind}.bin` }, address, version, ...special }
}

function recipe(): string {
  const file = join(folder, 'recipe.json')
  const head = { format: 'dfu-station-recipe', version: 1, name: 'Gadgets' }
  writeFileSync(file, JSON.stringify({ ...head, devices: kinds.map(entryFor) }))
  return file
}

describe('the station on a real kernel, with other DFU devices', () => {
  it('flashes, proves and records eight at once, of one serial number', async (t) => {
    const { code, results, told } = await station('flash', '--recipe', recipe(), '--count', '8')
    assert.equal(code, 0, told)
    assert.deepEqual(results.at(-1), { summary: { pass: 8, fail: 0, error: 0 } })
    for (const [place, kind] of places.entries()) {
      const result = results.find(({ portPath }) => portPath === kernelPortName(place))
      const proof = kind === 'dfu-noupload' ? 'reported-version' : 'read-back'
      assert.deepEqual([kind, result?.outcome, result?.images?.map((image) => image.proof)], [kind, 'pass', [proof]])
    }
    for (const { portPath, durationMs } of results) t.diagnostic(`${portPath}: ${durationMs} ms`)
    const verdict = await station('ledger', 'verify')
    assert.equal(verdict.code, 0, verdict.told)
  })

  for (const [place, kind] of places.entries()) {
    if (!readable.includes(kind)) continue
    it(`has written its image to the ${kind} on ${kernelPortName(place)}, as dfu-util reads it`, async () => {
      const { bytes, address } = images.get(kind) ?? imageFor(kind)
      const file = join(folder, `read-${place}.bin`)
      const words = ['-p', kernelPortName(place), '-d', idsOf(kind).join(','), '-a', '0', '-E', '1', '-U', file]
      const where = address === null ? [] : ['-s', `0x${address.toString(16)}:${bytes.length}`]
      const { status, stdout, stderr } = await runClient('dfu-util', [...words, ...where])
      assert.equal(status, 0, `${stdout}\n${stderr}`)
      assert.ok(readFileSync(file).subarray(0, bytes.length).equals(Buffer.from(bytes)))
    })
  }
})
