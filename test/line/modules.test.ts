// Modules beyond system and user parts, on boards: network processors, the factory image, the set-up flag, assets, both
// user slots, and what force does. What a board holds in the end is read from its chips.
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { availableAssets } from '../../src/main/sim/assets/board-assets.ts'
import type { SimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { buildModule } from '../../src/main/sim/synthetic/build-module.ts'
import { releaseModules } from '../../src/main/sim/synthetic/releases.ts'
import type { ModuleKind } from '../../src/shared/model/module.ts'
import type { PlatformName } from '../../src/shared/model/platform.ts'
import type { Recipe } from '../../src/shared/model/recipe.ts'
import type { LedgerRecord } from '../../src/shared/model/record.ts'
import type { BoardEntry } from '../scenarios/bench-boards.ts'
import { applicationNeeding, type TestAsset } from '../sim/assets/asset-files.ts'
import { libraryOf, resolved } from './firmware.ts'
import { type Line, openLine } from './line.ts'

interface Run {
  readonly board: BoardEntry & { readonly platform: PlatformName }
  readonly deviceOs: string
  readonly wishes?: Partial<Recipe>
  /** More files, by path, for the library. */
  readonly files?: Readonly<Record<string, Uint8Array>>
  /** Kinds of modules that the recipe is left with. */
  readonly only?: readonly ModuleKind[]
  /** While the board is out of its slot. */
  readonly prepare?: (board: SimulatedBoard) => void
}

interface Result {
  readonly board: SimulatedBoard
  readonly record: LedgerRecord
  readonly steps: readonly string[]
  /** "ncp 0" to "updated, reported-version". */
  readonly ends: Readonly<Record<string, string>>
}

/** One board, one recipe, one job. */
async function run({ board: entry, deviceOs, wishes = {}, files = {}, only, prepare }: Run): Promise<Result> {
  const { platform } = entry
  const root = mkdtempSync(join(tmpdir(), 'line-modules-'))
  mkdirSync(join(root, 'set'))
  for (const { file, spec } of releaseModules(platform, deviceOs, 'line')) {
    writeFileSync(join(root, 'set', file), buildModule(spec))
  }
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), bytes)
  }
  const { library, remove } = await libraryOf([root])
  rmSync(root, { recursive: true })
  onTestFinished(remove)
  const recipe = await resolved(library, { platforms: [platform], deviceOs, ...wishes })
  const targets = recipe.targets.map((target) => ({
    ...target,
    modules: target.modules.filter(({ kind }) => only?.includes(kind) ?? true),
  }))
  const line = openLine({ boards: [entry], shelf: library, recipe: { ...recipe, targets }, autoStart: false })
  const [board] = line.boards
  if (!board) throw new Error('the bench is empty')
  await line.until(([slot]) => slot?.state === 'ready')
  if (prepare) await takeOutAndIn(line, () => prepare(board))
  line.station.dispatch({ kind: 'start', slots: [1] })
  await line.until(([slot]) => slot?.state !== 'ready')
  await line.verdicts()
  const [record] = line.records()
  if (!record?.closing) throw new Error('the job has no record')
  const ends = record.closing.modules.map(({ kind, index, action, proof }) => [
    `${kind} ${index}`,
    `${action}, ${proof}`,
  ])
  return { board, record, steps: record.closing.steps.map(({ name }) => name), ends: Object.fromEntries(ends) }
}

async function takeOutAndIn(line: Line, act: () => void): Promise<void> {
  const [place] = line.bus.boards()
  if (!place) throw new Error('the bench is empty')
  line.bus.unplug(place.portPath)
  await line.until(([slot]) => slot?.state === 'empty')
  act()
  line.bus.plug(place.portPath, place.board)
  await line.until(([slot]) => slot?.state === 'ready')
}

const faultOf = ({ record }: Result) => record.closing?.fault

describe('a network processor', () => {
  it('that is old gets its firmware while Device OS takes it, before that moves on: trap 10', async () => {
    const result = await run({
      board: { platform: 'tracker', deviceOs: '4.0.2' },
      deviceOs: '6.3.4',
      prepare: ({ chips }) => Object.assign(chips.ncp ?? {}, { version: 5 }),
    })
    expect(faultOf(result)).toBeNull()
    expect(result.board.chips.ncp?.version).toBe(7)
    expect(result.steps.slice(0, 3)).toEqual(['Update bootloader', 'Update ncp', 'Enter DFU'])
    // Device OS 6.3.4 does not list it any more: its version is asked for.
    expect(result.ends).toMatchObject({ 'ncp 0': 'updated, reported-version' })
    const step = result.record.closing?.steps.find(({ name }) => name === 'Update ncp')
    expect(step?.durationMs).toBeGreaterThan(10_000)
  })

  it('that is newer stays, and is no target', async () => {
    const result = await run({
      board: { platform: 'argon', deviceOs: '2.0.1' },
      deviceOs: '4.0.2',
      wishes: { force: true },
      prepare: ({ chips }) => Object.assign(chips.ncp ?? {}, { version: 9 }),
    })
    expect(faultOf(result)).toBeNull()
    expect(result.board.chips.ncp?.version).toBe(9)
    expect(result.ends['ncp 0']).toBeUndefined()
    expect(result.record.plan.join()).toContain('never brought down')
  })

  it.each([
    [4, 5, 'updated, reported-version'],
    [5, 5, 'skipped, reported-version'],
    [6, 6, undefined],
  ])('of a board found in DFU with version %d is seen to afterwards', async (present, end, how) => {
    const result = await run({
      board: { platform: 'argon', deviceOs: '2.0.1', start: 'dfu' },
      deviceOs: '4.0.2',
      prepare: ({ chips }) => Object.assign(chips.ncp ?? {}, { version: present }),
    })
    expect(faultOf(result)).toBeNull()
    expect(result.board.chips.ncp?.version).toBe(end)
    expect(result.ends['ncp 0']).toBe(how)
  })

  it('that is old, on a Tracker found in DFU that ends with 6.3.4, is refused in words', async () => {
    const result = await run({
      board: { platform: 'tracker', deviceOs: '4.0.2', start: 'dfu' },
      deviceOs: '6.3.4',
      prepare: ({ chips }) => Object.assign(chips.ncp ?? {}, { version: 5 }),
    })
    expect(faultOf(result)).toMatchObject({ code: 'PLAN_REFUSED', detail: expect.stringContaining('3.0.0 to 5.5.x') })
  })
})

describe('a Gen 2 bootloader for a Device OS below 2.0.0', () => {
  it.each(['photon', 'electron'] as const)(
    'of a %s is staged, and applied by that Device OS when it starts',
    async (platform) => {
      const result = await run({ board: { platform, deviceOs: '2.0.1' }, deviceOs: '1.5.2' })
      expect(faultOf(result)).toBeNull()
      expect(result.steps.slice(0, 4)).toEqual(['Enter DFU', 'Stage bootloader', 'Write system 1', 'Verify system 1'])
      expect(result.ends).toMatchObject({ 'bootloader 0': 'updated, reported-version' })
      const boot = releaseModules(platform, '1.5.2', 'line').find(({ spec }) => spec.kind === 'bootloader')
      const bytes = boot ? buildModule(boot.spec) : new Uint8Array()
      const { internal, dct } = result.board.chips
      expect(Buffer.from(internal.read(0x0800_0000, bytes.length)).equals(bytes)).toBe(true)
      expect(dct[1753]).toBe(0xff)
    },
  )

  it('is left alone on a board in DFU mode that has it, as its bytes show', async () => {
    const board = { platform: 'photon', deviceOs: '1.5.2', start: 'dfu' } as const
    const result = await run({ board, deviceOs: '1.5.2' })
    expect(faultOf(result)).toBeNull()
    expect(result.ends).toMatchObject({ 'bootloader 0': 'skipped, read-back' })
  })
})

describe('the factory image', () => {
  it.each([
    ['photon', '2.0.1', '3.3.0', 0x080e_0000],
    ['electron', '2.0.1', '3.3.0', 0x080a_0000],
    ['boron', '2.0.1', '4.0.2', 0x8020_0000],
    ['tracker', '3.1.0', '4.0.2', 0x8060_0000],
    ['electron2', '6.2.1', '6.3.4', 0x8020_0000],
  ] as const)(
    'of a %s holds the user firmware, read back: trap 12',
    async (...[platform, before, deviceOs, address]) => {
      const result = await run({ board: { platform, deviceOs: before }, deviceOs, wishes: { factoryImage: 'user' } })
      expect(faultOf(result)).toBeNull()
      const user = releaseModules(platform, deviceOs, 'line').find(({ spec }) => spec.kind === 'user')
      const bytes = user ? buildModule(user.spec) : new Uint8Array()
      const { internal, external } = result.board.chips
      const chip = address >= 0x8000_0000 && platform !== 'photon' && platform !== 'electron' ? external : internal
      expect(Buffer.from(chip?.read(address, bytes.length) ?? []).equals(bytes)).toBe(true)
      const entry = result.record.closing?.modules.find(({ kind }) => kind === 'factory')
      expect(entry).toMatchObject({ action: 'written', proof: 'read-back', after: entry?.target })
    },
  )
})

describe('the factory image of an Electron 2', () => {
  it.each([
    [4, 0x8020_0000],
    [8, 0x8060_0000],
  ] as const)(
    'goes where its external flash of %i MB has it, which only the board can tell',
    async (...[size, address]) => {
      const board = { platform: 'electron2', deviceOs: '6.2.1', externalMegabytes: size } as const
      const result = await run({ board, deviceOs: '6.3.4', wishes: { factoryImage: 'user' } })
      expect(faultOf(result)).toBeNull()
      const user = releaseModules('electron2', '6.3.4', 'line').find(({ spec }) => spec.kind === 'user')
      const bytes = user ? buildModule(user.spec) : new Uint8Array()
      const held = result.board.chips.external?.read(address, bytes.length) ?? []
      expect(bytes.length).toBeGreaterThan(0)
      expect(Buffer.from(held).equals(bytes)).toBe(true)
    },
  )
})

it('the factory image of an Electron 2 with 8 MB lies where its memory string says, not where the plan thought', async () => {
  const board = { platform: 'electron2', deviceOs: '6.2.1', externalMegabytes: 8 } as const
  const result = await run({ board, deviceOs: '6.3.4', wishes: { factoryImage: 'user' } })
  expect(faultOf(result)).toBeNull()
  const user = releaseModules('electron2', '6.3.4', 'line').find(({ spec }) => spec.kind === 'user')
  const bytes = user ? buildModule(user.spec) : new Uint8Array()
  const { external } = result.board.chips
  expect(Buffer.from(external?.read(0x8060_0000, bytes.length) ?? []).equals(bytes)).toBe(true)
  expect(external?.read(0x8020_0000, 4096).every((byte) => byte === 0xff)).toBe(true)
})

describe('the set-up flag', () => {
  it.each([
    ['done', 1, ['Mark as set up']],
    ['not-done', 0xff, ['Mark as not set up']],
  ] as const)('of a Boron below Device OS 4.0.0 is %s in the end', async (setup, value, steps) => {
    const result = await run({
      board: { platform: 'boron', deviceOs: '4.0.2' },
      deviceOs: '2.0.1',
      wishes: { setup },
      prepare: ({ chips }) => chips.dct.fill(setup === 'done' ? 0xff : 1, 8134, 8135),
    })
    expect(faultOf(result)).toBeNull()
    expect(result.board.chips.dct[8134]).toBe(value)
    expect(result.steps).toEqual(expect.arrayContaining([...steps]))
  })

  it('is left alone from 4.0.0 on, and the record says so', async () => {
    const result = await run({
      board: { platform: 'boron', deviceOs: '2.0.1' },
      deviceOs: '4.0.2',
      wishes: { setup: 'done' },
    })
    expect(result.steps.join()).not.toContain('set up')
    expect(result.record.plan.join()).toContain('set-up flag left alone')
  })
})

it('the set-up flag is set by request where nothing needs DFU mode', async () => {
  const board = { platform: 'boron', deviceOs: '2.0.1' } as const
  const result = await run({
    board,
    deviceOs: '2.0.1',
    wishes: { setup: 'done' },
    only: ['bootloader'],
    prepare: ({ chips }) => chips.dct.fill(0xff, 8134, 8135),
  })
  expect(faultOf(result)).toBeNull()
  expect(result.steps).toEqual(['Mark as set up', 'Prove all modules'])
  expect(result.board.chips.dct[8134]).toBe(1)
  expect(result.record.closing?.steps[0]?.detail).toBe('set and read back')
})

describe('the assets of an application', () => {
  const text = (name: string, content: string): TestAsset => ({ name, content: new TextEncoder().encode(content) })
  const assets = [text('cat.txt', 'a cat\n'.repeat(2000)), text('water.txt', 'water')]
  const bundle = (platform: PlatformName) => {
    const app = applicationNeeding(platform, assets).bytes
    const files = {
      'bundle/app.bin': app,
      ...Object.fromEntries(assets.map(({ name, content }) => [`bundle/assets/${name}`, content])),
    }
    const user = { modules: { [platform]: createHash('sha256').update(app).digest('hex') } }
    return { files, user }
  }

  it('are on the board in the end, proven by hash, and the next job sends none', async () => {
    const { files, user } = bundle('p2')
    const first = await run({
      board: { platform: 'p2', deviceOs: '5.0.0' },
      deviceOs: '6.3.4',
      wishes: { user },
      files,
    })
    expect(faultOf(first)).toBeNull()
    expect(first.steps.slice(-3)).toEqual(['Send asset cat.txt', 'Send asset water.txt', 'Prove all modules'])
    expect(first.ends).toMatchObject({ 'asset 1': 'updated, reported-hash', 'asset 2': 'updated, reported-hash' })
    const held = availableAssets('p2', first.board.chips)
    expect(held.map(({ name }) => name).sort()).toEqual(['cat.txt', 'water.txt'])
  })

  it('survive what an update leaves in the same flash of a Boron, or are sent again', async () => {
    const { files, user } = bundle('boron')
    const result = await run({
      board: { platform: 'boron', deviceOs: '4.0.2' },
      deviceOs: '6.3.4',
      wishes: { user },
      files,
    })
    expect(faultOf(result)).toBeNull()
    expect(availableAssets('boron', result.board.chips)).toHaveLength(2)
  })
})

describe('an application that moves between the slots of a Boron', () => {
  it.each([
    ['4.0.2', '6.3.4', 0xd_4000],
    ['6.3.4', '4.0.2', 0xb_4000],
  ])('from %s to %s leaves nothing behind in the other: trap 9', async (before, deviceOs, otherSlot) => {
    const result = await run({ board: { platform: 'boron', deviceOs: before }, deviceOs })
    expect(faultOf(result)).toBeNull()
    const page = result.board.chips.internal.read(otherSlot, 4096)
    expect(page.every((byte) => byte === 0xff)).toBe(true)
  })
})

describe('a board that holds all of it', () => {
  it('is done in seconds, and with force is written whole', async () => {
    const board = { platform: 'boron', deviceOs: '6.3.4' } as const
    const same = { user: 'keep' } as const
    const current = await run({ board, deviceOs: '6.3.4', wishes: { ...same, verify: 'reported' } })
    expect(faultOf(current)).toBeNull()
    expect(current.board.account().sectorsErased).toBe(0)
    expect(current.record.closing?.durationMs).toBeLessThan(20_000)
    const forced = await run({ board, deviceOs: '6.3.4', wishes: { ...same, force: true } })
    expect(faultOf(forced)).toBeNull()
    expect(Object.values(forced.ends).map((end) => end.split(',')[0])).not.toContain('unchanged')
    expect(forced.board.account().bytesProgrammed).toBeGreaterThan(700_000)
  })
})
