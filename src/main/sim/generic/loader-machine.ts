// What the loader of a plain DFU device remembers between requests, and what happens to it without any: work that ends,
// a manifestation, power that is lost. The requests themselves are in plain-dfu.ts.
import { state, status } from '../dfu/dfu-words.ts'
import type { BlockWork, DeviceMemory } from './device-memory.ts'
import type { PlainProfile } from './device-profile.ts'
import { holdsSoundImage } from './image-header.ts'

export interface LoaderHost {
  /** The device's time. */
  nowMs(): number
  /** How much of the host's time passes while the device works this long, rounded up. */
  hostMs(durationMs: number): number
  /** From now on the program in flash is whole (status OK), or is not, and why. */
  markProgram(statusCode: number): void
  /** Starts anew, as after a bus reset: with the program, or here again when that is not whole. */
  restart(): void
  /** Once, after a while, unless the device starts anew before. */
  later(delayMs: number, act: () => void): void
}

export interface LoaderOptions {
  readonly profile: PlainProfile
  readonly memories: readonly DeviceMemory[]
  readonly host: LoaderHost
  /** Not OK: the program is not whole, and the loader begins in dfuERROR with this. */
  readonly startStatus: number
}

export interface LoaderMachine extends LoaderOptions {
  state: number
  status: number
  alternate: number
  /** The last block, until a GETSTATUS takes it up. */
  block: { readonly number: number; readonly data: Uint8Array } | null
  /** Under way in dfuDNBUSY. */
  work: BlockWork | null
  /** End of dfuDNBUSY and of dfuMANIFEST. */
  busyUntilMs: number
  /** Manifestation is done and was good. */
  isManifested: boolean
  /** End of what was received of this download. */
  receivedBytes: number
}

/** From the end of a manifestation until a device that starts by itself is off the bus. Model. */
const selfResetMs = 500
const downloadStates: readonly number[] = [state.dnloadSync, state.dnbusy, state.dnloadIdle]

export function createLoaderMachine(options: LoaderOptions): LoaderMachine {
  return {
    ...options,
    state: options.startStatus === status.ok ? state.idle : state.error,
    status: options.startStatus,
    alternate: 0,
    block: null,
    work: null,
    busyUntilMs: 0,
    isManifested: false,
    receivedBytes: 0,
  }
}

/** What the time since the last request has brought. */
export function settle(machine: LoaderMachine): void {
  if (machine.host.nowMs() < machine.busyUntilMs) return
  if (machine.state === state.dnbusy) {
    machine.work?.apply()
    machine.work = null
    machine.state = state.dnloadSync
  }
  if (machine.state === state.manifest) endManifestation(machine)
}

/** A download that ends in its middle leaves a program that is not whole. */
export function cutOff(machine: LoaderMachine, statusCode: number): void {
  settle(machine)
  machine.work?.interrupt()
  machine.work = null
  if (machine.alternate === 0 && downloadStates.includes(machine.state)) machine.host.markProgram(statusCode)
}

/** Begins the manifestation; how long it takes, 0 when it is over at once. */
export function manifest(machine: LoaderMachine): number {
  const { profile, host } = machine
  const { manifestMs, attributes, returnsByItself } = profile
  machine.state = state.manifest
  if (manifestMs === 0 && attributes.isManifestationTolerant) {
    // Nothing to wait for: the state table leads from dfuMANIFEST-SYNC straight to dfuIDLE.
    endManifestation(machine)
    if (machine.isManifested) goTo(machine, state.idle)
    return 0
  }
  if (isSound(machine) && !attributes.isManifestationTolerant && returnsByItself) {
    host.later(manifestMs + selfResetMs, () => {
      settle(machine)
      host.restart()
    })
  }
  return manifestMs
}

function endManifestation(machine: LoaderMachine): void {
  if (!isSound(machine)) {
    fail(machine, status.errFirmware)
    return
  }
  if (machine.alternate === 0) machine.host.markProgram(status.ok)
  machine.isManifested = true
  machine.state = machine.profile.attributes.isManifestationTolerant ? state.manifestSync : state.manifestWaitReset
}

/** Whether what is written must have a header: the program, of a device that checks it. */
export function isChecked({ profile, alternate }: LoaderMachine): boolean {
  return profile.checksImages && alternate === 0
}

function isSound(machine: LoaderMachine): boolean {
  const memory = memoryOf(machine)
  return !isChecked(machine) || holdsSoundImage(machine.profile.ids.dfu, memory.read(0, memory.sizeBytes))
}

export function memoryOf(machine: LoaderMachine): DeviceMemory {
  return machine.memories[machine.alternate] as DeviceMemory
}

export function goTo(machine: LoaderMachine, next: number): void {
  machine.state = next
  machine.status = status.ok
  machine.block = null
}

/** To dfuERROR, whatever was under way. */
export function fail(machine: LoaderMachine, statusCode: number): void {
  machine.work?.interrupt()
  machine.work = null
  machine.block = null
  machine.busyUntilMs = 0
  machine.state = state.error
  machine.status = statusCode
}
