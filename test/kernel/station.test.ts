// The whole station on a real Linux USB stack: the command line as a user starts it, with libusb, its child process and
// its ledger, flashing one board of each family that the kernel enumerated. Nothing is replaced but the copper, so the
// firmware must be real: STATION_FIRMWARE, or the folder beside the repository. Without it the tests are skipped, and
// fail in continuous integration.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { prepareDemo } from '../../src/main/desk/prepare-demo.ts'
import { Bench, silentLog } from './bench.ts'

const commandLine = join(import.meta.dirname, '../../src/main/headless/station-cli.ts')
const deviceOs = { photon: '2.3.1', boron: '4.0.2', p2: '5.6.0' } as const
const platforms = Object.keys(deviceOs)
const firmwareFolder = resolve(process.env['STATION_FIRMWARE'] ?? join(import.meta.dirname, '../../../shared/firmware'))
const sources = ['boron/4.0.2', 'photon/2.3.1', 'restore/5.6.0/p2.zip'].map((path) => join(firmwareFolder, path))
const missing = sources.filter((path) => !existsSync(path))
const skip =
  missing.length === 0 || process.env['CI'] === 'true' ? false : `no real firmware: ${missing.join(', ')} not found`
const recipe = {
  format: 'dfu-station-recipe',
  version: 1,
  name: 'Three families',
  platforms,
  deviceOs,
  user: 'set',
  verify: 'read-back',
}

interface Run {
  readonly code: number
  readonly results: readonly Record<string, unknown>[]
  readonly complaints: string
}

const mostLooks = 4

let bench: Bench
let data: string

function station(...words: readonly string[]): Promise<Run> {
  const { promise, resolve } = Promise.withResolvers<Run>()
  const place = words.includes('--data') ? [] : ['--data', data]
  const args = [commandLine, ...words, '--json', ...place]
  execFile(process.execPath, args, { timeout: 120_000, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
    const results = stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Record<string, unknown>] : []))
    const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
    resolve({ code, results, complaints: stderr })
  })
  return promise
}

before(async () => {
  if (skip) return
  data = mkdtempSync(join(tmpdir(), 'station-kernel-'))
  bench = new Bench()
  const boards = platforms.map((platform) => ({ platform }))
  await bench.simulate({ format: 'dfu-station-bench', version: 1, boards }, 20)
})

after(() => {
  if (skip) return
  bench.end()
  rmSync(data, { recursive: true, force: true })
})

describe('the station on a real kernel', { skip }, () => {
  it('imports real firmware of each family', async () => {
    assert.deepEqual(missing, [])
    const { code, results, complaints } = await station('firmware', 'import', ...sources)
    assert.equal(code, 0, complaints)
    assert.equal(results.length, platforms.length)
  })

  it('lists the boards by their port paths', async () => {
    let listed = await station('devices')
    // The kernel enumerates one board after another: look until all are there.
    for (let looks = 1; looks < mostLooks && listed.results.length < platforms.length; looks += 1) {
      listed = await station('devices')
    }
    const { code, results, complaints } = listed
    assert.equal(code, 0, complaints)
    assert.deepEqual(results.map(({ platform }) => platform).sort(), [...platforms].sort())
    for (const { portPath, mode } of results) {
      assert.match(String(portPath), /^\d+-\d+/)
      assert.equal(mode, 'normal')
    }
  })

  it('refuses demo firmware, which is noise, without touching the boards', async () => {
    const demo = join(data, 'demo')
    await prepareDemo(demo, silentLog)
    const file = join(data, 'recipe.json')
    writeFileSync(file, JSON.stringify(recipe))
    const { results } = await station('flash', '--recipe', file, '--count', '3', '--data', demo)
    const verdicts = results.slice(0, 3)
    assert.equal(verdicts.length, 3, JSON.stringify(results))
    for (const { outcome, fault } of verdicts) {
      assert.notEqual(outcome, 'pass')
      assert.equal((fault as { code?: string } | null)?.code, 'PLAN_REFUSED')
    }
  })

  it('identifies, switches, flashes, proves and records one board of each family, side by side', async (t) => {
    const file = join(data, 'recipe.json')
    writeFileSync(file, JSON.stringify(recipe))
    const { code, results, complaints } = await station('flash', '--recipe', file, '--count', '3')
    assert.equal(code, 0, `${complaints}\n${JSON.stringify(results)}`)
    assert.deepEqual(results.at(-1), { summary: { pass: 3, fail: 0, error: 0 } })
    for (const { platform, durationMs } of results.slice(0, 3)) t.diagnostic(`${platform}: ${durationMs} ms`)
    const verdict = await station('ledger', 'verify')
    assert.equal(verdict.code, 0, verdict.complaints)
  })
})
