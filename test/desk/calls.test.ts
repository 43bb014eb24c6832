// Every call of the contract, as a door asks it: by name, checked, answered with an outcome. A call without a test here
// does not compile, and the list is compared with the contract.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CallName, callNames } from '../../src/shared/contract/contract.ts'
import type { ImportProgress } from '../../src/shared/model/firmware-view.ts'
import type { PortPath } from '../../src/shared/model/ids.ts'
import { playedDesk } from './desk-under-test.ts'
import { imageCallTests } from './image-calls.ts'
import { packCallTests } from './pack-calls.ts'
import {
  closingOf,
  demoFile,
  demoFiles,
  deviceId,
  openingIn,
  port,
  readySlot,
  recipe,
  stockedLibrary,
  workingSlot,
} from './samples.ts'
import { supplyCallTests } from './supply-calls.ts'

/** A data folder with the demo's firmware, made once and only copied from. */
const stock = mkdtempSync(join(tmpdir(), 'station-stock-'))
beforeAll(() => stockedLibrary(stock))
afterAll(() => rmSync(stock, { recursive: true, force: true }))

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const rejected = (detail: string | RegExp) => ({
  ok: false,
  fault: { code: 'CALL_REJECTED', detail: typeof detail === 'string' ? detail : expect.stringMatching(detail) },
})

/** A desk on real USB (played), with the ports of the first two slots remembered. */
async function assignedDesk() {
  const under = await playedDesk()
  under.says({ kind: 'news', news: { kind: 'learnt', slot: 1, portPath: port('1-1') } })
  under.says({ kind: 'news', news: { kind: 'learnt', slot: 2, portPath: port('1-2') } })
  return under
}

async function withRecord(outcome: 'pass' | 'fail') {
  const under = await playedDesk()
  const answers = () => under.hosts.latest().told.filter((message) => message.kind === 'answer')
  under.says({ kind: 'ask', id: 1, ask: { kind: 'open', opening: openingIn(3) } })
  await expect.poll(() => answers().length).toBe(1)
  const opened = answers()[0]
  if (opened?.kind !== 'answer' || !opened.answer.ok || !opened.answer.value) throw new Error('no record was opened')
  const recordId = opened.answer.value
  under.says({ kind: 'ask', id: 2, ask: { kind: 'close', closing: closingOf(recordId, outcome) } })
  await expect.poll(() => answers().length).toBe(2)
  return { ...under, recordId }
}

type Ports = readonly (PortPath | null)[]

function portsAssigned(commands: readonly { readonly kind: string }[]): Ports {
  const last = commands.filter(({ kind }) => kind === 'assign').at(-1) as { readonly ports: Ports } | undefined
  return last?.ports ?? []
}

const everyCall: Readonly<Record<CallName, Readonly<Record<string, () => Promise<void>>>>> = {
  ...packCallTests,
  ...imageCallTests,
  ...supplyCallTests,

  readSettings: {
    'gives what the station remembers of itself': async () => {
      const { call } = await playedDesk()
      expect(await call('readSettings', {})).toMatchObject({ autoStart: true, learnsPorts: true, operator: null })
    },
  },

  setOperator: {
    'is remembered, shown and told to the bench': async () => {
      const { call, station, commands } = await playedDesk()
      expect((await call('setOperator', { name: '  Ada ' })).operator).toBe('Ada')
      expect(station().operator).toBe('Ada')
      expect(commands().at(-1)).toEqual({ kind: 'operator', name: 'Ada' })
      expect((await call('setOperator', { name: ' ' })).operator).toBeNull()
      expect((await call('readSettings', {})).operator).toBeNull()
    },
  },

  setAutoStart: {
    'is remembered, shown and told to the bench': async () => {
      const { call, station, commands } = await playedDesk()
      expect((await call('setAutoStart', { on: false })).autoStart).toBe(false)
      expect(station().autoStart).toBe(false)
      expect(commands().at(-1)).toEqual({ kind: 'auto-start', on: false })
    },
    'that cannot be remembered is not done': async () => {
      const { call, outcome, folder, commands } = await playedDesk()
      const before = commands().length
      await call('setOperator', { name: 'Ada' })
      // A folder in the place of the file: it cannot be written.
      rmSync(join(folder, 'settings.json'))
      mkdirSync(join(folder, 'settings.json', 'x'), { recursive: true })
      expect(await outcome('setAutoStart', { on: false })).toMatchObject(rejected(/cannot be written/))
      expect(commands()).toHaveLength(before + 1)
    },
  },

  setSlotCount: {
    'changes the bench, and ports that stay are kept': async () => {
      const { call, slots, commands } = await assignedDesk()
      const settings = await call('setSlotCount', { count: 3 })
      expect(settings.slots).toEqual(['1-1', '1-2', null])
      expect(slots().map(({ portPath }) => portPath)).toEqual(['1-1', '1-2', null])
      expect(portsAssigned(commands())).toEqual(['1-1', '1-2', null])
      expect((await call('setSlotCount', { count: 1 })).slots).toEqual(['1-1'])
    },
    'does not disturb a slot that works and stays': async () => {
      const { call, outcome, says, slots } = await assignedDesk()
      await call('setSlotCount', { count: 4 })
      says({ kind: 'news', news: { kind: 'slots', slots: [workingSlot(2)] } })
      await call('setSlotCount', { count: 2 })
      expect(slots().map(({ state }) => state)).toEqual(['empty', 'working'])
      expect(await outcome('setSlotCount', { count: 1 })).toMatchObject(rejected(/slot 2 is working/))
      expect(slots()).toHaveLength(2)
    },
    'is refused in a run that was started with so many slots': async () => {
      const { outcome } = await playedDesk({ slotCount: 4 })
      expect(await outcome('setSlotCount', { count: 5 })).toMatchObject(rejected('this run was started with 4 slots'))
    },
    'wants 1 to 32': async () => {
      const { outcome } = await playedDesk()
      for (const count of [0, 33, 1.5]) {
        expect(await outcome('setSlotCount', { count })).toMatchObject(rejected(/^setSlotCount: count: /))
      }
    },
    'on simulated boards keeps their ports: nothing is stopped': async () => {
      const { call, says, commands } = await playedDesk({ simulation: { boards: 'boron:2', speed: 1 } })
      says({ kind: 'news', news: { kind: 'learnt', slot: 1, portPath: port('1-1.1') } })
      says({ kind: 'news', news: { kind: 'learnt', slot: 2, portPath: port('1-1.2') } })
      const settings = await call('setSlotCount', { count: 3 })
      expect(portsAssigned(commands())).toEqual(['1-1.1', '1-1.2', null])
      expect(settings.slots).toEqual([null, null, null])
    },
  },

  learnPort: {
    'waits for a board, and the port is remembered over a restart': async () => {
      const { call, station, commands, says, desk, folder } = await playedDesk()
      await call('learnPort', { slot: 5 })
      expect(station().learningSlot).toBe(5)
      expect(commands().at(-1)).toEqual({ kind: 'learn', slot: 5 })
      says({ kind: 'news', news: { kind: 'learnt', slot: 5, portPath: port('3-1.4') } })
      expect(station().learningSlot).toBeNull()
      await desk.close()
      const again = await playedDesk({ dataFolder: folder })
      expect((await again.call('readSettings', {})).slots[4]).toBe('3-1.4')
      expect(portsAssigned(again.commands())[4]).toBe('3-1.4')
    },
    'takes the port from the slot that had it': async () => {
      const { call, says } = await assignedDesk()
      says({ kind: 'news', news: { kind: 'learnt', slot: 4, portPath: port('1-1') } })
      expect((await call('readSettings', {})).slots.slice(0, 4)).toEqual([null, '1-2', null, '1-1'])
    },
    'is ended by null, and by the end of the USB process': async () => {
      const { call, station, commands, hosts } = await playedDesk()
      await call('learnPort', { slot: 2 })
      await call('learnPort', { slot: null })
      expect(station().learningSlot).toBeNull()
      expect(commands().at(-1)).toEqual({ kind: 'learn', slot: null })
      await call('learnPort', { slot: 2 })
      hosts.latest().ends({ signal: 'SIGKILL' })
      expect(station().learningSlot).toBeNull()
    },
    'is refused for a slot that works, and for one that is not there': async () => {
      const { outcome, says } = await assignedDesk()
      says({ kind: 'news', news: { kind: 'slots', slots: [workingSlot(1)] } })
      expect(await outcome('learnPort', { slot: 1 })).toMatchObject(rejected(/slot 1 is working/))
      expect(await outcome('learnPort', { slot: 9 })).toMatchObject(rejected('there is no slot 9: the bench has 8'))
    },
    'on simulated boards leaves the real bench as it was': async () => {
      const real = await assignedDesk()
      await real.desk.close()
      const { call, says } = await playedDesk({
        dataFolder: real.folder,
        simulation: { boards: 'boron:2', speed: 1 },
      })
      says({ kind: 'news', news: { kind: 'learnt', slot: 1, portPath: port('1-1.7') } })
      expect((await call('readSettings', {})).slots.slice(0, 2)).toEqual(['1-1', '1-2'])
    },
  },

  forgetPort: {
    'gives the port up': async () => {
      const { call, slots, commands } = await assignedDesk()
      expect((await call('forgetPort', { slot: 1 })).slots.slice(0, 2)).toEqual([null, '1-2'])
      expect(slots()[0]?.state).toBe('off')
      expect(portsAssigned(commands()).slice(0, 2)).toEqual([null, '1-2'])
    },
    'is refused while the slot works, and where there is none': async () => {
      const { outcome, says } = await assignedDesk()
      says({ kind: 'news', news: { kind: 'slots', slots: [workingSlot(2)] } })
      expect(await outcome('forgetPort', { slot: 2 })).toMatchObject(rejected(/slot 2 is working/))
      expect(await outcome('forgetPort', { slot: 30 })).toMatchObject(rejected(/there is no slot 30/))
      expect((await outcome('forgetPort', { slot: 1 })).ok).toBe(true)
    },
    'on simulated boards leaves the real bench as it was': async () => {
      const real = await assignedDesk()
      await real.desk.close()
      const { call } = await playedDesk({ dataFolder: real.folder, simulation: { boards: 'boron:2', speed: 1 } })
      await call('forgetPort', { slot: 1 })
      expect((await call('readSettings', {})).slots.slice(0, 2)).toEqual(['1-1', '1-2'])
    },
  },

  setSimulation: {
    'ends the USB process and starts one on the other bus, there and back': async () => {
      const { call, hosts, station, slots } = await assignedDesk()
      const on = await call('setSimulation', { on: true, boards: 'p2:3', speed: 50 })
      expect(on.simulation).toEqual({ on: true, boards: 'p2:3', speed: 50 })
      expect(station().isSimulated).toBe(true)
      expect(hosts.born).toHaveLength(2)
      expect(hosts.born[0]?.told.at(-1)).toEqual({ kind: 'stop' })
      expect(hosts.latest().told[0]).toMatchObject({
        kind: 'configure',
        config: { bus: { kind: 'simulated', boards: 'p2:3', speed: 50 } },
      })
      expect(slots().every(({ portPath }) => portPath === null)).toBe(true)
      const off = await call('setSimulation', { on: false })
      expect(off.simulation).toEqual({ on: false, boards: 'p2:3', speed: 50 })
      expect(off.slots.slice(0, 2)).toEqual(['1-1', '1-2'])
      expect(station().isSimulated).toBe(false)
      expect(slots()[1]?.portPath).toBe('1-2')
    },
    'is refused while a board is worked on': async () => {
      const { outcome, says, hosts } = await assignedDesk()
      says({ kind: 'news', news: { kind: 'slots', slots: [workingSlot(1)] } })
      expect(await outcome('setSimulation', { on: true })).toMatchObject(rejected(/slot 1 is working/))
      expect(hosts.born).toHaveLength(1)
    },
    'is refused with a bench that is none, and in a run with simulated boards': async () => {
      const under = await playedDesk()
      expect(await under.outcome('setSimulation', { on: true, boards: 'toaster:4' })).toMatchObject(rejected(/toaster/))
      expect((await under.call('readSettings', {})).simulation.on).toBe(false)
      const simulated = await playedDesk({ simulation: { boards: 'boron:1', speed: 1 } })
      expect(await simulated.outcome('setSimulation', { on: false })).toMatchObject(rejected(/this run was started/))
    },
    'asked twice at once leaves one process alive': async () => {
      const { call, hosts } = await playedDesk()
      await Promise.all([call('setSimulation', { on: true }), call('setSimulation', { on: false })])
      expect(hosts.born).toHaveLength(3)
      const stopped = hosts.born.map(({ told }) => told.some(({ kind }) => kind === 'stop'))
      expect(stopped).toEqual([true, true, false])
      expect(hosts.latest().told[0]).toMatchObject({ config: { bus: { kind: 'usb' } } })
    },
  },

  startSlots: {
    'is told to the bench': async () => {
      const { call, commands } = await playedDesk({ recipe: recipe() })
      expect(await call('startSlots', { slots: [2, 3] })).toBeNull()
      expect(commands().at(-1)).toEqual({ kind: 'start', slots: [2, 3] })
    },
    'is refused without a recipe, and for slots that are not there': async () => {
      const { outcome } = await playedDesk()
      expect(await outcome('startSlots', { slots: [1] })).toMatchObject(rejected('no recipe is chosen'))
      expect(await outcome('startSlots', { slots: [1, 9] })).toMatchObject(rejected(/there is no slot 9/))
      expect(await outcome('startSlots', { slots: [] })).toMatchObject(rejected(/startSlots: slots: /))
    },
    'is refused with the reason while the USB process is down: it would be forgotten': async () => {
      const { outcome, hosts } = await playedDesk({ recipe: recipe() })
      hosts.latest().ends({ signal: 'SIGSEGV' })
      expect(await outcome('startSlots', { slots: [1] })).toMatchObject({
        ok: false,
        fault: { code: 'HOST_CRASHED', detail: expect.stringContaining('SIGSEGV') },
      })
    },
  },

  abortSlots: {
    'is told to the bench': async () => {
      const { call, commands } = await playedDesk()
      expect(await call('abortSlots', { slots: [8] })).toBeNull()
      expect(commands().at(-1)).toEqual({ kind: 'abort', slots: [8] })
    },
    'is refused for slots that are not there': async () => {
      const { outcome } = await playedDesk()
      expect(await outcome('abortSlots', { slots: [9] })).toMatchObject(rejected(/there is no slot 9/))
    },
  },

  listRecipes: {
    'says what each means here': async () => {
      const { call } = await playedDesk()
      expect(await call('listRecipes', {})).toEqual([])
      await call('saveRecipe', { recipe: recipe() })
      const [view] = await call('listRecipes', {})
      expect(view?.targets.map(({ fault }) => fault?.code)).toEqual(Array.from({ length: 3 }, () => 'FIRMWARE_MISSING'))
    },
  },

  saveRecipe: {
    'keeps it, not yet chosen': async () => {
      const { call } = await playedDesk({ dataFolder: stock })
      const saved = await call('saveRecipe', { recipe: recipe({ name: 'saved' }) })
      expect(saved).toMatchObject({ isActive: false, recipe: { name: 'saved' } })
      expect(saved.targets.every(({ fault }) => fault === null)).toBe(true)
      await call('removeRecipe', { recipeId: saved.recipeId })
    },
    'refuses one that names files of this computer': async () => {
      const { outcome, call } = await playedDesk()
      for (const user of [{ file: '/etc/passwd' }, { files: { boron: 'x.bin' } }]) {
        expect(await outcome('saveRecipe', { recipe: { ...recipe(), user } })).toMatchObject({
          ok: false,
          fault: { code: 'RECIPE_INVALID' },
        })
      }
      expect(await call('listRecipes', {})).toEqual([])
    },
    'refuses what is no recipe': async () => {
      const { outcome } = await playedDesk()
      expect(await outcome('saveRecipe', { recipe: { ...recipe(), surprise: 1 } })).toMatchObject(rejected(/surprise/))
    },
  },

  chooseRecipe: {
    'is told to the bench, shown, and there again after a restart': async () => {
      const { call, commands, station, desk, folder } = await playedDesk()
      const { recipeId } = await call('saveRecipe', { recipe: recipe() })
      const [view] = await call('chooseRecipe', { recipeId })
      expect(view?.isActive).toBe(true)
      expect(station().recipeName).toBe(recipe().name)
      expect(commands().at(-1)).toMatchObject({ kind: 'recipe', recipe: { sha256: recipeId } })
      await desk.close()
      const again = await playedDesk({ dataFolder: folder })
      expect(again.commands().find(({ kind }) => kind === 'recipe')).toMatchObject({
        kind: 'recipe',
        recipe: { sha256: recipeId },
      })
      await again.call('chooseRecipe', { recipeId: null })
      expect(again.commands().at(-1)).toEqual({ kind: 'recipe', recipe: null })
      expect(again.station().recipeName).toBeNull()
    },
    'the one that was chosen last is what the bench gets': async () => {
      const { call, commands } = await playedDesk({ dataFolder: stock })
      const ids: string[] = []
      for (const name of ['slow', 'quick']) ids.push((await call('saveRecipe', { recipe: recipe({ name }) })).recipeId)
      await Promise.all(ids.map((recipeId) => call('chooseRecipe', { recipeId })))
      expect(commands().at(-1)).toMatchObject({ kind: 'recipe', recipe: { recipe: { name: 'quick' } } })
      await call('chooseRecipe', { recipeId: null })
      for (const recipeId of ids) await call('removeRecipe', { recipeId })
    },
    'is refused for one that is not there': async () => {
      const { outcome, call } = await playedDesk()
      expect(await outcome('chooseRecipe', { recipeId: '../x' })).toMatchObject(rejected('no recipe is named ../x'))
      expect((await call('readSettings', {})).recipeId).toBeNull()
    },
  },

  removeRecipe: {
    'takes the chosen one from the bench too': async () => {
      const { call, commands } = await playedDesk()
      const { recipeId } = await call('saveRecipe', { recipe: recipe() })
      await call('chooseRecipe', { recipeId })
      expect(await call('removeRecipe', { recipeId })).toEqual([])
      expect(commands().at(-1)).toEqual({ kind: 'recipe', recipe: null })
      expect((await call('readSettings', {})).recipeId).toBeNull()
    },
    'of what is not there changes nothing': async () => {
      const { call } = await playedDesk()
      expect(await call('removeRecipe', { recipeId: '../../etc' })).toEqual([])
    },
  },

  listFirmware: {
    'gives sets and modules': async () => {
      const { call } = await playedDesk({ dataFolder: stock })
      const { sets, modules } = await call('listFirmware', {})
      expect(sets.map(({ platform, deviceOsVersion, missing }) => [platform, deviceOsVersion, missing]).sort()).toEqual(
        [
          ['boron', '4.0.2', []],
          ['p2', '5.6.0', []],
          ['photon', '2.3.1', []],
        ],
      )
      expect(modules).toHaveLength(demoFiles.length)
    },
  },

  importFiles: {
    'takes one file, tells how far it is, and the recipe is worked out anew': async () => {
      const { call, desk, commands } = await playedDesk()
      const progress: ImportProgress[] = []
      desk.watch('imports', (frame) => progress.push(frame))
      const contentBase64 = base64(demoFile('boron/4.0.2/user-part.bin'))
      const report = await call('importFiles', { files: [{ path: 'C:\\fakepath\\user-part.bin', contentBase64 }] })
      expect(report.refused).toEqual([])
      expect(report.imported[0]?.modules[0]).toMatchObject({ kind: 'user', platform: 'boron' })
      expect(progress.at(-1)).toEqual({ file: null, done: 1, total: 1 })
      expect(commands().at(-1)).toMatchObject({ kind: 'recipe' })
    },
    'takes a folder whole': async () => {
      const { call, folder } = await playedDesk()
      const files = demoFiles
        .filter(({ path }) => path.startsWith('boron/'))
        .map(({ path, bytes }) => ({ path, contentBase64: base64(bytes) }))
      const report = await call('importFiles', { files })
      expect(report.refused).toEqual([])
      expect(report.imported).toMatchObject([{ platform: 'boron', deviceOsVersion: '4.0.2', missing: [] }])
      expect(readdirSync(folder).filter((name) => name.startsWith('upload-'))).toEqual([])
    },
    'refuses a bad set, by name and reason, and takes nothing of it': async () => {
      const { call } = await playedDesk()
      const good = demoFile('boron/4.0.2/bootloader.bin')
      const bad = Uint8Array.from(demoFile('boron/4.0.2/system-part1.bin'))
      bad[9_000] = (bad[9_000] ?? 0) ^ 1
      const report = await call('importFiles', {
        files: [
          { path: 'set/bootloader.bin', contentBase64: base64(good) },
          { path: 'set/system-part1.bin', contentBase64: base64(bad) },
        ],
      })
      expect(report.imported).toEqual([])
      expect(report.refused.some(({ file }) => file.includes('system-part1.bin'))).toBe(true)
      expect((await call('listFirmware', {})).modules).toEqual([])
    },
    'refuses paths that lead out, clash, or are none': async () => {
      const { outcome, folder } = await playedDesk()
      const contentBase64 = base64(new Uint8Array(4))
      const clashes = [
        ['../out.bin', 'a.bin'],
        ['a/../../out.bin', 'a.bin'],
        ['.', 'a.bin'],
        ['a', 'a/b.bin'],
        ['a.bin', 'a.bin'],
        ['a.bin', `${'n'.repeat(400)}.bin`],
        ['a.bin', 'nul\0.bin'],
      ]
      for (const paths of clashes) {
        const files = paths.map((path) => ({ path, contentBase64 }))
        expect(await outcome('importFiles', { files }), paths.join()).toMatchObject(rejected(/./))
      }
      expect(readdirSync(folder).filter((name) => name.includes('out') || name.startsWith('upload-'))).toEqual([])
    },
    'takes an absolute path for a path inside': async () => {
      const { call } = await playedDesk()
      const contentBase64 = base64(new Uint8Array(4))
      const report = await call('importFiles', {
        files: [
          { path: '/tmp/x.bin', contentBase64 },
          { path: 'y.bin', contentBase64 },
        ],
      })
      expect(report.imported).toEqual([])
      expect(report.refused).toHaveLength(2)
    },
  },

  removeFirmware: {
    'takes the set out, and the recipe says so': async () => {
      const folder = mkdtempSync(join(stock, 'own-'))
      await stockedLibrary(folder, 'boron/')
      const { call, commands } = await playedDesk({ dataFolder: folder, recipe: recipe({ platforms: ['boron'] }) })
      expect(commands().find(({ kind }) => kind === 'recipe')).toMatchObject({ recipe: { targets: [{ fault: null }] } })
      const setId = (await call('listFirmware', {})).sets[0]?.setId ?? ''
      expect(await call('removeFirmware', { setId })).toBeNull()
      expect((await call('listFirmware', {})).sets).toEqual([])
      expect(commands().at(-1)).toMatchObject({ recipe: { targets: [{ fault: { code: 'FIRMWARE_MISSING' } }] } })
    },
    'is refused while a board is worked on, and for what is not there': async () => {
      const { outcome, says } = await assignedDesk()
      expect(await outcome('removeFirmware', { setId: 'x' })).toMatchObject(rejected('no firmware set is named x'))
      says({ kind: 'news', news: { kind: 'slots', slots: [workingSlot(1)] } })
      expect(await outcome('removeFirmware', { setId: 'x' })).toMatchObject(rejected(/slot 1 is working/))
    },
  },

  searchRecords: {
    'finds, filters and pages': async () => {
      const { call, outcome } = await withRecord('pass')
      const all = await call('searchRecords', { filter: {} })
      expect(all).toMatchObject({ total: 1, cursor: null, records: [{ deviceId: deviceId(3), outcome: 'pass' }] })
      expect((await call('searchRecords', { filter: { outcome: 'fail' } })).total).toBe(0)
      expect((await call('searchRecords', { filter: { text: deviceId(3) } })).total).toBe(1)
      expect(await outcome('searchRecords', { filter: {}, cursor: 'no cursor' })).toMatchObject(rejected(/./))
      expect(await outcome('searchRecords', { filter: {}, limit: 201 })).toMatchObject(rejected(/limit/))
    },
  },

  showRecord: {
    'gives it whole': async () => {
      const { call, recordId } = await withRecord('fail')
      expect(await call('showRecord', { recordId })).toMatchObject({
        recordId,
        closing: { outcome: 'fail', fault: { code: 'USB_GONE' } },
      })
    },
    'is refused for one that is not there': async () => {
      const { outcome } = await playedDesk()
      expect(await outcome('showRecord', { recordId: 'r-0' })).toMatchObject(rejected('no record is named r-0'))
    },
  },

  exportRecords: {
    'is delivered by the door, with the filter that was asked for': async () => {
      const asked: unknown[] = []
      const { call, outcome } = await playedDesk({
        deliverExport: async (format, filter) => {
          asked.push([format, filter.outcome])
          return { kind: 'download', url: '/x' }
        },
      })
      const filter = { outcome: 'pass' } as const
      expect(await call('exportRecords', { format: 'csv', filter })).toEqual({ kind: 'download', url: '/x' })
      expect(asked).toEqual([['csv', 'pass']])
      expect(await outcome('exportRecords', { format: 'pdf', filter })).toMatchObject(rejected(/format/))
    },
    'is the text of the ledger': async () => {
      const { desk, recordId } = await withRecord('pass')
      const filter = { text: '', outcome: null, job: null, platform: null, from: null, to: null }
      const text = async (format: 'csv' | 'jsonl') => {
        const chunks: string[] = []
        for await (const chunk of desk.exportText(format, filter)) chunks.push(chunk)
        return chunks.join('')
      }
      expect(JSON.parse(await text('jsonl'))).toMatchObject({ recordId })
      expect((await text('csv')).split('\r\n')[1]).toContain(recordId)
    },
  },

  verifyLedger: {
    'says that nothing was changed': async () => {
      const { call } = await withRecord('pass')
      expect(await call('verifyLedger', {})).toEqual({ ok: true, records: 1, problems: [] })
    },
  },

  examineStation: {
    'gives findings, each with what to do about it': async () => {
      const { call, folder } = await playedDesk()
      const findings = await call('examineStation', {})
      expect(findings.find(({ name }) => name === 'Data folder')).toMatchObject({ ok: true, detail: folder })
      expect(findings.every(({ ok, remedy }) => ok === (remedy === null))).toBe(true)
    },
  },
}

it('covers the contract', () => {
  expect(Object.keys(everyCall).sort()).toEqual([...callNames].sort())
})

describe.each(Object.entries(everyCall))('%s', (_, cases) => {
  it.each(Object.entries(cases))('%s', (_name, run) => run())
})

describe.each(callNames)('%s', (name) => {
  it('refuses what is no input of its own', async () => {
    const { outcome } = await playedDesk()
    for (const input of [null, 7, 'text', [], { surprise: true }]) {
      expect(await outcome(name, input)).toMatchObject(rejected(new RegExp(`^${name}: `)))
    }
  })
})

it.each(['toString', '__proto__', 'constructor', '', 'close'])('there is no call named %j', async (name) => {
  const { outcome } = await playedDesk()
  expect(await outcome(name, {})).toMatchObject(rejected(/^no call is named /))
})

it('a slot that is ready is shown as such', async () => {
  const { says, slots } = await playedDesk()
  says({ kind: 'news', news: { kind: 'slots', slots: [readySlot(1)] } })
  expect(slots()[0]).toMatchObject({ state: 'ready', board: { deviceId: deviceId(1) } })
})
