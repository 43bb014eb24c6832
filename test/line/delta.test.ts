// Boards that hold part of what they shall carry: only what differs is erased and written, and nothing is taken on trust.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModuleRecord } from '../../src/shared/model/record.ts'
import { type Contents, layIn, type SetImages } from './board-contents.ts'
import { type DemoLibrary, demoLibrary, otherBuildImages, resolved } from './firmware.ts'
import { missingOn } from './flash-images.ts'
import { type Line, openLine } from './line.ts'

const platforms = ['photon', 'boron', 'p2'] as const
type Platform = (typeof platforms)[number]

let demo: DemoLibrary
beforeAll(async () => {
  demo = await demoLibrary()
})
afterAll(() => demo.remove())

const imagesFor = (platform: Platform): SetImages => ({
  set: demo.images[platform],
  otherBuilds: otherBuildImages(platform),
})

interface Run {
  readonly line: Line
  readonly modules: readonly ModuleRecord[]
  readonly durationMs: number
  readonly sectorsErased: number
  readonly bytesProgrammed: number
  readonly transfers: number
}

/** One board with these contents through the line, in DFU mode from the start, so that flash time is all there is. */
async function flash(platform: Platform, contents: Contents): Promise<Run> {
  const recipe = await resolved(demo.library, { platforms: [platform] })
  const line = openLine({ boards: [{ platform, start: 'dfu' }], shelf: demo.library, recipe })
  const [board] = line.boards
  if (!board) throw new Error('the bench is empty')
  layIn(board, contents, imagesFor(platform))
  await line.verdicts()
  const [record] = line.records()
  expect(record?.closing?.fault).toBeNull()
  expect(missingOn(board, demo.images[platform])).toEqual([])
  const { sectorsErased, bytesProgrammed, transfers } = board.account()
  const modules = (record?.closing?.modules ?? []).filter(({ kind }) => kind !== 'bootloader')
  expect(modules.map(({ proof }) => proof)).toEqual(modules.map(() => 'read-back'))
  const steps = record?.closing?.steps ?? []
  const inDfu = steps.filter(({ name }) => /^(Write|Verify|Clear)/.test(name) && !name.includes('bootloader'))
  const durationMs = inDfu.reduce((sum, step) => sum + step.durationMs, 0)
  return { line, modules, durationMs, sectorsErased, bytesProgrammed, transfers }
}

describe.each(platforms)('a %s', (platform) => {
  it('that holds the set is read once and not written, in about a tenth of the time', async () => {
    const full = await flash(platform, { kind: 'half written', upTo: 0 })
    const again = await flash(platform, { kind: 'the set' })
    expect([again.sectorsErased, again.bytesProgrammed]).toEqual([0, 0])
    expect(again.modules.map(({ action }) => action)).toEqual(again.modules.map(() => 'unchanged'))
    // Reading takes a full-speed bus 9 ms for 4 KiB, the full way 83 ms on P2, 87 on Photon, 147 on Boron.
    expect(again.durationMs / full.durationMs).toBeLessThan(platform === 'boron' ? 0.1 : 0.12)
  })

  it('with only another user firmware gets that one, in a quarter of the time', async () => {
    const full = await flash(platform, { kind: 'half written', upTo: 0 })
    const other = await flash(platform, { kind: 'other builds', files: ['user-part.bin'] })
    const written = other.modules.filter(({ action }) => action === 'written').map(({ kind }) => kind)
    expect(written).toEqual(['user'])
    expect(other.durationMs / full.durationMs).toBeLessThan(0.25)
  })

  it('with one wrong bit in it gets that sector anew', async () => {
    const { sectorsErased, modules } = await flash(platform, { kind: 'one bit', at: 0.37 })
    expect(sectorsErased).toBe(1)
    expect(modules.filter(({ action }) => action === 'written')).toHaveLength(1)
  })

  it('whose flash was broken off is taken up where it stopped', async () => {
    const full = await flash(platform, { kind: 'half written', upTo: 0 })
    const rest = await flash(platform, { kind: 'half written', upTo: 0.6 })
    // The bootloader comes by control request both times; a sector of the Photon is a quarter of its firmware.
    expect(rest.bytesProgrammed / full.bytesProgrammed).toBeLessThan(platform === 'photon' ? 0.65 : 0.55)
  })
})

it('a Boron is not erased where it is blank', async () => {
  const { sectorsErased, bytesProgrammed } = await flash('boron', { kind: 'a blank hole', from: 0.3, to: 0.5 })
  expect(sectorsErased).toBe(0)
  expect(bytesProgrammed).toBeGreaterThan(50_000)
})
