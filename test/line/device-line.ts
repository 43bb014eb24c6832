// The whole line for DFU devices that are no Particle boards: a bench of simulated devices, the station, a ledger, and a
// real library that takes the images of the recipe in from files. What a device holds is read from its chip.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { parseRecipe } from '../../src/main/desk/recipe-file.ts'
import { resolveRecipe } from '../../src/main/desk/resolve-recipe.ts'
import { takeRecipe } from '../../src/main/desk/take-recipe.ts'
import { parseBenchFile } from '../../src/main/sim/bench-spec.ts'
import { type DeviceKindName, deviceKinds } from '../../src/main/sim/generic/device-kinds.ts'
import type { DeviceProfile } from '../../src/main/sim/generic/device-profile.ts'
import { createDfuDevice, type SimulatedDfuDevice } from '../../src/main/sim/generic/dfu-device.ts'
import { createSimulatedBus, type SimulatedBus } from '../../src/main/sim/simulated-bus.ts'
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'
import type { Clock, Log } from '../../src/main/station/ports.ts'
import { usbIdText } from '../../src/shared/model/dfu-identity.ts'
import { openStation, type StationUnderTest } from '../scenarios/station-under-test.ts'
import { imageFor } from '../sim/generic/device-images.ts'
import { temporaryLibrary } from '../station/firmware/temporary-library.ts'

/** As a line of a bench file. */
export interface DeviceEntry {
  readonly platform: DeviceKindName
  readonly count?: number
  readonly start?: 'normal' | 'dfu'
  readonly serial?: string
  readonly device?: object
}

export interface DeviceLine extends StationUnderTest {
  readonly bus: SimulatedBus
  readonly clock: Clock
  /** As they were put on the bench, slot 1 first. */
  readonly devices: readonly SimulatedDfuDevice[]
}

export interface DeviceLineOptions {
  readonly devices: readonly DeviceEntry[]
  /** Entries of `devices` of the recipe; files are those of `files`. */
  readonly recipe: readonly object[]
  readonly files: Readonly<Record<string, Uint8Array>>
  readonly job?: 'flash' | 'verify' | 'identify'
  readonly autoStart?: boolean
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }

export async function openDeviceLine(options: DeviceLineOptions): Promise<DeviceLine> {
  const clock = createVirtualClock()
  const bus = createSimulatedBus({ clock, speed: 1 })
  const bench = parseBenchFile(JSON.stringify({ format: 'dfu-station-bench', version: 1, boards: options.devices }))
  const devices = bench.flatMap((placed) => {
    if (placed.kind !== 'dfu-device') return []
    const device = createDfuDevice(placed.spec)
    bus.plug(placed.portPath, device)
    return [device]
  })
  const library = await temporaryLibrary()
  const under = openStation({
    ...{ bus, clock, shelf: library, recipe: await recipeOf(options, library), autoStart: options.autoStart ?? true },
    ...{ log: silent, isSimulated: true, ledgerFile: ':memory:' },
    assign: { ports: bench.map(({ portPath }) => portPath), learnsPorts: false },
  })
  onTestFinished(async () => {
    await under.end()
    await bus[Symbol.asyncDispose]()
    under.ledger[Symbol.dispose]()
  })
  return { ...under, bus, clock, devices }
}

type Library = Parameters<typeof takeRecipe>[2]

/** The way of every recipe file: its images go into the library, and it names them by hash from then on. */
async function recipeOf({ recipe: devices, files, job = 'flash' }: DeviceLineOptions, library: Library) {
  const folder = join(mkdtempSync(join(tmpdir(), 'device-line-')), 'recipes')
  mkdirSync(folder)
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
  const file = join(folder, 'recipe.json')
  const text = JSON.stringify({ format: 'dfu-station-recipe', version: 1, name: 'Gadgets', job, devices })
  return resolveRecipe(await takeRecipe(parseRecipe(text, file), file, library), library)
}

const stBase = 0x0800_0000

type DfuProfile = Exclude<DeviceProfile, { protocol: 'none' }>

function profileOf(kind: DeviceKindName): DfuProfile {
  const { profile } = deviceKinds[kind]
  if (profile.protocol === 'none') throw new Error(`${kind} has no loader`)
  return profile
}

/** A program for devices of this kind, which shows this version on USB. */
export function programFor(kind: DeviceKindName, release: number, sizeBytes = 20_000): Uint8Array {
  return Uint8Array.from(imageFor(kind, { release, sizeBytes, seed: kind }).bytes)
}

/** Of its program and of its loader; one where they have the same. */
export function idsOfKind(kind: DeviceKindName): readonly string[] {
  const { normal, dfu } = profileOf(kind).ids
  return [...new Set([normal, dfu].map(usbIdText))]
}

/** The entry of a recipe for devices of this kind: `file` is its image. */
export function entryFor(kind: DeviceKindName, file: string, change: object = {}): object {
  const address = profileOf(kind).protocol === 'dfuse' ? { address: stBase } : {}
  return { name: kind, match: idsOfKind(kind), image: { file }, loader: 'take', ...address, ...change }
}
