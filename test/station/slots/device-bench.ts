// A bench for tests with DFU devices, whatever is plugged in beside them, and recipes that name them. Time is virtual; every
// open() is noted, for most of what is on a bus must never be opened.
import { onTestFinished } from 'vitest'
import type { Ledger } from '../../../src/main/audit/ledger.ts'
import { parseBenchFile } from '../../../src/main/sim/bench-spec.ts'
import { createDfuDevice, type SimulatedDfuDevice } from '../../../src/main/sim/generic/dfu-device.ts'
import { withHeader } from '../../../src/main/sim/generic/image-header.ts'
import { createSimulatedBoard } from '../../../src/main/sim/simulated-board.ts'
import { createSimulatedBus, type SimulatedBus } from '../../../src/main/sim/simulated-bus.ts'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import { parseImage } from '../../../src/main/station/images/parse-image.ts'
import type { Clock, FirmwareShelf, RecordSink } from '../../../src/main/station/ports.ts'
import type { UsbBus, UsbDevice, UsbEvent } from '../../../src/main/station/usb/usb-port.ts'
import { usbIdText } from '../../../src/shared/model/dfu-identity.ts'
import type { DeviceTarget, ResolvedRecipe } from '../../../src/shared/model/firmware-view.ts'
import { type PortPath, parsePortPath, parseSha256, type Sha256 } from '../../../src/shared/model/ids.ts'
import { dfuRecipeSchema, particleRecipeSchema } from '../../../src/shared/model/recipe.ts'
import { keptLog } from '../../host/fake-host.ts'
import { openStation, type StationUnderTest } from '../../scenarios/station-under-test.ts'

export const port = (text: string): PortPath => {
  const parsed = parsePortPath(text)
  if (!parsed) throw new Error(`${text} is no port`)
  return parsed
}

const anySha256 = parseSha256('0'.repeat(64)) as Sha256

/** A DFU device as a line of a bench file words it. */
export function dfuDevice(entry: Readonly<Record<string, unknown>> = {}): SimulatedDfuDevice {
  const file = { format: 'dfu-station-bench', version: 1, boards: [{ platform: 'dfu', ...entry }] }
  const [placed] = parseBenchFile(JSON.stringify(file))
  if (placed?.kind !== 'dfu-device') throw new Error('that is no DFU device')
  return createDfuDevice(placed.spec)
}

export function particleBoard(platform: string) {
  const file = { format: 'dfu-station-bench', version: 1, boards: [{ platform }] }
  const [placed] = parseBenchFile(JSON.stringify(file))
  if (placed?.kind !== 'board') throw new Error('that is no board')
  return createSimulatedBoard(placed.spec)
}

/** A program for the default plain device, which shows this version. */
export function programOf(release: number, sizeBytes = 8 * 1024): Uint8Array {
  const payload = Uint8Array.from({ length: sizeBytes }, (_, at) => (at * 7 + release) % 251)
  return withHeader({ ids: { vendorId: 0x1209, productId: 0x0002 }, release }, payload)
}

interface Wish {
  readonly name?: string
  readonly match?: readonly string[]
  readonly bytes?: Uint8Array | null
  readonly [field: string]: unknown
}

/** What a recipe for such devices comes to; without `bytes` they are only identified. */
export function deviceRecipe(wishes: readonly Wish[], change: Readonly<Record<string, unknown>> = {}): DeviceRecipe {
  const files = new Map<string, Uint8Array>()
  const devices = wishes.map(({ bytes = null, ...wish }): DeviceTarget => {
    const image = bytes ? parseImage(bytes, { name: 'program.bin' }).image : null
    if (image && bytes) files.set(image.sha256, bytes)
    const worded = { name: 'Widget', match: ['1209:0001', '1209:0002'], ...wish }
    const named = { ...worded, image: image && { sha256: image.sha256 } }
    return { wish: dfuRecipeSchema.shape.devices.element.parse(named), image, fault: null }
  })
  const isIdentify = files.size === 0
  const recipe = dfuRecipeSchema.parse({
    ...{ format: 'dfu-station-recipe', version: 1, name: 'Widgets', job: isIdentify ? 'identify' : 'flash' },
    ...change,
    devices: devices.map(({ wish }) => wish),
  })
  return { files, resolved: { recipe, sha256: anySha256, targets: [], devices } }
}

export interface DeviceRecipe {
  readonly resolved: ResolvedRecipe
  readonly files: ReadonlyMap<string, Uint8Array>
}

export function particleRecipe(): ResolvedRecipe {
  const common = { format: 'dfu-station-recipe', version: 1, name: 'Borons', job: 'identify' }
  const recipe = particleRecipeSchema.parse({ ...common, platforms: ['boron'], deviceOs: 'keep', user: 'keep' })
  return { recipe, sha256: anySha256, targets: [], devices: [] }
}

export interface DeviceBench extends StationUnderTest {
  readonly bus: SimulatedBus
  readonly clock: Clock
  readonly log: readonly string[]
  /** Ids and ports of what was opened, in order: "1209:0002 on 1-1.1". */
  readonly opened: readonly string[]
  slot(number?: number): ReturnType<StationUnderTest['station']['slots']>[number]
  /** Something that is no simulated board comes, or goes. */
  plugOther(device: UsbDevice): void
  unplugOther(device: UsbDevice): void
}

export interface DeviceBenchOptions {
  readonly ports: readonly (PortPath | null)[]
  readonly recipe: DeviceRecipe | ResolvedRecipe | null
  readonly learnsPorts?: boolean
  readonly autoStart?: boolean
  /** Of recipes that come later. */
  readonly files?: ReadonlyMap<string, Uint8Array>
  readonly records?: (ledger: Ledger) => RecordSink
}

export function deviceBench(options: DeviceBenchOptions): DeviceBench {
  const { ports, recipe, learnsPorts = false, autoStart = true } = options
  const clock = createVirtualClock()
  const bus = createSimulatedBus({ clock, speed: 1 })
  const opened: string[] = []
  const { others, ...noted } = notedBus(bus, opened)
  const log = keptLog()
  const isWhole = recipe !== null && 'resolved' in recipe
  const files = new Map([...(options.files ?? []), ...(isWhole ? recipe.files : [])])
  const under = openStation({
    ...{ bus: noted.bus, clock, log, shelf: shelfOf(files), recipe: isWhole ? recipe.resolved : recipe, autoStart },
    ...{ isSimulated: true, assign: { ports, learnsPorts }, ledgerFile: ':memory:' },
    ...(options.records && { records: options.records }),
  })
  onTestFinished(async () => {
    await under.end()
    await bus[Symbol.asyncDispose]()
    under.ledger[Symbol.dispose]()
  })
  return {
    ...under,
    ...{ bus, clock, log: log.lines, opened, ...others },
    slot: (number = 1) => {
      const view = under.station.slots()[number - 1]
      if (!view) throw new Error(`there is no slot ${number}`)
      return view
    },
  }
}

function shelfOf(files: ReadonlyMap<string, Uint8Array>): FirmwareShelf {
  const unused = async (): Promise<never> => {
    throw new Error('no module of Particle is asked for')
  }
  return {
    bytesOf: unused,
    assetModuleOf: unused,
    imageOf: async (sha256) => files.get(sha256) ?? unused(),
  }
}

/** The same bus with other devices on it, and a note of everything that is opened. */
function notedBus(bus: SimulatedBus, opened: string[]) {
  const known = new WeakMap<UsbDevice, UsbDevice>()
  const noted = (device: UsbDevice): UsbDevice => {
    const before = known.get(device)
    if (before) return before
    const open: UsbDevice['open'] = (signal) => {
      opened.push(`${usbIdText(device)} on ${device.portPath}`)
      return device.open(signal)
    }
    const wrapped = { ...device, open }
    known.set(device, wrapped)
    return wrapped
  }
  const others = new Set<UsbDevice>()
  const listeners = new Set<(event: UsbEvent) => void>()
  const tell = (kind: UsbEvent['kind'], device: UsbDevice) => {
    for (const listener of [...listeners]) listener({ kind, device: noted(device) })
  }
  bus.watch(({ kind, device }) => tell(kind, device))
  const whole: UsbBus = {
    devices: () => [...bus.devices(), ...others].map(noted),
    watch: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  }
  return {
    bus: whole,
    others: {
      plugOther: (device: UsbDevice) => {
        others.add(device)
        tell('arrived', device)
      },
      unplugOther: (device: UsbDevice) => {
        others.delete(device)
        tell('left', device)
      },
    },
  }
}
