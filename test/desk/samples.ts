// Boards and records as a USB process would tell them, and firmware and recipes as a person would bring them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openDataFolder } from '../../src/main/desk/data-folder.ts'
import { demoRecipe } from '../../src/main/desk/prepare-demo.ts'
import { recipeHash } from '../../src/main/desk/recipe-file.ts'
import { demoFirmware } from '../../src/main/sim/synthetic/demo-firmware.ts'
import { openLibrary } from '../../src/main/station/firmware/library.ts'
import type { FirmwareLibrary } from '../../src/main/station/firmware/library-model.ts'
import { emptySlot, nextSlot } from '../../src/main/station/slots/slot.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { known, type ParticleIdentity, unreadable } from '../../src/shared/model/identity.ts'
import {
  type DeviceId,
  type PortPath,
  parseDeviceId,
  parsePortPath,
  type RecordId,
} from '../../src/shared/model/ids.ts'
import type { Recipe } from '../../src/shared/model/recipe.ts'
import type { Outcome, RecordClosing, RecordOpening } from '../../src/shared/model/record.ts'
import type { SlotView } from '../../src/shared/model/slot.ts'

export function port(text: string): PortPath {
  const portPath = parsePortPath(text)
  if (!portPath) throw new Error(`${text} is no port path`)
  return portPath
}

export function deviceId(slot: number): DeviceId {
  const id = parseDeviceId(slot.toString(16).padStart(24, 'e'))
  if (!id) throw new Error(`no device ID for slot ${slot}`)
  return id
}

function boardIn(slot: number): ParticleIdentity {
  return {
    kind: 'particle',
    portPath: port(`1-${slot}`),
    mode: 'normal',
    platform: 'boron',
    deviceId: deviceId(slot),
    serialNumber: unreadable('not asked'),
    iccid: unreadable('not asked'),
    imei: unreadable('not asked'),
    deviceOsVersion: known('2.0.1'),
    modules: known([]),
    assets: unreadable('not asked'),
    ncpVersion: unreadable('not asked'),
    ncpModuleVersion: unreadable('not asked'),
    isListening: unreadable('not asked'),
    setupDone: unreadable('not asked'),
    answersRequests: known(true),
    isProtected: known(false),
  }
}

/** A slot whose board is identified and waits. */
export function readySlot(slot: number): SlotView {
  return nextSlot(nextSlot(emptySlot(slot, port(`1-${slot}`)), { kind: 'arrived' }), {
    kind: 'identified',
    board: boardIn(slot),
  })
}

/** A slot in mid-job; `recordId` once its record is open. */
export function workingSlot(slot: number, recordId: RecordId | null = null): SlotView {
  const working = nextSlot(readySlot(slot), { kind: 'started', recipeName: 'a recipe', job: 'flash' })
  return recordId ? nextSlot(working, { kind: 'recorded', recordId }) : working
}

export function openingIn(slot: number): RecordOpening {
  return {
    job: 'flash',
    slot,
    portPath: port(`1-${slot}`),
    platform: 'boron',
    deviceId: deviceId(slot),
    device: null,
    serialNumber: null,
    serialNumberReason: 'not asked',
    iccid: null,
    iccidReason: 'not asked',
    imei: null,
    imeiReason: 'not asked',
    deviceOsBefore: '2.0.1',
    deviceOsBeforeReason: null,
    recipeName: demoRecipe.name,
    recipeSha256: recipeHash(demoRecipe),
    isSimulated: true,
    startedAt: Date.UTC(2026, 0, 1),
    plan: ['Enter DFU'],
    modulesBefore: [
      { kind: 'system', index: 1, version: 2011, integrity: 'passed', dependenciesMet: 'failed', suffixSha256: null },
    ],
    modulesBeforeReason: null,
    operator: null,
    label: {},
    board: null,
    limits: null,
  }
}

export function closingOf(recordId: RecordId, outcome: Outcome): RecordClosing {
  return {
    ...{ recordId, outcome, endedAt: Date.UTC(2026, 0, 1, 0, 1), durationMs: 60_000 },
    fault: outcome === 'pass' ? null : { code: 'USB_GONE', detail: 'unplugged' },
    ...{ deviceOsAfter: null, deviceOsAfterReason: 'not asked', iccid: null, imei: null, serialNumber: null },
    ...{ steps: [], modules: [], images: [], deviceAfter: null, modulesAfter: [], modulesAfterReason: 'not asked' },
  }
}

export interface DemoFile {
  /** "boron/4.0.2/user-part.bin" */
  readonly path: string
  readonly bytes: Uint8Array
}

export const demoFiles: readonly DemoFile[] = demoFirmware()

export function demoFile(path: string): Uint8Array {
  const found = demoFiles.find((file) => file.path === path)
  if (!found) throw new Error(`the demo has no ${path}`)
  return found.bytes
}

/** Writes demo files whose path begins so into a folder; returns their paths there. */
export function layOutDemo(folder: string, start = ''): readonly string[] {
  return demoFiles
    .filter(({ path }) => path.startsWith(start))
    .map(({ path, bytes }) => {
      const file = join(folder, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, bytes)
      return file
    })
}

/** The library of a data folder with the demo firmware in it, or what of it begins so. */
export async function stockedLibrary(dataFolder: string, start = ''): Promise<FirmwareLibrary> {
  const source = join(dataFolder, 'source')
  layOutDemo(source, start)
  const library = await openLibrary(openDataFolder(dataFolder).library, { clock: systemClock })
  const { refused } = await library.importPaths([source])
  if (refused[0]) throw refused[0]
  return library
}

export function recipe(change: Partial<Recipe> = {}): Recipe {
  return { ...demoRecipe, ...change }
}
