// The whole station on a real Linux USB stack: the command line as a user starts it, with libusb, its child process and
// its ledger, flashing one board of each family that the kernel enumerated. Nothing is replaced but the copper.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { demoRecipe, prepareDemo } from '../../src/main/desk/prepare-demo.ts'
import { Bench, silentLog } from './bench.ts'

const commandLine = join(import.meta.dirname, '../../src/main/headless/station-cli.ts')
const platforms = ['photon', 'boron', 'p2']

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
  const args = [commandLine, ...words, '--json', '--data', data]
  execFile(process.execPath, args, { timeout: 120_000, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
    const results = stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Record<string, unknown>] : []))
    const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
    resolve({ code, results, complaints: stderr })
  })
  return promise
}

before(async () => {
  data = mkdtempSync(join(tmpdir(), 'station-kernel-'))
  await prepareDemo(data, silentLog)
  bench = new Bench()
  const boards = platforms.map((platform) => ({ platform }))
  await bench.simulate({ format: 'dfu-station-bench', version: 1, boards }, 20)
})

after(() => {
  bench.end()
  rmSync(data, { recursive: true, force: true })
})

describe('the station on a real kernel', () => {
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

  it('identifies, switches, flashes, proves and records one board of each family, side by side', async (t) => {
    const recipe = join(data, 'recipe.json')
    writeFileSync(recipe, JSON.stringify(demoRecipe))
    const { code, results, complaints } = await station('flash', '--recipe', recipe, '--count', '3')
    assert.equal(code, 0, `${complaints}\n${JSON.stringify(results)}`)
    assert.deepEqual(results.at(-1), { summary: { pass: 3, fail: 0, error: 0 } })
    for (const { platform, durationMs } of results.slice(0, 3)) t.diagnostic(`${platform}: ${durationMs} ms`)
    const verdict = await station('ledger', 'verify')
    assert.equal(verdict.code, 0, verdict.complaints)
  })
})
