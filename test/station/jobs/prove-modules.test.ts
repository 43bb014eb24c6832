import { describe, expect, it } from 'vitest'
import { openModuleBook } from '../../../src/main/station/jobs/module-book.ts'
import { proveModules } from '../../../src/main/station/jobs/prove-modules.ts'
import { known, type ParticleIdentity, unreadable } from '../../../src/shared/model/identity.ts'
import type { ModuleKey, ReportedModule } from '../../../src/shared/model/module.ts'
import { emptyPlan, type Plan } from '../../../src/shared/model/plan.ts'
import { boardWith, hashOf, partOf, releases, reported, setOf } from './samples.ts'

const target = setOf('boron', releases.boron.target)
const plan: Plan = { ...emptyPlan('boron'), targets: target }
const user: ModuleKey = { kind: 'user', index: 1 }

/** The board as it should be after the job, but for one module. */
function boardBut(key: ModuleKey, change: Partial<ReportedModule> | null): ParticleIdentity {
  const modules = target.flatMap((module) => {
    const isIt = module.kind === key.kind && module.index === key.index
    if (isIt && change === null) return []
    return [reported(module, isIt ? (change ?? {}) : {})]
  })
  return boardWith('boron', [], { modules: known(modules) })
}

function bookWith(notes: readonly (readonly [ModuleKey, 'written' | 'updated', boolean])[] = []) {
  const book = openModuleBook(boardWith('boron', setOf('boron', releases.boron.old)), plan)
  for (const [key, action, isReadBack] of notes) {
    book.note(key, { action, readBackSha256: isReadBack ? hashOf('flash') : null })
  }
  return book
}

const proofs = (book: ReturnType<typeof bookWith>) =>
  Object.fromEntries(book.records().map(({ kind, proof }) => [kind, proof]))

describe('the proof of what a board reports', () => {
  it('names for each module what it rests on', () => {
    const radio = { kind: 'radio', index: 0 } as const
    const book = bookWith([
      [radio, 'written', true],
      [{ kind: 'bootloader', index: 0 }, 'updated', false],
    ])
    proveModules(boardBut(user, { suffixSha256: partOf(target, 'user', 1).suffixSha256 }), plan, book)
    expect(proofs(book)).toEqual({
      radio: 'read-back',
      bootloader: 'reported-version',
      system: 'reported-version',
      user: 'reported-hash',
    })
    expect(book.records().every(({ after, target: wanted }) => after === wanted)).toBe(true)
  })

  it.each<[string, Partial<ReportedModule> | null, string]>([
    ['is missing', null, 'user 1: the board reports none, wanted version 5'],
    ['has another version', { version: 4 }, 'user 1: version 4, wanted 5'],
    ['failed its integrity check', { integrity: 'failed' }, 'user 1: the board reports a failed check (integrity)'],
    [
      'failed two checks',
      { range: 'failed', platform: 'failed' },
      'user 1: the board reports a failed check (range, platform)',
    ],
    ['was not checked', { integrity: 'unchecked' }, 'user 1: the board does not say whether the module is whole'],
    ['is another file of that version', { suffixSha256: hashOf('another') }, 'user 1: hash '],
    ['misses a dependency', { dependenciesMet: 'failed' }, 'user 1 5: a dependency is not met'],
  ])('a module that %s is a mismatch', (_, change, detail) => {
    expect(() => proveModules(boardBut(user, change), plan, bookWith())).toThrow(`VERSION_MISMATCH: ${detail}`)
  })

  it('does not hold a SoftDevice to the hash of its file, for boards give Nordic’s string instead', () => {
    const radio = { kind: 'radio', index: 0 } as const
    expect(() => proveModules(boardBut(radio, { suffixSha256: hashOf('Nordic') }), plan, bookWith())).not.toThrow()
  })

  it('trusts no version alone for what DFU wrote: a write that stored nothing would pass', () => {
    const book = bookWith([[user, 'written', false]])
    expect(() => proveModules(boardBut(user, {}), plan, book)).toThrow('not read back, and the board reports no hash')
    expect(book.records().find(({ kind }) => kind === 'user')).toMatchObject({ after: 5, proof: 'none' })
  })

  it('notes what every module came to, also when the first is amiss', () => {
    const book = bookWith()
    expect(() => proveModules(boardBut(partOf(target, 'user', 1), { version: 4 }), plan, book)).toThrow()
    expect(book.records().map(({ kind, after }) => [kind, after])).toEqual([
      ['user', 4],
      ['system', 4006],
      ['bootloader', 1101],
      ['radio', 202],
    ])
  })

  it('cannot be had of a board that does not tell its modules', () => {
    const silent = boardWith('boron', [], { modules: unreadable('board is in DFU mode') })
    expect(() => proveModules(silent, plan, bookWith())).toThrow('modules not readable: board is in DFU mode')
  })

  it('minds a module of the board that is no target when it lacks what it depends on', () => {
    const board = boardBut(user, {})
    const ncp = { ...reported(partOf(target, 'user', 1)), kind: 'ncp', index: 0, dependenciesMet: 'failed' } as const
    const modules = known([...(board.modules.known ? board.modules.value : []), ncp])
    expect(() => proveModules({ ...board, modules }, plan, bookWith())).toThrow('ncp 5: a dependency is not met')
  })
})

describe('a board whose user firmware is no target', () => {
  const systemOnly: Plan = { ...plan, targets: target.filter(({ kind }) => kind !== 'user') }
  const prove = (change: Partial<ReportedModule> | null) =>
    proveModules(boardBut(user, change), systemOnly, openModuleBook(boardWith('boron', []), systemOnly))

  it('passes with whatever user firmware it keeps', () => {
    expect(() => prove({ version: 1, suffixSha256: hashOf('its own') })).not.toThrow()
  })

  it.each<[string, Partial<ReportedModule> | null, string]>([
    ['none', null, 'no user firmware: it would stay in safe mode'],
    ['only a copy elsewhere', { store: 'backup' }, 'no user firmware: it would stay in safe mode'],
    ['a damaged one', { integrity: 'failed' }, 'user 1 5: the board reports a failed check (integrity)'],
  ])('does not pass when it ends with %s', (_, change, detail) => {
    expect(() => prove(change)).toThrow(detail)
    expect(() => prove(change)).toThrow('VERSION_MISMATCH')
  })
})

describe('the account of the modules', () => {
  it('begins with what the board had and nothing reached', () => {
    expect(
      bookWith()
        .records()
        .map(({ kind, before, target: wanted, after, action, proof }) => ({
          kind,
          before,
          wanted,
          after,
          action,
          proof,
        })),
    ).toEqual([
      { kind: 'user', before: 5, wanted: 5, after: null, action: 'not reached', proof: 'none' },
      { kind: 'system', before: 2011, wanted: 4006, after: null, action: 'not reached', proof: 'none' },
      { kind: 'bootloader', before: 1005, wanted: 1101, after: null, action: 'not reached', proof: 'none' },
      { kind: 'radio', before: 202, wanted: 202, after: null, action: 'not reached', proof: 'none' },
    ])
  })

  it('says why a module was skipped', () => {
    const skipped = [{ module: { kind: 'radio', index: 0, version: 202 }, reason: 'it has it' }] as const
    const book = openModuleBook(boardWith('boron', []), { ...plan, skipped })
    expect(book.records().find(({ kind }) => kind === 'radio')).toMatchObject({
      action: 'skipped',
      reason: 'it has it',
      before: null,
    })
  })

  it('changes one module at a time', () => {
    const book = bookWith([[user, 'written', true]])
    expect([book.actionOf(user), book.readBackOf(user)]).toEqual(['written', hashOf('flash')])
    const system = { kind: 'system', index: 1 } as const
    expect([book.actionOf(system), book.readBackOf(system)]).toEqual(['not reached', null])
    expect([book.actionOf({ kind: 'mono', index: 0 }), book.readBackOf({ kind: 'mono', index: 0 })]).toEqual([
      null,
      null,
    ])
  })
})
