// One simulated device that is no Particle board, from plug to unplug: it shows its program or its loader; which one
// follows from requests, bus resets and what is in its flash. What kind of device it is lies behind device-inside.ts.
import { createHash } from 'node:crypto'
import { assertNever } from '../../../shared/fault/fault.ts'
import { type AccountBook, type BoardAccount, createAccountBook } from '../account.ts'
import { createFaultScript } from '../fault-script.ts'
import { type BoardPort, createPower, type Power } from '../power.ts'
import { pauses } from '../timings.ts'
import { createVisit } from '../visit.ts'
import { type Contacts, countedFace, countedVisit, noContacts } from './contacts.ts'
import type { DeviceInside, InsideHost, SerialNumber, ShownMode } from './device-inside.ts'
import type { DeviceProfile } from './device-profile.ts'
import type { LoaderFace } from './loader-face.ts'
import { createOtherInside } from './other-inside.ts'
import { createPlainInside } from './plain-inside.ts'
import { createStInside } from './st-inside.ts'

export interface DfuDeviceSpec {
  /** What it is called in a bench. */
  readonly kind: string
  /** Null: it tells none. */
  readonly serialNumber: SerialNumber
  /** Nobody said which: the next of its kind has another. */
  readonly hasOwnSerial: boolean
  /** dfu: the button for the loader, or the pin for the ROM, is held at power-on. */
  readonly start: ShownMode
  readonly profile: DeviceProfile
}

/** normal: its own program runs. dark: powered, and not on the bus. */
export type DfuDeviceMode = ShownMode | 'dark' | 'booting' | 'unplugged'

export interface SimulatedDfuDevice {
  readonly kind: 'dfu-device'
  readonly spec: DfuDeviceSpec
  mode(): DfuDeviceMode
  account(): BoardAccount
  /** How often a host opened it, claimed an interface, reset it, chose an alternate setting, sent a class request. */
  contacts(): Contacts
  /** All bytes of the memory behind an alternate setting, read past USB. Throws a RangeError when there is none. */
  memory(alternate: number): Uint8Array
  /** How many memories it has, of all its interfaces. */
  readonly memoryCount: number
  /** What a hand does that holds the button for the loader and taps reset; nothing without power. */
  pressButton(): void
  /** Power on in this port. For the bus. */
  plug(port: BoardPort): void
  /** Power off. For the bus. */
  unplug(): void
}

interface Device {
  readonly spec: DfuDeviceSpec
  readonly inside: DeviceInside
  readonly account: AccountBook
  readonly contacts: Contacts
  mode: DfuDeviceMode
  power: Power | null
  loader: LoaderFace | null
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
  const inside = insideOf(spec, account)
  const device: Device = {
    ...{ spec, inside, account, contacts: noContacts() },
    ...{ mode: 'unplugged', power: null, loader: null },
  }
  return {
    kind: 'dfu-device',
    spec,
    mode: () => device.mode,
    account: () => account.snapshot(),
    contacts: () => ({ ...device.contacts }),
    memory: inside.memory,
    memoryCount: inside.memoryCount,
    pressButton: () => {
      if (device.power) start(device, device.power, 'dfu')
    },
    plug: (port) => {
      const power = createPower(port, account)
      device.power = power
      device.mode = 'booting'
      inside.powerOn()
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

function insideOf({ profile, serialNumber, start: into }: DfuDeviceSpec, account: AccountBook): DeviceInside {
  switch (profile.protocol) {
    case 'dfu':
      return createPlainInside({ profile, serialNumber, account })
    case 'dfuse':
      return createStInside({ profile, serialNumber, account, isRomForced: into === 'dfu' })
    case 'none':
      return createOtherInside({ profile, serialNumber })
    default:
      return assertNever(profile)
  }
}

/** A reset: into the loader when that is asked for, or where the device itself must go. */
function start(device: Device, power: Power, into: ShownMode): void {
  // A reset of a visit that is over: the device was unplugged meanwhile.
  if (device.power !== power) return
  const mode = device.inside.afterReset(into)
  power.cancelCountdown()
  power.hide()
  device.loader = null
  device.mode = mode === 'dark' ? 'dark' : 'booting'
  if (mode !== 'dark') power.after(startMs[mode], () => enumerate(device, power, mode))
}

function enumerate(device: Device, power: Power, mode: ShownMode): void {
  const host = hostOf(device, power)
  const loader = mode === 'dfu' ? device.inside.loader(host) : null
  const { descriptors, face } = loader ?? device.inside.program(host)
  device.mode = mode
  device.loader = loader?.face ?? null
  const { account } = device
  const counted = countedFace(face, device.contacts)
  const visit = createVisit({
    ...{ mode, descriptors, account, face: counted },
    timeline: power.timeline,
    script: createFaultScript([]),
  })
  power.show(countedVisit(visit, device.contacts))
}

function hostOf(device: Device, power: Power): InsideHost {
  const { timeline } = power
  return {
    nowMs: () => timeline.nowMs(),
    hostMs: (durationMs) => (timeline.speed === 0 ? 0 : Math.ceil(durationMs / timeline.speed)),
    ownMs: (hostMs) => (timeline.speed === 0 ? Number.POSITIVE_INFINITY : hostMs * timeline.speed),
    restart: (into) => start(device, power, into),
    later: (delayMs, act) => power.countDown(delayMs, act),
  }
}
