// Boards that hold part of what they shall carry: only what differs is erased and written, and nothing is taken on trust.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModuleRecord } from '../../src/shared/model/record.ts'
import { type Contents, layIn, type SetImages } from './board-contents.ts'
import {
  type DemoLibrary,
  demoLibrary,
  otherBuildImages,
  reportingDeviceOs,
  reportingLibrary,
  resolved,
} from './firmware.ts'
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

describe('a board whose Device OS reports the hash of each module, under a recipe that relies on reports', () => {
  let reporting: DemoLibrary
  beforeAll(async () => {
    reporting = await reportingLibrary()
  })
  afterAll(() => reporting.remove())

  async function prove(platform: 'boron' | 'p2', contents: Contents) {
    const deviceOs = { [platform]: reportingDeviceOs[platform] }
    const recipe = await resolved(reporting.library, { platforms: [platform], deviceOs, verify: 'reported' })
    const boards = [{ platform, deviceOs: reportingDeviceOs[platform] }] as const
    const line = openLine({ boards, shelf: reporting.library, recipe })
    const [board] = line.boards
    if (!board) throw new Error('the bench is empty')
    const otherBuilds = otherBuildImages(platform, reportingDeviceOs[platform])
    layIn(board, contents, { set: reporting.images[platform], otherBuilds })
    await line.verdicts()
    const closing = line.records()[0]?.closing
    expect(closing?.fault).toBeNull()
    expect(missingOn(board, reporting.images[platform])).toEqual([])
    const ends = Object.fromEntries(
      (closing?.modules ?? []).map(({ kind, index, action, proof }) => [`${kind} ${index}`, `${action}, ${proof}`]),
    )
    return { closing, ends, account: board.account() }
  }

  it('is proven in a moment when it holds the set, and never sees DFU mode', async () => {
    const { closing, ends, account } = await prove('p2', { kind: 'the set' })
    expect(new Set(Object.values(ends))).toEqual(new Set(['skipped, reported-hash']))
    expect(closing?.steps.map(({ name }) => name)).toEqual(['Prove all modules'])
    expect(account.transfersByRequest['dfu-getstatus']).toBeUndefined()
    expect(closing?.durationMs).toBeLessThan(1_000)
  })

  it('gets what is another build, and that alone', async () => {
    const { ends } = await prove('p2', { kind: 'other builds', files: ['user-part.bin'] })
    expect(ends).toMatchObject({ 'system 1': 'skipped, reported-hash', 'user 1': 'written, reported-hash' })
  })

  it('gets what its Device OS finds broken', async () => {
    const { ends } = await prove('p2', { kind: 'one bit', at: 0.999 })
    expect(ends).toMatchObject({ 'system 1': 'skipped, reported-hash', 'user 1': 'written, reported-hash' })
  })

  it('has its SoftDevice read in DFU mode, of which Device OS checks nothing', async () => {
    const { ends, account } = await prove('boron', { kind: 'the set' })
    expect(ends).toMatchObject({ 'radio 0': 'unchanged, read-back', 'system 1': 'skipped, reported-hash' })
    expect(account.sectorsErased).toBe(0)
    // The SoftDevice is the first of the three files by name: 153 of 690 KB.
    const broken = await prove('boron', { kind: 'one bit', at: 0.1 })
    expect(broken.ends).toMatchObject({ 'radio 0': 'written, read-back', 'system 1': 'skipped, reported-hash' })
    expect(broken.account.sectorsErased).toBe(1)
  })
})
