// flash: what scripts were promised, on simulated boards.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLedger, openLedgerForReading } from '../../src/main/audit/open-ledger.ts'
import { dataFolderAt } from '../../src/main/desk/data-folder.ts'
import { buildModule } from '../../src/main/sim/synthetic/build-module.ts'
import { releaseModules } from '../../src/main/sim/synthetic/releases.ts'
import { sha256Of } from '../../src/main/station/firmware/module-suffix.ts'
import { demoFile, demoFiles, recipe } from '../desk/samples.ts'
import { missingInDump } from './flash-dumps.ts'
import { flashOutput, linesOf, station, stockedFolder, temporaryFolder } from './run-station.ts'

function recordsIn(data: string) {
  using ledger = openLedgerForReading({ file: dataFolderAt(data).ledger })
  return ledger.search({}).records
}

function flash(data: string, ...words: readonly string[]) {
  return station('flash', '--json', '--data', data, '--sim-speed', '60', ...words)
}

function benchFile(boards: readonly unknown[]): string {
  const file = join(temporaryFolder(), 'bench.json')
  writeFileSync(file, JSON.stringify({ format: 'dfu-station-bench', version: 1, boards }))
  return file
}

describe('flash --json', () => {
  it('prints one object a board, the summary last, and every PASS is what the board holds', async () => {
    const data = await stockedFolder()
    const dump = join(temporaryFolder(), 'dump')
    const file = join(temporaryFolder(), 'line.json')
    writeFileSync(file, JSON.stringify(recipe()))
    const ended = await flash(data, '--recipe', file, '--sim', 'boron:2,photon:1,p2:1', '--sim-dump', dump)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const { results, summary } = flashOutput(ended.stdout)
    expect(summary).toEqual({ pass: 4, fail: 0, error: 0 })
    expect(results.map(({ slot }) => slot).sort()).toEqual([1, 2, 3, 4])
    const records = recordsIn(data)
    expect(records).toHaveLength(4)
    for (const result of results) {
      const { recordId, deviceId, platform, modules } = result
      expect(Object.keys(result)).toEqual([
        ...[
          'job',
          'slot',
          'portPath',
          'platform',
          'deviceId',
          'iccid',
          'outcome',
          'alreadyCurrent',
          'fault',
          'durationMs',
          'recordId',
          'modules',
          'type',
          'name',
          'images',
          'revisionBefore',
          'revisionAfter',
          'question',
        ],
      ])
      expect(result).toMatchObject({ outcome: 'pass', fault: null, portPath: expect.stringMatching(/^\d+-\d/) })
      expect(result.durationMs).toBeGreaterThan(0)
      expect(records.find((record) => record.recordId === recordId)).toMatchObject({ deviceId, outcome: 'pass' })
      expect(platform === 'boron' ? result.iccid : 'none').toMatch(platform === 'boron' ? /^\d{17,21}[\dF]$/ : /none/)
      expect(modules).toHaveLength(4)
      for (const module of modules) {
        expect(module).toMatchObject({ kind: expect.any(String), index: expect.any(Number) })
        expect(module.after).toBe(module.target)
        expect(['read-back', 'reported-hash', 'reported-version']).toContain(module.proof)
        expect(demoFiles.some(({ bytes }) => sha256Of(bytes) === module.sha256)).toBe(true)
      }
      expect(missingInDump(dump, { platform: String(platform), deviceId: String(deviceId) })).toEqual([])
    }
  })

  it('--target takes every platform the library has it for; other boards fail, with the fault in words', async () => {
    const data = await stockedFolder()
    const ended = await flash(data, '--target', '4.0.2', '--sim', 'boron:1,p2:1')
    expect(ended.code).toBe(1)
    const { results, summary } = flashOutput(ended.stdout)
    expect(summary).toEqual({ pass: 1, fail: 1, error: 0 })
    expect(results.find(({ platform }) => platform === 'p2')).toMatchObject({
      ...{ slot: 2, outcome: 'fail', recordId: expect.any(String), modules: [] },
      fault: {
        ...{ code: 'DEVICE_UNKNOWN', detail: expect.any(String) },
        ...{ title: expect.any(String), remedy: expect.stringContaining('Take the board out') },
      },
    })
  })

  it('--user puts this user firmware in the place of the set, and serves only boards it is made for', async () => {
    const data = await stockedFolder()
    const file = join(temporaryFolder(), 'app.bin')
    const built = releaseModules('boron', '4.0.2', 'an application').find(({ spec }) => spec.kind === 'user')
    if (!built) throw new Error('the release has no user part')
    const app = buildModule(built.spec)
    writeFileSync(file, app)
    const ended = await flash(data, '--target', '4.0.2', '--user', file, '--sim', 'boron:1')
    expect(ended.code).toBe(0)
    const [result] = flashOutput(ended.stdout).results
    expect(result?.modules.find(({ kind }) => kind === 'user')?.sha256).toBe(sha256Of(app))
    writeFileSync(file, demoFile('p2/5.6.0/user-part.bin'))
    const foreign = await flash(data, '--target', '4.0.2', '--user', file, '--sim', 'boron:1')
    expect(foreign).toMatchObject({ code: 2, stdout: '' })
    expect(foreign.stderr).toContain(`--user ${file}: made for p2`)
  })

  it('--count ends after so many boards and begins no more', async () => {
    const data = await stockedFolder()
    const ended = await flash(data, '--target', '2.3.1', '--count', '2', '--sim', 'photon:4')
    expect(ended.code).toBe(0)
    expect(flashOutput(ended.stdout).results).toHaveLength(2)
    expect(recordsIn(data).map(({ outcome }) => outcome)).toEqual(['pass', 'pass'])
  })

  it('--count beyond what a simulated bench has ends when every board is done', async () => {
    const data = await stockedFolder()
    const ended = await flash(data, '--target', '2.3.1', '--count', '9', '--sim', 'photon:2')
    expect(ended.code).toBe(0)
    expect(flashOutput(ended.stdout).summary).toEqual({ pass: 2, fail: 0, error: 0 })
  })

  it('boards of a bench file do what it says: each is told, none twice', async () => {
    const data = await stockedFolder()
    const file = benchFile([
      { platform: 'photon', count: 2 },
      { platform: 'photon', deviceId: 'e00fce68aaaaaaaaaaaaaaaa', faults: ['silent write'] },
      { platform: 'photon', faults: ['unplug at block 3'] },
      { platform: 'photon', faults: ['access denied'] },
      { platform: 'boron', protected: true },
    ])
    const ended = await flash(data, '--target', '2.3.1', '--sim', file)
    const { results, summary } = flashOutput(ended.stdout)
    expect(results.map(({ slot }) => slot).sort()).toEqual([1, 2, 3, 4, 5, 6])
    expect(summary.pass).toBe(2)
    expect(results.find(({ slot }) => slot === 3)).toMatchObject({
      ...{ deviceId: 'e00fce68aaaaaaaaaaaaaaaa', outcome: 'fail', fault: { code: 'DFU_VERIFY_FAILED' } },
    })
    expect(results.find(({ slot }) => slot === 4)?.fault?.code).toBe('USB_GONE')
    expect(results.find(({ slot }) => slot === 5)).toMatchObject({
      ...{ recordId: null, outcome: 'error', modules: [], fault: { code: 'USB_ACCESS_DENIED' } },
    })
    // A station that may not open its boards is the station's own failure.
    expect(ended.code).toBe(3)
    const told = results.flatMap(({ recordId }) => recordId ?? [])
    expect(new Set(told)).toEqual(new Set(recordsIn(data).map(({ recordId }) => recordId)))
  })

  it('a second run finds everything there, and passes again', async () => {
    const data = await stockedFolder()
    for (const round of [1, 2]) {
      const ended = await flash(data, '--target', '2.3.1', '--sim', 'photon:1')
      expect(ended.code).toBe(0)
      expect(recordsIn(data)).toHaveLength(round)
    }
  })
})

describe('flash without --json', () => {
  it('is a line for each board, and the summary', async () => {
    const data = await stockedFolder()
    const words = ['--data', data, '--sim', 'photon:1,boron:1', '--sim-speed', '60']
    const ended = await station('flash', '--target', '2.3.1', ...words)
    const lines = linesOf(ended.stdout)
    expect(lines).toHaveLength(3)
    expect(lines.find((line) => line.startsWith('slot 1 '))).toMatch(/photon .* PASS in \d/)
    expect(lines.find((line) => line.startsWith('slot 2 '))).toMatch(
      /boron .* FAIL .*DEVICE_UNKNOWN: .*Take the board out/,
    )
    expect(lines.at(-1)).toBe('pass 1  fail 1  error 0')
  })
})

describe('flash is refused, in one line, before any board is touched and without a record', () => {
  async function refused(code: number, data: string, ...words: readonly string[]) {
    const ended = await flash(data, ...words, '--sim', 'boron:1')
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(linesOf(ended.stderr)).toHaveLength(1)
    expect(readdirSync(data)).not.toContain('ledger.sqlite')
    return ended.stderr
  }

  it('when the version is not in the library', async () => {
    const data = await stockedFolder()
    expect(await refused(2, data, '--target', '9.9.9')).toMatch(/FIRMWARE_MISSING: --target 9\.9\.9: /)
    expect(await refused(2, data, '--target', '../..')).toMatch(/--target \.\.\/\.\.: /)
  })

  it('when the recipe cannot be read, is no recipe, or has a field that nobody knows', async () => {
    const data = await stockedFolder()
    const file = join(temporaryFolder(), 'recipe.json')
    expect(await refused(2, data, '--recipe', file)).toContain(`--recipe ${file}: cannot be read`)
    mkdirSync(file)
    expect(await refused(2, data, '--recipe', file)).toContain(`--recipe ${file}: cannot be read`)
    const text = join(temporaryFolder(), 'recipe.json')
    writeFileSync(text, '{\n  "format": \n  oh no\n}\n')
    expect(await refused(2, data, '--recipe', text)).toContain(`RECIPE_INVALID: ${text}: not JSON`)
    writeFileSync(text, JSON.stringify({ ...recipe(), retries: 3 }))
    expect(await refused(2, data, '--recipe', text)).toMatch(/recipe\.json: .*retries/)
  })

  it('when a user firmware is missing, damaged or for other boards', async () => {
    const data = await stockedFolder()
    const folder = temporaryFolder()
    const file = join(folder, 'recipe.json')
    writeFileSync(file, JSON.stringify(recipe({ platforms: ['boron'], user: { file: 'app.bin' } })))
    expect(await refused(2, data, '--recipe', file)).toMatch(/FIRMWARE_REFUSED: .*app\.bin/)
    writeFileSync(join(folder, 'app.bin'), demoFile('boron/4.0.2/user-part.bin').subarray(0, 900))
    expect(await refused(2, data, '--recipe', file)).toMatch(/FIRMWARE_REFUSED: .*app\.bin/)
    writeFileSync(join(folder, 'app.bin'), demoFile('photon/2.3.1/user-part.bin'))
    expect(await refused(2, data, '--recipe', file)).toMatch(/RECIPE_INVALID: .*app\.bin is for photon/)
    expect(await refused(2, data, '--target', '4.0.2', '--user', join(folder, 'none.bin'))).toMatch(/none\.bin/)
  })

  it('when no platform of the recipe can be served; one that can is served, and the others are named', async () => {
    const data = await stockedFolder()
    const file = join(temporaryFolder(), 'recipe.json')
    writeFileSync(file, JSON.stringify(recipe({ platforms: ['boron'], deviceOs: '4.2.0' })))
    expect(await refused(2, data, '--recipe', file)).toMatch(/FIRMWARE_MISSING: .*4\.2\.0 for boron/)
    writeFileSync(file, JSON.stringify(recipe({ platforms: ['photon', 'boron'], deviceOs: '2.3.1' })))
    const ended = await flash(data, '--recipe', file, '--sim', 'photon:1')
    expect(ended.code).toBe(0)
    expect(linesOf(ended.stderr)).toEqual([expect.stringMatching(/FIRMWARE_MISSING: .*boron; such boards/)])
  })

  it('when another station works on the same data folder', async () => {
    const data = await stockedFolder()
    using _held = openLedger({
      file: dataFolderAt(data).ledger,
      ...{ stationId: 'other', softwareVersion: '0', clock: { now: () => 0 } },
    })
    const ended = await flash(data, '--target', '4.0.2', '--sim', 'boron:1')
    expect(ended).toMatchObject({ code: 3, stdout: '' })
    expect(linesOf(ended.stderr)).toEqual([expect.stringMatching(/^LEDGER_IN_USE: .*ledger\.sqlite/)])
  })

  it('when the data folder cannot be made', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    const ended = await flash(join(file, 'data'), '--target', '4.0.2')
    expect(ended).toMatchObject({ code: 3, stdout: '' })
    expect(linesOf(ended.stderr)).toEqual([expect.stringContaining(join(file, 'data'))])
  })
})
