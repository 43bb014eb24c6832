// One simulated device that is no Particle board: a program with a DFU runtime interface, and a loader behind it. From
// plug to unplug it shows one of the two; which one follows from requests, bus resets and whether its program is whole.
import { createHash } from 'node:crypto'
import { type AccountBook, type BoardAccount, createAccountBook } from '../account.ts'
import { status } from '../dfu/dfu-words.ts'
import { createFaultScript } from '../fault-script.ts'
import { type BoardPort, createPower, type Power } from '../power.ts'
import { noise } from '../synthetic/noise.ts'
import { pauses } from '../timings.ts'
import { createVisit } from '../visit.ts'
import { deviceDescriptors } from './device-descriptors.ts'
import { createDeviceMemory, type DeviceMemory } from './device-memory.ts'
import type { DeviceProfile } from './device-profile.ts'
import { headerBytes, toldRelease, withHeader } from './image-header.ts'
import { createPlainDfu, type PlainDfu } from './plain-dfu.ts'
import { createRuntimeDfu } from './runtime-dfu.ts'

export interface DfuDeviceSpec {
  readonly serialNumber: string
  /** dfu: the button for the loader was held at power-on. */
  readonly start: 'normal' | 'dfu'
  readonly profile: DeviceProfile
}

/** normal: its own program runs. */
export type DfuDeviceMode = 'normal' | 'dfu' | 'booting' | 'unplugged'

export interface SimulatedDfuDevice {
  readonly kind: 'dfu-device'
  readonly spec: DfuDeviceSpec
  mode(): DfuDeviceMode
  account(): BoardAccount
  /** All bytes of the memory behind an alternate setting, read past USB. Throws a RangeError when there is none. */
  memory(alternate: number): Uint8Array
  /** Power on in this port. For the bus. */
  plug(port: BoardPort): void
  /** Power off. For the bus. */
  unplug(): void
}

interface Device {
  readonly spec: DfuDeviceSpec
  readonly memories: readonly DeviceMemory[]
  readonly account: AccountBook
  mode: DfuDeviceMode
  /** OK, or why its program cannot be started. */
  programStatus: number
  power: Power | null
  loader: PlainDfu | null
}

/** From a reset to enumeration. Model. */
const startMs = { normal: 400, dfu: 150 } as const

/** The serial number of the `index`-th device of a bench. */
export function dfuDeviceSerial(index: number): string {
  const digest = createHash('sha256').update(`dfu device ${index}`).digest('hex')
  return `DFU${digest.slice(0, 9).toUpperCase()}`
}

export function createDfuDevice(spec: DfuDeviceSpec): SimulatedDfuDevice {
  const account = createAccountBook()
  const memories = spec.profile.memories.map((memory, alternate) =>
    createDeviceMemory(memory, account, alternate === 0 ? factoryProgram(spec.profile) : new Uint8Array()),
  )
  const device: Device = {
    spec,
    memories,
    account,
    mode: 'unplugged',
    programStatus: status.ok,
    power: null,
    loader: null,
  }
  return {
    kind: 'dfu-device',
    spec,
    mode: () => device.mode,
    account: () => account.snapshot(),
    memory: (alternate) => {
      const memory = memories[alternate]
      if (!memory) throw new RangeError(`no alternate setting ${alternate}`)
      return memory.read(0, memory.sizeBytes)
    },
    plug: (port) => {
      const power = createPower(port, account)
      device.power = power
      device.mode = 'booting'
      power.after(pauses.powerOnMs, () => start(device, power, spec.start))
    },
    unplug: () => {
      device.loader?.powerLost()
      device.loader = null
      device.power?.cut()
      device.power = null
      device.mode = 'unplugged'
    },
  }
}

function factoryProgram({ productName, memories, ids, deviceRelease }: DeviceProfile): Uint8Array {
  const payload = noise(productName, memories[0].sizeBytes / 4 - headerBytes)
  return withHeader({ ids: ids.dfu, release: deviceRelease }, payload)
}

/** A reset: into the loader when that is asked for, or when there is no whole program to run. */
function start(device: Device, power: Power, into: 'normal' | 'dfu'): void {
  const mode = device.programStatus === status.ok ? into : 'dfu'
  power.cancelCountdown()
  power.hide()
  device.loader = null
  device.mode = 'booting'
  power.after(startMs[mode], () => enumerate(device, power, mode))
}

function enumerate(device: Device, power: Power, mode: 'normal' | 'dfu'): void {
  const { profile, serialNumber } = device.spec
  device.mode = mode
  const face = mode === 'dfu' ? loaderFace(device, power) : programFace(device, power)
  power.show(
    createVisit({
      mode,
      descriptors: deviceDescriptors({ mode, profile, serialNumber, release: releaseOf(device, mode) }),
      face,
      timeline: power.timeline,
      account: device.account,
      script: createFaultScript([]),
    }),
  )
}

/** A program shows its own release, a loader that of the device. */
function releaseOf({ spec, memories }: Device, mode: 'normal' | 'dfu'): number {
  const { ids, deviceRelease } = spec.profile
  if (mode === 'dfu') return deviceRelease
  return toldRelease(ids.dfu, memories[0]?.read(0, headerBytes) ?? new Uint8Array()) ?? deviceRelease
}

function programFace(device: Device, power: Power) {
  const { timeline } = power
  return createRuntimeDfu(device.spec.profile, {
    nowMs: () => timeline.nowMs(),
    ownMs: (hostMs) => (timeline.speed === 0 ? Number.POSITIVE_INFINITY : hostMs * timeline.speed),
    enterLoader: () => start(device, power, 'dfu'),
    enterLoaderAfter: (delayMs) => power.countDown(delayMs, () => start(device, power, 'dfu')),
  })
}

function loaderFace(device: Device, power: Power): PlainDfu {
  const { timeline } = power
  const loader = createPlainDfu({
    profile: device.spec.profile,
    memories: device.memories,
    startStatus: device.programStatus,
    host: {
      nowMs: () => timeline.nowMs(),
      hostMs: (durationMs) => (timeline.speed === 0 ? 0 : Math.ceil(durationMs / timeline.speed)),
      markProgram: (statusCode) => {
        device.programStatus = statusCode
      },
      restart: () => start(device, power, 'normal'),
      later: (delayMs, act) => power.countDown(delayMs, act),
    },
  })
  device.loader = loader
  return loader
}
