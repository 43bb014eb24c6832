// Jobs that only read, on simulated boards with a station and a ledger: verify proves or names every difference, identify
// records who the board is, and neither changes a bit.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SimulatedBoard } from '../../../src/main/sim/simulated-board.ts'
import type { ParticleRecipe } from '../../../src/shared/model/recipe.ts'
import type { LedgerRecord } from '../../../src/shared/model/record.ts'
import { layIn, type SetImages } from '../../line/board-contents.ts'
import { type DemoLibrary, demoLibrary, otherBuildImages, resolved } from '../../line/firmware.ts'
import { type Line, openLine } from '../../line/line.ts'
import type { BoardEntry } from '../../scenarios/bench-boards.ts'

const platforms = ['photon', 'boron', 'p2'] as const
type Platform = (typeof platforms)[number]

let demo: DemoLibrary
beforeAll(async () => {
  demo = await demoLibrary()
})
afterAll(() => demo.remove())

const images = (platform: Platform): SetImages => ({
  set: demo.images[platform],
  otherBuilds: otherBuildImages(platform),
})

interface Run {
  readonly line: Line
  readonly record: LedgerRecord
  readonly board: SimulatedBoard
}

async function run(
  entry: BoardEntry,
  changes: Partial<ParticleRecipe>,
  prepare: (board: SimulatedBoard) => void,
): Promise<Run> {
  const recipe = await resolved(demo.library, { platforms: [entry.platform], ...changes })
  const line = openLine({ boards: [entry], shelf: demo.library, recipe })
  const [board] = line.boards
  if (!board) throw new Error('the bench is empty')
  prepare(board)
  await line.verdicts()
  const [record] = line.records()
  if (!record) throw new Error('there is no record')
  return { line, record, board }
}

const verify = { job: 'verify' } as const
const holdsSet = (platform: Platform) => (board: SimulatedBoard) => layIn(board, { kind: 'the set' }, images(platform))

function changesOf(board: SimulatedBoard) {
  const { sectorsErased, bytesProgrammed } = board.account()
  return { sectorsErased, bytesProgrammed }
}
const noChange = { sectorsErased: 0, bytesProgrammed: 0 }

describe.each(platforms)('the verification of a %s', (platform) => {
  it('that carries the set passes with every module read back, writes nothing and leaves it running', async () => {
    const { line, record, board } = await run({ platform }, verify, holdsSet(platform))
    expect(record).toMatchObject({ job: 'verify', closing: { outcome: 'pass', fault: null } })
    const modules = record.closing?.modules ?? []
    expect(modules).toHaveLength(4)
    expect(modules.map(({ proof, action }) => `${proof} ${action}`)).toEqual(Array(4).fill('read-back unchanged'))
    expect(changesOf(board)).toEqual(noChange)
    expect(line.station.slots()[0]).toMatchObject({
      state: 'passed',
      board: { mode: 'normal' },
      job: { job: 'verify' },
    })
    expect(record.closing?.steps.every(({ bytes }) => bytes === 0)).toBe(true)
  })

  it('that comes in DFU mode passes as well, and runs afterwards', async () => {
    const { line, record, board } = await run({ platform, start: 'dfu' }, verify, holdsSet(platform))
    expect(record.closing).toMatchObject({ outcome: 'pass' })
    expect(line.station.slots()[0]?.board?.mode).toBe('normal')
    expect(changesOf(board)).toEqual(noChange)
  })

  it('with one bit wrong fails, names the module and the address, and examines all others', async () => {
    const prepare = (board: SimulatedBoard) => layIn(board, { kind: 'one bit', at: 0.999 }, images(platform))
    const { line, record, board } = await run({ platform, start: 'dfu' }, verify, prepare)
    const { outcome, fault, modules = [] } = record.closing ?? {}
    expect(outcome).toBe('fail')
    expect(fault?.code).toBe('BOARD_DIFFERS')
    expect(fault?.detail).toMatch(/^[a-z]+( \d)?: differs from .+ from 0x[0-9a-f]{8} on/)
    const unproven = modules.filter(({ proof }) => proof === 'none')
    expect(unproven).toHaveLength(1)
    expect(unproven[0]?.reason).toMatch(/^differs from /)
    expect(modules.filter(({ proof }) => proof === 'read-back')).toHaveLength(3)
    expect(changesOf(board)).toEqual(noChange)
    expect(line.station.slots()[0]?.board?.mode).toBe('normal')
  })

  it('with another release on it fails with every module of that release named', async () => {
    const { record, board } = await run({ platform }, verify, () => undefined)
    expect(record.closing).toMatchObject({ outcome: 'fail', fault: { code: 'BOARD_DIFFERS' } })
    const differing = record.closing?.modules.filter(({ proof }) => proof === 'none') ?? []
    expect(differing.length).toBeGreaterThan(1)
    for (const { kind } of differing) expect(record.closing?.fault?.detail).toContain(kind)
    expect(record.closing?.modules.every(({ action }) => action === 'unchanged')).toBe(true)
    expect(changesOf(board)).toEqual(noChange)
  })

  it('with other builds of the same versions fails: a version is no proof', async () => {
    const files = otherBuildImages(platform).map(({ file }) => file)
    const prepare = (board: SimulatedBoard) =>
      layIn(board, { kind: 'other builds', files: files.filter((file) => !file.includes('boot')) }, images(platform))
    const { record } = await run({ platform }, verify, prepare)
    expect(record.closing).toMatchObject({ outcome: 'fail', fault: { code: 'BOARD_DIFFERS' } })
    const system = record.closing?.modules.find(({ kind }) => kind === 'system')
    expect(system).toMatchObject({ proof: 'none', after: system?.target })
  })
})

describe('a flash and then a verification', () => {
  it('of the same board agree, and the flash again writes nothing', async () => {
    const recipe = await resolved(demo.library, { platforms: ['boron'] })
    const line = openLine({ boards: [{ platform: 'boron' }], shelf: demo.library, recipe })
    await line.verdicts()
    const again = async (changes: Partial<ParticleRecipe>, records: number) => {
      const next = await resolved(demo.library, { platforms: ['boron'], ...changes })
      line.station.dispatch({ kind: 'recipe', recipe: next })
      line.station.dispatch({ kind: 'start', slots: [1] })
      await line.until(() => line.records().filter(({ closing }) => closing).length === records)
      return line.records().at(-1)
    }
    expect(await again(verify, 2)).toMatchObject({ job: 'verify', closing: { outcome: 'pass' } })
    expect(await again({}, 3)).toMatchObject({ job: 'flash', closing: { outcome: 'pass' } })
    const summaries = line.ledger.search({}).records
    expect(summaries.map(({ job, alreadyCurrent }) => [job, alreadyCurrent])).toEqual([
      ['flash', true],
      ['verify', false],
      ['flash', false],
    ])
    expect(await line.ledger.verify()).toMatchObject({ ok: true })
  })
})

describe('a protected board', () => {
  const locked = { platform: 'boron', deviceOs: '6.2.1', protected: true } as const

  it.each(['flash', 'verify'] as const)('is refused by a %s, in both modes', async (job) => {
    for (const start of ['normal', 'dfu'] as const) {
      const { record, board } = await run({ ...locked, start }, { job }, () => undefined)
      expect(record).toMatchObject({
        job,
        closing: { outcome: 'fail', fault: { code: 'DEVICE_PROTECTED' }, steps: [] },
      })
      expect(changesOf(board)).toEqual(noChange)
    }
  })

  it.each(['normal', 'dfu'] as const)('in %s mode is identified as protected', async (start) => {
    const { record } = await run({ ...locked, start }, { job: 'identify' }, () => undefined)
    expect(record).toMatchObject({
      ...{ job: 'identify', board: { mode: start, isProtected: { known: true, value: true } } },
      closing: { outcome: 'pass', modules: [] },
    })
  })
})

describe('an identification', () => {
  it.each(platforms)('of a %s records what it carries, and goes nowhere near DFU', async (platform) => {
    const { record, board, line } = await run(
      { platform },
      { job: 'identify', user: 'keep', deviceOs: 'keep' },
      () => undefined,
    )
    expect(record).toMatchObject({ job: 'identify', closing: { outcome: 'pass', modules: [], fault: null } })
    expect(record.closing?.modulesAfter.map(({ kind }) => kind)).toContain('system')
    expect(record.closing?.steps.map(({ name }) => name)).toEqual(['Identify'])
    expect(record.board).toMatchObject({ mode: 'normal', isProtected: { known: true, value: false } })
    expect(board.account().transfersByRequest['dfu'] ?? 0).toBe(0)
    expect(changesOf(board)).toEqual(noChange)
    expect(line.station.slots()[0]?.job?.job).toBe('identify')
  })

  it('of a board in DFU mode fails: what it carries cannot be asked', async () => {
    const { record } = await run({ platform: 'p2', start: 'dfu' }, { job: 'identify' }, () => undefined)
    expect(record.closing).toMatchObject({ outcome: 'fail', fault: { code: 'DEVICE_OS_NOT_RUNNING' } })
  })

  it('of a Photon before 0.8.0 says that it is old, not broken', async () => {
    const { record } = await run({ platform: 'photon', deviceOs: '0.6.3' }, { job: 'identify' }, () => undefined)
    expect(record.closing).toMatchObject({ outcome: 'fail', fault: { code: 'DFU_BY_BUTTON' } })
  })
})

it.each(['normal', 'dfu'] as const)(
  'a Photon before 0.6.0 in %s mode has no ID: refused before any job',
  async (start) => {
    const recipe = await resolved(demo.library, { platforms: ['photon'], job: 'identify' })
    const line = openLine({ boards: [{ platform: 'photon', deviceOs: '0.5.2', start }], shelf: demo.library, recipe })
    const [slot] = await line.verdicts()
    expect(slot).toMatchObject({ state: 'refused', fault: { code: 'BOARD_WITHOUT_ID' } })
    expect(line.records()).toHaveLength(0)
  },
)

describe('the limits of a recipe', () => {
  it('let two boards pass and refuse the third, with the fault on its slot and no record', async () => {
    const recipe = await resolved(demo.library, {
      ...{ platforms: ['photon'], job: 'identify', limits: { boards: 2, notAfter: null } },
    })
    const line = openLine({ boards: [{ platform: 'photon', count: 3 }], shelf: demo.library, recipe })
    const slots = await line.verdicts()
    expect(slots.map(({ state }) => state).sort()).toEqual(['error', 'passed', 'passed'])
    expect(slots.find(({ state }) => state === 'error')?.fault).toMatchObject({ code: 'RECIPE_LIMIT_REACHED' })
    expect(line.records()).toHaveLength(2)
  })

  it('end with their moment', async () => {
    const limits = { boards: null, notAfter: 1 }
    const recipe = await resolved(demo.library, { platforms: ['photon'], job: 'identify', limits })
    const line = openLine({ boards: [{ platform: 'photon' }], shelf: demo.library, recipe })
    const [slot] = await line.verdicts()
    expect(slot).toMatchObject({ state: 'error', fault: { code: 'RECIPE_EXPIRED' } })
  })
})
