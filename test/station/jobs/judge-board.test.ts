// The verdict of a verification, where no simulated board is needed: nothing passes that is not proven.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differencesOn } from '../../../src/main/station/jobs/judge-board.ts'
import { openModuleBook } from '../../../src/main/station/jobs/module-book.ts'
import { planVerify } from '../../../src/main/station/jobs/plan-verify.ts'
import { known, type ParticleIdentity, unreadable } from '../../../src/shared/model/identity.ts'
import type { FirmwareModule, TargetAsset } from '../../../src/shared/model/module.ts'
import { plainFlash } from '../../../src/shared/model/plain-flash.ts'
import type { ParticleRecipe } from '../../../src/shared/model/recipe.ts'
import { boardWith, hashOf, inDfuMode, moduleFile, releases, reported, setOf, targetOf } from './samples.ts'

const set = setOf('boron', releases.boron.target)
const asset: TargetAsset = { name: 'cat.bin', sha256: hashOf('cat'), sizeBytes: 3, type: 'plain' }
const noAssets = known({ available: [], required: [] })

interface Case {
  readonly board: ParticleIdentity
  /** As the plan found it; the same board by default. */
  readonly before?: ParticleIdentity
  readonly modules?: readonly FirmwareModule[]
  readonly assets?: readonly TargetAsset[]
  /** Modules whose bytes were read back and found equal; all by default. */
  readonly readBack?: readonly FirmwareModule[]
  readonly setup?: ParticleRecipe['setup']
}

function judge({ board, before = board, modules = set, assets = [], readBack = modules, setup = 'keep' }: Case) {
  const recipe = { ...plainFlash, verify: 'read-back' } as const
  const target = { ...targetOf(board.platform, modules), assets }
  const plan = planVerify({ board: before, target, recipe, isSimulated: false })
  const book = openModuleBook(before, plan)
  for (const module of readBack) book.note(module, { readBackSha256: module.sha256 })
  return { differences: differencesOn({ board, plan, book, setup }), book, plan }
}

const board = (changes: Partial<ParticleIdentity> = {}, modules = set) =>
  boardWith('boron', modules, { assets: noAssets, ...changes })

describe('a verification', () => {
  it('proves what was read back and is reported whole, and writes nothing by its plan', () => {
    const { differences, book, plan } = judge({ board: board() })
    expect([differences, book.unproven()]).toEqual([[], null])
    expect(plan.steps.map(({ kind }) => kind)).toEqual([
      ...['enter-dfu', ...set.map(() => 'examine'), 'examine-blank', 'leave-dfu', 'judge'],
    ])
  })

  it('never finds a board right of which any named module is not proven', () => {
    fc.assert(
      fc.property(fc.subarray([...set]), fc.subarray([...set]), (readBack, there) => {
        const { differences, book } = judge({ board: board({}, there), readBack })
        const isAll = readBack.length === set.length && there.length === set.length
        expect(differences.length === 0).toBe(isAll)
        expect(book.unproven() === null).toBe(isAll)
        const named = set.filter((module) => !readBack.includes(module) || !there.includes(module))
        expect(differences.length).toBeGreaterThanOrEqual(named.length)
      }),
    )
  })

  it.each(['integrity', 'range', 'platform'] as const)(
    'names a module of which Device OS reports a failed check: %s',
    (check) => {
      const modules = set.map((module) => reported(module, module.kind === 'system' ? { [check]: 'failed' } : {}))
      const { differences } = judge({ board: board({ modules: known(modules) }) })
      expect(differences[0]).toMatch(/^system 1: the board reports a failed check/)
    },
  )

  it('takes no older version of a network processor, leaves a newer one out, and takes its own word for the same', () => {
    const ncp = moduleFile({ platform: 'tracker', kind: 'ncp', index: 0, version: 7, startAddress: 0, sizeBytes: 100 })
    const tracker = (version: number) => {
      const user = moduleFile({
        platform: 'tracker',
        kind: 'user',
        index: 2,
        version: 6,
        startAddress: 0xb_4000,
        sizeBytes: 64,
      })
      return boardWith('tracker', [user], { assets: noAssets, ncpModuleVersion: known(version) })
    }
    const same = judge({ board: tracker(7), modules: [ncp], readBack: [] })
    expect(same.differences).toEqual([])
    expect(same.book.records()).toMatchObject([{ kind: 'ncp', proof: 'reported-version', after: 7 }])
    const older = judge({ board: tracker(6), modules: [ncp], readBack: [] })
    expect(older.differences).toEqual(['ncp: version 6, wanted 7'])
    expect(older.book.unproven()).toMatchObject({ kind: 'ncp' })
    const newer = judge({ board: tracker(8), modules: [ncp], readBack: [] })
    expect([newer.differences, newer.book.records()]).toEqual([[], []])
    // Found in DFU mode it says so only at the end.
    const late = judge({ before: inDfuMode('tracker'), board: tracker(8), modules: [ncp], readBack: [] })
    expect([late.differences, late.book.records()]).toEqual([[], []])
  })

  it('knows assets by name and hash, and does not believe in those it cannot see', () => {
    const { name, sha256, sizeBytes } = asset
    const held = known({ available: [{ name, sha256, sizeBytes }], required: [{ name, sha256, sizeBytes }] })
    const there = judge({ board: board({ assets: held }), assets: [asset] })
    expect(there.differences).toEqual([])
    expect(there.book.records().at(-1)).toMatchObject({ kind: 'asset', proof: 'reported-hash' })
    const other = known({ available: [{ name, sha256: hashOf('dog'), sizeBytes }], required: [] })
    expect(judge({ board: board({ assets: other }), assets: [asset] }).differences).toEqual([
      'asset cat.bin: not on the board with this hash',
    ])
    const unseen = judge({ board: board({ assets: unreadable('an old Device OS') }), assets: [asset] })
    expect(unseen.differences).toEqual(['asset cat.bin: not readable: an old Device OS'])
    const lacking = known({ available: [], required: [{ name, sha256, sizeBytes }] })
    expect(judge({ board: board({ assets: lacking }) }).differences[0]).toContain('the user firmware needs it')
  })

  it('asks for the set-up flag only where it means something', () => {
    const old = setOf('boron', { system: 2011, bootloader: 1005 })
    const wanted = (setupDone: ParticleIdentity['setupDone']) =>
      judge({ board: board({ setupDone }, old), modules: old, setup: 'done' }).differences
    expect(wanted(known(true))).toEqual([])
    expect(wanted(known(false))).toEqual(['set-up flag: not set'])
    expect(wanted(unreadable('no answer'))).toEqual(['set-up flag: not readable: no answer'])
    expect(judge({ board: board(), setup: 'done' }).differences).toEqual([])
  })

  it('does not pass a board without user firmware, or with one that is not whole', () => {
    const kept = set.filter(({ kind }) => kind !== 'user')
    expect(judge({ board: board({}, kept), modules: kept }).differences).toEqual([
      'user: the board reports no user firmware',
    ])
    const broken = set.map((module) => reported(module, module.kind === 'user' ? { integrity: 'failed' } : {}))
    expect(judge({ board: board({ modules: known(broken) }), modules: kept }).differences).toEqual([
      'user 1 5: not whole',
    ])
  })
})
