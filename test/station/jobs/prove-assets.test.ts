// What is claimed of assets in the end.
import { describe, expect, it } from 'vitest'
import { openModuleBook } from '../../../src/main/station/jobs/module-book.ts'
import { proveAssets } from '../../../src/main/station/jobs/prove-assets.ts'
import { type BoardAssets, known, type ParticleIdentity, unreadable } from '../../../src/shared/model/identity.ts'
import type { TargetAsset } from '../../../src/shared/model/module.ts'
import { emptyPlan, type Plan } from '../../../src/shared/model/plan.ts'
import { assetOf, rtlSet } from './platform-samples.ts'
import { boardWith, hashOf } from './samples.ts'

const assets = [assetOf('cat.txt'), assetOf('water.txt')]
const plan: Plan = { ...emptyPlan('p2'), assets }
const set = (system: number) => rtlSet('p2', { system, bootloader: 2400 })
const silent = unreadable<never>('this Device OS does not list its assets')

function boardAt(system: number, listed: BoardAssets | null): ParticleIdentity {
  return boardWith('p2', set(system), { assets: listed ? known(listed) : silent })
}

function proven(board: ParticleIdentity, of: Plan = plan) {
  const book = openModuleBook(board, of)
  for (const [at] of of.assets.entries()) book.note({ kind: 'asset', index: at + 1 }, { action: 'updated' })
  proveAssets(board, of, book)
  return book
}

const onBoard = ({ name, sha256, sizeBytes }: TargetAsset) => ({ name, sha256, sizeBytes })
const both = assets.map(onBoard)

describe('assets that Device OS lists', () => {
  it('are proven by name and hash', () => {
    const book = proven(boardAt(5600, { available: both, required: both }))
    expect(book.records().map(({ kind, index, after, proof }) => [kind, index, after, proof])).toEqual([
      ['asset', 1, 0, 'reported-hash'],
      ['asset', 2, 0, 'reported-hash'],
    ])
    expect(book.unproven()).toBeNull()
  })

  it('fail the board when one is missing, or is another of the same name', () => {
    const other = { ...onBoard(assetOf('water.txt')), sha256: hashOf('another') }
    for (const available of [both.slice(0, 1), [...both.slice(0, 1), other]]) {
      expect(() => proven(boardAt(5600, { available, required: both }))).toThrow(/VERSION_MISMATCH: .*water\.txt/)
    }
  })

  it('fail the board that lacks what its own application needs, though the recipe brings none', () => {
    const board = boardAt(6305, { available: [], required: both.slice(0, 1) })
    expect(() => proven(board, emptyPlan('p2'))).toThrow(/VERSION_MISMATCH: .*cat\.txt/)
  })

  it('fail the board that lists none, be its Device OS too old for that or not', () => {
    for (const system of [5500, 5600]) {
      expect(() => proven(boardAt(system, null))).toThrow(/VERSION_MISMATCH: assets not readable/)
    }
    expect(() => proven(boardAt(5600, null), emptyPlan('p2'))).not.toThrow()
  })
})
