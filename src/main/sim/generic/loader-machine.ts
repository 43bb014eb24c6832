// What the loader of a plain DFU device remembers between requests, and what happens to it without any: work that ends,
// a manifestation, power that is lost. The requests themselves are in plain-dfu.ts.
import { state, status } from '../dfu/dfu-words.ts'
import type { ShownMode } from './device-inside.ts'
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
  /** Starts anew; here again when the program is not whole. */
  restart(into: ShownMode): void
  /** Once, after a while, unless the device starts anew before. */
  later(delayMs: number, act: () => void): void
}

export interface LoaderOptions {
  readonly profile: PlainProfile
  /** Of its interface, by alternate setting. */
  readonly memories: readonly DeviceMemory[]
  readonly interfaceNumber: number
  readonly host: LoaderHost
  /** Not OK: the program is not whole, and the loader begins in dfuERROR with this. */
  readonly startStatus: number
  /** What outlives a bus reset: how many of them are still wanted before the new program starts. */
  readonly owed: { resets: number }
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
  /** The work goes on only as the host asks: so many more times. */
  questionsLeft: number
  /** When the host last asked during a manifestation. */
  askedAtMs: number
  /** Manifestation is done and was good. */
  isManifested: boolean
  /** End of what was received of this download. */
  receivedBytes: number
  /** End of what was sent of this upload. */
  sentBytes: number
  /** How often the 16 bits of the block number were used up in this transfer, and the last number. */
  wraps: number
  lastBlock: number
  /** Bytes went one way or the other since it started. */
  hasTransferred: boolean
  /** bRequest before this one; null at first, and after SET_INTERFACE. */
  lastRequest: number | null
}

/** From the end of a manifestation until a device that starts by itself is off the bus. Model. */
const selfResetMs = 500
/** The same where a bus reset meanwhile does harm. Model. */
const ownResetMs = 3000
const downloadStates: readonly number[] = [state.dnloadSync, state.dnbusy, state.dnloadIdle]

export function createLoaderMachine(options: LoaderOptions): LoaderMachine {
  return {
    ...options,
    state: options.startStatus === status.ok ? state.idle : state.error,
    status: options.startStatus,
    ...{ alternate: 0, block: null, work: null, busyUntilMs: 0, questionsLeft: 0 },
    ...{ askedAtMs: Number.NEGATIVE_INFINITY, isManifested: false, receivedBytes: 0, sentBytes: 0 },
    ...{ wraps: 0, lastBlock: 0, hasTransferred: false, lastRequest: null },
  }
}

/** What the time since the last request has brought. */
export function settle(machine: LoaderMachine): void {
  if (machine.host.nowMs() < machine.busyUntilMs || machine.questionsLeft > 0) return
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
  if (holdsProgram(machine) && downloadStates.includes(machine.state)) machine.host.markProgram(statusCode)
}

/** Begins the manifestation; how long it takes, 0 when it is over at once. */
export function manifest(machine: LoaderMachine): number {
  const { manifestMs, attributes } = machine.profile
  machine.state = state.manifest
  machine.askedAtMs = machine.host.nowMs()
  if (manifestMs === 0 && attributes.isManifestationTolerant) {
    // Nothing to wait for: the state table leads from dfuMANIFEST-SYNC straight to dfuIDLE.
    endManifestation(machine)
    if (machine.isManifested) goTo(machine, state.idle)
    returnLater(machine, 0)
    return 0
  }
  returnLater(machine, manifestMs)
  return manifestMs
}

/** A device that starts by itself does so whether anybody asks or not. */
export function returnLater(machine: LoaderMachine, manifestMs: number): void {
  const { host, profile } = machine
  const { attributes, returnsByItself, oddities } = profile
  const isAlone = oddities.wayBack === 'alone'
  const returns = returnsByItself && (isAlone || !attributes.isManifestationTolerant)
  if (!returns || !isSound(machine)) return
  host.later(manifestMs + (isAlone ? ownResetMs : selfResetMs), () => {
    machine.questionsLeft = 0
    settle(machine)
    host.restart('normal')
  })
}

/** What a bus reset leads to. */
export function afterBusReset(machine: LoaderMachine): ShownMode {
  const { profile, owed, host } = machine
  const { wayBack, startsAfterTransfer } = profile.oddities
  const isInstalling = machine.isManifested || machine.state === state.manifest
  cutOff(machine, status.errUsbr)
  if (wayBack === 'detach' || (startsAfterTransfer && !machine.hasTransferred)) return 'dfu'
  if (wayBack === 'alone' && isInstalling) host.markProgram(status.errFirmware)
  if (wayBack !== 'second-bus-reset' || owed.resets === 0) return 'normal'
  owed.resets -= 1
  return 'dfu'
}

function endManifestation(machine: LoaderMachine): void {
  if (!isSound(machine)) {
    fail(machine, status.errFirmware)
    return
  }
  if (holdsProgram(machine)) machine.host.markProgram(status.ok)
  if (machine.profile.oddities.wayBack === 'second-bus-reset') machine.owed.resets = 1
  machine.isManifested = true
  machine.state = machine.profile.attributes.isManifestationTolerant ? state.manifestSync : state.manifestWaitReset
}

/** Whether the memory that the host has chosen is the one with the program. */
export function holdsProgram({ profile, interfaceNumber, alternate }: LoaderMachine): boolean {
  return interfaceNumber === 0 && alternate === profile.programAlternate
}

/** Whether what is written must have a header: the program, of a device that checks it. */
export function isChecked(machine: LoaderMachine): boolean {
  return machine.profile.checksImages && holdsProgram(machine)
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
  machine.questionsLeft = 0
  machine.state = state.error
  machine.status = statusCode
}
