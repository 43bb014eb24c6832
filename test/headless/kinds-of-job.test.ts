// verify, identify, --force and "already current" on the command line: what is printed, what the ledger keeps, how it ends.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLedgerForReading } from '../../src/main/audit/open-ledger.ts'
import { dataFolderAt } from '../../src/main/desk/data-folder.ts'
import { recipe } from '../desk/samples.ts'
import { flashOutput, jsonLines, linesOf, station, stockedFolder, temporaryFolder } from './run-station.ts'

function recordsIn(data: string) {
  using ledger = openLedgerForReading({ file: dataFolderAt(data).ledger })
  return ledger.search({}).records
}

const fast = ['--sim-speed', '60'] as const
const recipeFile = (fields: object) => {
  const file = join(temporaryFolder(), 'recipe.json')
  writeFileSync(file, JSON.stringify({ ...recipe(), ...fields }))
  return file
}

function benchOf(boards: readonly object[]): string {
  const file = join(temporaryFolder(), 'bench.json')
  writeFileSync(file, JSON.stringify({ format: 'dfu-station-bench', version: 1, boards }))
  return file
}

describe('verify', () => {
  it('passes boards that carry the set and fails the others, each difference named; exit 0 and 1', async () => {
    const data = await stockedFolder()
    const held = benchOf([{ platform: 'boron', deviceOs: '4.0.2' }])
    const system = recipeFile({ user: 'keep', platforms: ['boron'], deviceOs: '4.0.2' })
    const same = await station('verify', '--json', '--data', data, '--recipe', system, '--sim', held, ...fast)
    expect(same.code).toBe(0)
    const [passed] = flashOutput(same.stdout).results
    expect(passed).toMatchObject({ job: 'verify', outcome: 'pass', alreadyCurrent: false, fault: null })
    expect(passed?.modules.map(({ proof }) => proof)).toEqual(Array(3).fill('read-back'))
    // Another build of the user firmware, under the same version.
    const other = await station('verify', '--json', '--data', data, '--target', '4.0.2', '--sim', held, ...fast)
    expect(other.code).toBe(1)
    const [result] = flashOutput(other.stdout).results
    expect(result).toMatchObject({
      job: 'verify',
      outcome: 'fail',
      alreadyCurrent: false,
      fault: { code: 'BOARD_DIFFERS' },
    })
    expect(result?.fault?.detail).toMatch(/^user 1: differs from .* from 0x[0-9a-f]{8} on$/)
    expect(result?.modules.map(({ action }) => action)).toEqual(Array(result?.modules.length).fill('unchanged'))
    expect(recordsIn(data)).toMatchObject([
      { job: 'verify', outcome: 'fail', faultCode: 'BOARD_DIFFERS' },
      { job: 'verify', outcome: 'pass', faultCode: null },
    ])
  })

  it('takes a recipe file of any kind, with this user firmware or its own', async () => {
    const data = await stockedFolder()
    const file = recipeFile({ limits: { boards: 1, notAfter: 1 } })
    const ended = await station('verify', '--data', data, '--recipe', file, '--sim', 'photon:1', ...fast)
    expect(ended.code).toBe(1)
    expect(linesOf(ended.stdout)[0]).toMatch(
      /^slot 1 {2}photon {2}[0-9a-f]{24} {2}FAIL \(verify\) in .*BOARD_DIFFERS: /,
    )
  })
})

describe('identify --record', () => {
  it('puts every board into the ledger, a protected one too, and tells an old one what hand it needs', async () => {
    const data = temporaryFolder()
    const bench = benchOf([
      { platform: 'boron' },
      { platform: 'boron', deviceOs: '6.2.1', protected: true },
      { platform: 'photon', deviceOs: '0.6.3' },
    ])
    const ended = await station('identify', '--record', '--json', '--data', data, '--sim', bench, ...fast)
    const { results, summary } = flashOutput(ended.stdout)
    expect([ended.code, summary]).toEqual([1, { pass: 2, fail: 1, error: 0 }])
    expect(results.map(({ job, modules }) => [job, modules.length])).toEqual(Array(3).fill(['identify', 0]))
    expect(results.find(({ platform }) => platform === 'photon')).toMatchObject({
      fault: { code: 'DFU_BY_BUTTON', remedy: expect.stringContaining('holding SETUP') },
    })
    const records = recordsIn(data)
    expect(records.map(({ job }) => job)).toEqual(['identify', 'identify', 'identify'])
    const shown = await station('ledger', 'show', records[0]?.recordId ?? '', '--data', data)
    expect(shown.stdout).toContain('  job: identify')
    const csv = await station('ledger', 'export', '--data', data)
    expect(linesOf(csv.stdout)[0]).toContain('"job","already_current","label"')
  })
})

describe('identify --json', () => {
  it('gives modules with their dependencies, and what each board needs a hand for; exit 1 for an old board', async () => {
    const bench = benchOf([
      { platform: 'tracker', deviceOs: '4.0.2' },
      { platform: 'photon', deviceOs: '0.6.3' },
    ])
    const ended = await station('identify', '--json', '--sim', bench, ...fast)
    expect(ended.code).toBe(1)
    const [tracker, photon] = jsonLines(ended.stdout)
    expect(tracker).toMatchObject({
      ...{ platform: 'tracker', fault: null, answersRequests: true, isProtected: false },
      ...{ ncpVersion: expect.any(String), ncpModuleVersion: expect.any(Number) },
      ...{ imei: null, notReadable: { imei: 'Device OS 4.0.2 does not report IMEI' } },
    })
    const modules = tracker?.['modules'] as readonly {
      readonly kind: string
      readonly dependencies: readonly object[]
    }[]
    const system = modules.find(({ kind }) => kind === 'system')
    expect(system).toMatchObject({ store: 'main', integrity: 'passed', sizeBytes: expect.any(Number) })
    expect(system?.dependencies).toContainEqual({ kind: 'bootloader', index: 0, version: expect.any(Number) })
    expect(photon).toMatchObject({
      ...{ platform: 'photon', answersRequests: false, modules: null },
      fault: { code: 'DFU_BY_BUTTON', remedy: expect.stringContaining('SETUP') },
    })
  })
})

describe('flash', () => {
  it('with a recipe that only identifies says so, and with one that verifies, too', async () => {
    const data = await stockedFolder()
    const identify = recipeFile({ job: 'identify', label: { lot: '7' } })
    const first = await station('flash', '--data', data, '--recipe', identify, '--sim', 'p2:2', '--count', '1', ...fast)
    expect(first.code).toBe(0)
    expect(linesOf(first.stdout)[0]).toMatch(/^slot 1 {2}p2 {2}[0-9a-f]{24} {2}PASS \(identify\) in /)
    const verify = recipeFile({ job: 'verify' })
    const second = await station('flash', '--data', data, '--recipe', verify, '--sim', 'p2:1', ...fast)
    expect(linesOf(second.stdout)[0]).toContain('FAIL (verify)')
    expect(recordsIn(data).map(({ job }) => job)).toEqual(['verify', 'identify'])
    const listed = await station('ledger', 'list', '--json', '--data', data)
    expect(jsonLines(listed.stdout)).toMatchObject([{ job: 'verify' }, { job: 'identify', alreadyCurrent: false }])
  })

  it('ends a recipe at its limit: the board beyond it is told, and has no record', async () => {
    const data = await stockedFolder()
    const file = recipeFile({ job: 'identify', limits: { boards: 1, notAfter: null } })
    const ended = await station('flash', '--json', '--data', data, '--recipe', file, '--sim', 'photon:2', ...fast)
    const { results, summary } = flashOutput(ended.stdout)
    expect([ended.code, summary]).toEqual([1, { pass: 1, fail: 0, error: 1 }])
    expect(results.find(({ outcome }) => outcome === 'error')).toMatchObject({
      ...{ recordId: null, job: 'identify' },
      fault: { code: 'RECIPE_LIMIT_REACHED', remedy: expect.stringContaining('no more boards') },
    })
    // The board that passed may pass again; the other may still not begin.
    const again = await station('flash', '--json', '--data', data, '--recipe', file, '--sim', 'photon:2', ...fast)
    expect(flashOutput(again.stdout).summary).toEqual({ pass: 1, fail: 0, error: 1 })
    expect(recordsIn(data)).toHaveLength(2)
  })

  it('--force is refused nowhere and writes what a plain flash would write', async () => {
    const data = await stockedFolder()
    const ended = await station(
      'flash',
      '--json',
      '--data',
      data,
      '--target',
      '2.3.1',
      '--force',
      '--sim',
      'photon:1',
      ...fast,
    )
    expect(ended.code).toBe(0)
    const [result] = flashOutput(ended.stdout).results
    expect(result).toMatchObject({ job: 'flash', outcome: 'pass', alreadyCurrent: false })
    expect(result?.modules.filter(({ kind }) => kind !== 'bootloader').map(({ action }) => action)).not.toContain(
      'skipped',
    )
  })
})
