// The contract itself: every call has a schema that accepts what it should and refuses the rest, the desk answers every
// call and no other, and a frame survives the way to a screen.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDesk } from '../../src/main/desk/create-desk.ts'
import type { HostProcess } from '../../src/main/host/host-process.ts'
import type { Log } from '../../src/main/station/ports.ts'
import {
  type CallInput,
  type CallName,
  callNames,
  contract,
  feedNames,
  type Handlers,
} from '../../src/shared/contract/contract.ts'
import { isCallName, serveCall } from '../../src/shared/contract/serve-call.ts'
import { benchFrame } from './bench-frame.ts'

const filter = { text: 'e00fce68', outcome: 'fail', platform: 'boron', from: 0, to: null } as const
const recipe = {
  format: 'dfu-station-recipe',
  version: 1,
  name: 'Line 3',
  platforms: ['boron'],
  deviceOs: '4.0.2',
  user: 'set',
} satisfies CallInput<'saveRecipe'>['recipe']

/** One good input for each call: the type makes the list complete. */
const good: { readonly [N in CallName]: CallInput<N> } = {
  readSettings: {},
  setOperator: { name: 'Mei' },
  setAutoStart: { on: true },
  setSlotCount: { count: 32 },
  learnPort: { slot: null },
  forgetPort: { slot: 1 },
  setSimulation: { on: true, boards: 'boron:4', speed: 4 },
  startSlots: { slots: [1, 32] },
  abortSlots: { slots: [1] },
  listRecipes: {},
  saveRecipe: { recipe },
  chooseRecipe: { recipeId: null },
  removeRecipe: { recipeId: 'a' },
  listFirmware: {},
  importFiles: { files: [{ path: 'a.zip', contentBase64: 'AAAA' }] },
  removeFirmware: { setId: 'a' },
  listImages: {},
  importImages: { files: [{ path: 'a.dfu', contentBase64: 'AAAA' }] },
  removeImage: { sha256: 'ab'.repeat(32) },
  listVersions: {},
  fetchFirmware: { url: 'https://firmware.example/tinker.bin', sha256: 'ab'.repeat(32) },
  exportHex: { platform: 'boron', deviceOs: '4.0.2' },
  searchRecords: { filter },
  showRecord: { recordId: 'a' },
  exportRecords: { format: 'csv', filter },
  verifyLedger: {},
  listPacks: {},
  exportPack: { recipeId: 'a', name: 'Line 3', version: 4 },
  examinePack: { fileName: 'a.dfupack', contentBase64: 'AAAA' },
  importPack: { fileName: 'a.dfupack', contentBase64: 'AAAA' },
  choosePack: { packId: 'a', focus: true },
  removePack: { packId: 'a' },
  readKeys: {},
  trustKey: { name: 'Release desk', publicKey: 'ab'.repeat(32) },
  untrustKey: { fingerprint: 'a' },
  watchFolder: { path: null },
  lockToSignedPacks: { on: true },
  leaveFocus: { typed: '' },
  examineStation: {},
}

/** What no call may take. */
const bad: Partial<Record<CallName, readonly unknown[]>> = {
  setOperator: [{ name: 'x'.repeat(61) }, { name: 7 }],
  setSlotCount: [{ count: 0 }, { count: 33 }, { count: 1.5 }],
  learnPort: [{ slot: 33 }, {}],
  setSimulation: [
    { on: true, boards: '' },
    { on: true, speed: -1 },
    { on: true, speed: 1001 },
  ],
  startSlots: [{ slots: [] }, { slots: [0] }, { slots: Array.from({ length: 33 }, () => 1) }],
  saveRecipe: [{ recipe: { ...recipe, version: 2 } }, { recipe: { ...recipe, platforms: [] } }],
  importFiles: [{ files: [] }, { files: [{ path: '', contentBase64: '' }] }],
  importImages: [{ files: [] }, { files: [{ path: '', contentBase64: '' }] }],
  removeImage: [{ sha256: 'ab' }, {}],
  searchRecords: [{ filter, limit: 201 }, { filter: { ...filter, outcome: 'perhaps' } }, { filter: { text: 1 } }],
  exportRecords: [{ format: 'xml', filter }],
  exportPack: [
    { recipeId: 'a', name: '../up' },
    { recipeId: 'a', name: '' },
    { recipeId: 'a', version: 0 },
    { recipeId: 'a', version: 1.5 },
  ],
  trustKey: [
    { name: '', publicKey: 'ab'.repeat(32) },
    { name: 'a', publicKey: 'AB'.repeat(32) },
    { name: 'a', publicKey: 'ab' },
  ],
  watchFolder: [{ path: '' }, {}],
}

const nobody: Handlers = new Proxy({} as Handlers, { get: () => async () => null })

describe('the contract', () => {
  it.each(callNames)('%s takes what it should', async (name) => {
    expect(await serveCall(nobody, name, good[name])).toEqual({ ok: true, value: null })
  })

  it.each(callNames)('%s refuses what it does not know, and no input at all', async (name) => {
    const refused = { ok: false, fault: { code: 'CALL_REJECTED', detail: expect.stringContaining(name) } }
    for (const input of [undefined, null, 'x', [], { ...good[name], more: 1 }]) {
      expect(await serveCall(nobody, name, input)).toEqual(refused)
    }
  })

  it.each(Object.entries(bad))('%s refuses values out of bounds', async (name, inputs) => {
    for (const input of inputs) expect(await serveCall(nobody, name, input)).toMatchObject({ ok: false })
  })

  it('has schemas and no two names that differ by case alone', () => {
    for (const name of callNames) expect(contract.calls[name].input.safeParse).toBeTypeOf('function')
    const lower = [...callNames, ...feedNames].map((name) => name.toLowerCase())
    expect(new Set(lower).size).toBe(lower.length)
    expect(isCallName('toString')).toBe(false)
    expect(isCallName('__proto__')).toBe(false)
  })

  it('is answered whole by the desk, and nothing beyond it', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'dfu-station-contract-'))
    const desk = await createDesk({
      dataFolder,
      forkHost: silentHost,
      log: silentLog,
      simulation: null,
      deliverExport: async () => ({ kind: 'cancelled' }),
    })
    try {
      expect(Object.keys(desk.handlers).sort()).toEqual([...callNames].sort())
      for (const name of feedNames) desk.watch(name, () => undefined)()
      expect(await serveCall(desk.handlers, 'readSettings', {})).toMatchObject({
        ok: true,
        value: { learnsPorts: true },
      })
      const unknown = { ok: false, fault: { code: 'CALL_REJECTED' } }
      expect(await serveCall(desk.handlers, 'dropLedger', {})).toMatchObject(unknown)
    } finally {
      await desk.close()
      rmSync(dataFolder, { recursive: true, force: true })
    }
  })

  it('carries a frame of the bench through JSON unchanged, as both doors send it', () => {
    expect(JSON.parse(JSON.stringify(benchFrame))).toEqual(benchFrame)
    expect(structuredClone(benchFrame)).toEqual(benchFrame)
    // One slot is what a change costs: it must stay small.
    expect(JSON.stringify(benchFrame.slots[0]).length).toBeLessThan(8_000)
  })
})

/** A USB process that is there, hears everything and says nothing until it is told to end. */
function silentHost(): HostProcess {
  const exits: ((exit: { readonly code: number }) => void)[] = []
  const end = () => {
    for (const exit of exits.splice(0)) exit({ code: 0 })
  }
  return {
    pid: undefined,
    send: (message) => {
      if ((message as { readonly kind?: string }).kind === 'stop') end()
    },
    onMessage: () => undefined,
    onExit: (listener) => void exits.push(listener),
    kill: end,
  }
}

const quiet = () => undefined
const silentLog: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet, child: () => silentLog }
