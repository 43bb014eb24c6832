// The whole station as its doors have it: a desk with its ledger, and the USB process as a child of its own, which a
// scenario may kill. Everything in it runs by the real clock.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDesk } from '../../src/main/desk/create-desk.ts'
import { openDataFolder } from '../../src/main/desk/data-folder.ts'
import type { SimulationRun } from '../../src/main/desk/desk.ts'
import { forkNodeHost } from '../../src/main/host/fork-node.ts'
import { openLibrary } from '../../src/main/station/firmware/library.ts'
import type { Log } from '../../src/main/station/ports.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { CallInput, CallName, CallOutput } from '../../src/shared/contract/contract.ts'
import { unwrap } from '../../src/shared/contract/define-contract.ts'
import { serveCall } from '../../src/shared/contract/serve-call.ts'
import { type Recipe, recipeSchema } from '../../src/shared/model/recipe.ts'
import type { LedgerRecord } from '../../src/shared/model/record.ts'
import type { BenchFrame, SlotView } from '../../src/shared/model/slot.ts'
import { families, recipeFields, sourcePaths } from './real-sets.ts'

export interface HostedStation {
  slots(): readonly SlotView[]
  station(): BenchFrame['station']
  /** As they were closed. */
  records(): readonly LedgerRecord[]
  /** Looks again at every frame and every record. */
  until(pleases: () => boolean): Promise<void>
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>
  /** Ends the USB process as kill -9 does. */
  killUsb(): void
  /** Of all USB processes so far. */
  usbPids(): readonly number[]
  /** Ends it all; its folder stays until `remove`. */
  close(): Promise<void>
}

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet }
const patienceMs = 120_000

export interface HostedOptions {
  readonly slotCount: number
  /** null: real USB. */
  readonly simulation: SimulationRun | null
}

/** A station with the three real sets, which starts by itself. */
export async function openHostedStation({ slotCount, simulation }: HostedOptions): Promise<HostedStation> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'hosted-'))
  const library = await openLibrary(openDataFolder(dataFolder).library, { clock: systemClock })
  const { refused } = await library.importPaths(sourcePaths())
  assert.deepEqual(refused, [])
  const pids: number[] = []
  const desk = await createDesk({
    ...{ dataFolder, log: quiet, simulation, slotCount, autoStart: true, recipe: hostedRecipe() },
    // Not the lock of this computer: another test may hold that.
    usbLock: join(dataFolder, 'usb.lock'),
    deliverExport: async () => ({ kind: 'cancelled' }),
    forkHost: (environment) => {
      const host = forkNodeHost(environment)
      pids.push(host.pid ?? 0)
      return host
    },
  })
  const frames: BenchFrame[] = []
  const slots = new Map<number, SlotView>()
  const records: LedgerRecord[] = []
  const lookers = new Set<() => void>()
  const lookAgain = () => {
    for (const look of [...lookers]) look()
  }
  desk.watch('bench', (frame) => {
    frames.push(frame)
    if (frame.full) slots.clear()
    for (const view of frame.slots) slots.set(view.slot, view)
    lookAgain()
  })
  desk.onRecord((record) => {
    records.push(record)
    lookAgain()
  })
  const inOrder = () => [...slots.values()].sort((a, b) => a.slot - b.slot)
  return {
    slots: inOrder,
    station: () => (frames.at(-1) as BenchFrame).station,
    records: () => records,
    until: (pleases) =>
      looking(lookers, pleases, () =>
        inOrder()
          .map(({ slot, state }) => `${slot} ${state}`)
          .join('; '),
      ),
    call: async <N extends CallName>(name: N, input: CallInput<N>) =>
      unwrap(await serveCall(desk.handlers, name, input)) as CallOutput<N>,
    killUsb: () => process.kill(pids.at(-1) ?? 0, 'SIGKILL'),
    usbPids: () => pids,
    close: async () => {
      await desk.close()
      rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

function hostedRecipe(): Recipe {
  const fixed = { format: 'dfu-station-recipe', version: 1, user: 'set', verify: 'read-back' }
  return recipeSchema.parse({ ...fixed, ...recipeFields, platforms: families })
}

function looking(lookers: Set<() => void>, pleases: () => boolean, inWords: () => string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const look = () => {
    if (pleases()) resolve()
  }
  const limit = setTimeout(() => reject(new Error(`never came: ${inWords()}`)), patienceMs)
  lookers.add(look)
  look()
  return promise.finally(() => {
    lookers.delete(look)
    clearTimeout(limit)
  })
}
