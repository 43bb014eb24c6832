// One simulated DFU device in a port, and jobs on it under a virtual clock: what the job tells, what it records, and what
// the device holds afterwards, read past USB.
import { onTestFinished } from 'vitest'
import { parseBenchFile } from '../../../src/main/sim/bench-spec.ts'
import { deviceKinds, plainKindNames, stKindNames } from '../../../src/main/sim/generic/device-kinds.ts'
import type { DeviceProfile, PlainProfile, StProfile } from '../../../src/main/sim/generic/device-profile.ts'
import { createDfuDevice, type SimulatedDfuDevice } from '../../../src/main/sim/generic/dfu-device.ts'
import { headerBytes } from '../../../src/main/sim/generic/image-header.ts'
import { createSimulatedBus, type SimulatedBus } from '../../../src/main/sim/simulated-bus.ts'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import { runDeviceJob } from '../../../src/main/station/device-jobs/run-device-job.ts'
import { identifyDevice } from '../../../src/main/station/devices/identify-device.ts'
import { stationQuirks } from '../../../src/main/station/devices/known-quirks.ts'
import type { QuirkBook } from '../../../src/main/station/devices/quirk-file.ts'
import { parseImage } from '../../../src/main/station/images/parse-image.ts'
import type { JobEvent } from '../../../src/main/station/jobs/job-event.ts'
import type { JobResult } from '../../../src/main/station/jobs/job-order.ts'
import type { Clock, FirmwareShelf, Log } from '../../../src/main/station/ports.ts'
import { type PortWatch, watchPort } from '../../../src/main/station/slots/port-watch.ts'
import type { UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import { usbIdText } from '../../../src/shared/model/dfu-identity.ts'
import type { DeviceTarget, ResolvedRecipe } from '../../../src/shared/model/firmware-view.ts'
import { asRecordId, type PortPath } from '../../../src/shared/model/ids.ts'
import { type DfuRecipe, dfuRecipeSchema } from '../../../src/shared/model/recipe.ts'
import type { RecordClosing, RecordOpening } from '../../../src/shared/model/record.ts'
import { imageFor as deviceImage } from '../../sim/generic/device-images.ts'
import { sha256Of } from './device-samples.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }

export interface BenchDevice {
  readonly platform?: string
  readonly start?: 'normal' | 'dfu'
  readonly serial?: string | null
  /** As a bench file words it. */
  readonly device?: object
}

/** A device as a bench file words it. */
export function makeDevice(wanted: BenchDevice = {}): SimulatedDfuDevice {
  const boards = [{ platform: 'dfu', ...wanted }]
  const [placed] = parseBenchFile(JSON.stringify({ format: 'dfu-station-bench', version: 1, boards }))
  if (placed?.kind !== 'dfu-device') throw new Error('no device on the bench')
  return createDfuDevice(placed.spec)
}

export interface JobBench {
  readonly clock: Clock
  readonly bus: SimulatedBus
  readonly port: PortWatch
  readonly portPath: PortPath
  /** The one that was plugged in first. */
  readonly device: SimulatedDfuDevice
  /** Bytes of the first memory, as the chip has them. */
  flash(length: number): Uint8Array
}

export function openJobBench(wanted: BenchDevice | SimulatedDfuDevice = {}): JobBench {
  const clock = createVirtualClock()
  const bus = createSimulatedBus({ clock, speed: 1 })
  const device = isMade(wanted) ? wanted : makeDevice(wanted)
  const portPath = '1-1.1' as PortPath
  const port = watchPort(portPath, () => undefined)
  bus.watch(({ kind, device: usb }) => (kind === 'arrived' ? port.arrived(usb) : port.left(usb)))
  bus.plug(portPath, device)
  onTestFinished(() => bus[Symbol.asyncDispose]())
  return { clock, bus, port, portPath, device, flash: (length) => device.memory(0).subarray(0, length) }
}

function isMade(wanted: BenchDevice | SimulatedDfuDevice): wanted is SimulatedDfuDevice {
  return 'spec' in wanted
}

export interface JobWish {
  readonly recipe?: Partial<Pick<DfuRecipe, 'job' | 'force'>>
  readonly device?: object
  readonly bytes: Uint8Array
  /** The name says the format. */
  readonly file?: string
  readonly quirks?: QuirkBook
  readonly signal?: AbortSignal
  /** Of a second file than the library gives. */
  readonly shelfBytes?: Uint8Array
  readonly onEvent?: (event: JobEvent) => void
  readonly onUsb?: (device: UsbDevice) => UsbDevice
  readonly recordFails?: 'open' | 'close'
}

export interface JobRun extends JobResult {
  readonly opening: RecordOpening
  readonly closing: RecordClosing
  readonly events: readonly JobEvent[]
  /** "Enter DFU: done". */
  readonly steps: readonly string[]
}

function recipeFor(wish: JobWish): ResolvedRecipe {
  const { image } = parseImage(wish.bytes, { name: wish.file ?? 'app.bin' })
  const recipe = dfuRecipeSchema.parse({
    ...{ format: 'dfu-station-recipe', version: 1, name: 'Gadgets', ...wish.recipe },
    devices: [{ name: 'Gadget', match: ['1209:0001', '1209:0002'], image: { sha256: image.sha256 }, ...wish.device }],
  })
  const devices = recipe.devices.map((each): DeviceTarget => ({ wish: each, image, fault: null }))
  return { recipe, sha256: sha256Of(recipe.name), targets: [], devices }
}

/** Identifies what is in the port, and runs the recipe on it. */
export async function runJobOn(bench: JobBench, wish: JobWish): Promise<JobRun> {
  const { clock, port } = bench
  const signal = wish.signal ?? new AbortController().signal
  const quirks = wish.quirks ?? stationQuirks(null)
  const found = await port.nextDevice(null, { timeoutMs: 60_000, clock, signal })
  if (!found) throw new Error('nothing in the port')
  const device = wish.onUsb?.(found) ?? found
  const board = await identifyDevice(device, { clock, signal, book: quirks })
  const events: JobEvent[] = []
  const records: { opening: RecordOpening | null; closing: RecordClosing | null } = { opening: null, closing: null }
  const shelf: FirmwareShelf = {
    bytesOf: () => Promise.reject(new Error('no modules here')),
    assetModuleOf: () => Promise.reject(new Error('no assets here')),
    imageOf: async () => wish.shelfBytes ?? wish.bytes,
  }
  const result = await runDeviceJob({
    ...{ slot: 1, board, device, port, recipe: recipeFor(wish), operator: null, isSimulated: true },
    ...{ clock, log: silent, shelf, quirks, signal },
    records: {
      open: async (opening) => {
        if (wish.recordFails === 'open') throw new Error('the disk is full')
        records.opening = opening
        return asRecordId('r1')
      },
      close: async (closing) => {
        if (wish.recordFails === 'close') throw new Error('the disk is full')
        records.closing = closing
      },
    },
    tell: (event) => {
      events.push(event)
      wish.onEvent?.(event)
    },
  })
  const { opening, closing } = records
  if (!opening || !closing) throw new Error('no record')
  const steps = closing.steps.map(({ name, result: how }) => `${name}: ${how}`)
  return { ...result, opening, closing, events, steps }
}

/** Bytes of no pattern, always the same for one seed. */
export function someBytes(lengthBytes: number, seed = 1): Uint8Array {
  let state = seed
  return Uint8Array.from({ length: lengthBytes }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}

const flashBase = 0x0800_0000

/** Kinds that a recipe can name: all but a mouse. */
export type ServedKind = (typeof servedKinds)[number]
export const servedKinds = [...plainKindNames, ...stKindNames] as const

function profileOf(kind: ServedKind): PlainProfile | StProfile {
  const { profile }: { readonly profile: DeviceProfile } = deviceKinds[kind]
  if (profile.protocol === 'none') throw new Error(`${kind} is no DFU device`)
  return profile
}

/** A program for devices of this kind that shows this version; at the start of the flash. */
export function imageFor(kind: ServedKind, release: number, sizeBytes = 20_000): Uint8Array {
  return Uint8Array.from(
    deviceImage(kind, { release, sizeBytes: headerBytes + sizeBytes, seed: `${kind} ${release}` }).bytes,
  )
}

/** What a recipe says of devices of this kind. */
export function wishFor(kind: ServedKind, change: object = {}): object {
  const { ids, protocol } = profileOf(kind)
  const match = [ids.normal, ids.dfu].map(usbIdText)
  return { match, ...(protocol === 'dfuse' && { address: flashBase }), ...change }
}
