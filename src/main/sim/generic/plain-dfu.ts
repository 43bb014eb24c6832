// The loader of a plain DFU device: the state table of USB DFU 1.1, appendix A, with numbered blocks, poll times that
// mean what they say and a manifestation phase. A class request that the table does not know stalls and leads to
// dfuERROR; so does one that comes before the time that the last GETSTATUS asked for is over, but in a manifestation.
import type { SimSetup } from '../board-parts.ts'
import { abortableStates } from '../dfu/dfu-face.ts'
import { request, state, status } from '../dfu/dfu-words.ts'
import { ackReply, type DeviceFace, dataAnswer, type FaceReply, stallReply } from '../face-reply.ts'
import type { StandardHooks } from '../usb/standard-requests.ts'
import { dfuInterface } from './device-descriptors.ts'
import type { BlockWork, DeviceMemory } from './device-memory.ts'
import type { DeviceProfile } from './device-profile.ts'
import { holdsSoundImage, statusOfStart, toldLengthBytes } from './image-header.ts'

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
  readonly profile: DeviceProfile
  readonly memories: readonly DeviceMemory[]
  readonly host: LoaderHost
  /** Not OK: the program is not whole, and the loader begins in dfuERROR with this. */
  readonly startStatus: number
}

export interface PlainDfu extends DeviceFace, StandardHooks {
  /** The power ends: what is half done stays so. */
  powerLost(): void
}

interface Machine extends LoaderOptions {
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
const classInterface = 0x21
const downloadStates: readonly number[] = [state.dnloadSync, state.dnbusy, state.dnloadIdle]

export function createPlainDfu(options: LoaderOptions): PlainDfu {
  const machine: Machine = {
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
  return {
    request: (setup, data) => {
      const isDfu = (setup.requestType & 0x7f) === classInterface && setup.index === dfuInterface.dfu
      if (!isDfu) return stallReply
      settle(machine)
      return answer(machine, setup, data)
    },
    alternate: () => machine.alternate,
    selectAlternate: (alternate) => {
      if (alternate >= machine.memories.length) return false
      settle(machine)
      machine.alternate = alternate
      if (machine.state === state.dnloadIdle || machine.state === state.uploadIdle) machine.state = state.idle
      return true
    },
    configured: () => {},
    busReset: () => {
      stop(machine, status.errUsbr)
      machine.host.restart()
    },
    powerLost: () => stop(machine, status.errPor),
  }
}

/** What the time since the last request has brought. */
function settle(machine: Machine): void {
  if (machine.host.nowMs() < machine.busyUntilMs) return
  if (machine.state === state.dnbusy) {
    machine.work?.apply()
    machine.work = null
    machine.state = state.dnloadSync
  }
  if (machine.state === state.manifest) endManifestation(machine)
}

/** A download that ends in its middle leaves a program that is not whole. */
function stop(machine: Machine, statusCode: number): void {
  settle(machine)
  machine.work?.interrupt()
  machine.work = null
  if (machine.alternate === 0 && downloadStates.includes(machine.state)) machine.host.markProgram(statusCode)
}

function answer(machine: Machine, setup: SimSetup, data: Uint8Array): FaceReply {
  switch (setup.request) {
    case request.dnload:
      return download(machine, setup, data)
    case request.upload:
      return upload(machine, setup)
    case request.getstatus:
      return getStatus(machine, setup)
    case request.clrstatus:
      return machine.state === state.error ? goTo(machine, state.idle) : unexpected(machine)
    case request.getstate:
      if (isBusy(machine)) return unexpected(machine)
      return { answer: dataAnswer([machine.state], setup) }
    case request.abort:
      return abortableStates.includes(machine.state) ? goTo(machine, state.idle) : unexpected(machine)
    default:
      return unexpected(machine)
  }
}

function isBusy({ state: now }: Machine): boolean {
  return now === state.dnbusy || now === state.manifest
}

function download(machine: Machine, setup: SimSetup, data: Uint8Array): FaceReply {
  const isFirst = machine.state === state.idle
  const isAllowed = machine.profile.attributes.canDownload && (isFirst || machine.state === state.dnloadIdle)
  if (!isAllowed || data.length > machine.profile.transferSizeBytes) return unexpected(machine)
  if (data.length === 0) return isFirst ? unexpected(machine) : endDownload(machine)
  if (isFirst) {
    memoryOf(machine).begin()
    machine.receivedBytes = 0
  }
  machine.block = { number: setup.value, data: data.slice() }
  machine.state = state.dnloadSync
  return ackReply
}

function endDownload(machine: Machine): FaceReply {
  const isShort = isChecked(machine) && machine.receivedBytes < toldLengthBytes(memoryOf(machine).read(0, 16))
  if (isShort) return fail(machine, status.errNotDone)
  machine.isManifested = false
  machine.state = state.manifestSync
  return ackReply
}

function upload(machine: Machine, setup: SimSetup): FaceReply {
  const { attributes, transferSizeBytes } = machine.profile
  const isAllowed = attributes.canUpload && (machine.state === state.idle || machine.state === state.uploadIdle)
  if (!isAllowed || setup.lengthBytes > transferSizeBytes) return unexpected(machine)
  const bytes = memoryOf(machine).read(setup.value * transferSizeBytes, setup.lengthBytes)
  machine.state = bytes.length < setup.lengthBytes ? state.idle : state.uploadIdle
  return { answer: dataAnswer(bytes, setup) }
}

function getStatus(machine: Machine, setup: SimSetup): FaceReply {
  if (isBusy(machine)) return unexpected(machine)
  const durationMs = advance(machine)
  const poll = machine.host.hostMs(durationMs)
  // A host that needs not wait finds the work done.
  machine.busyUntilMs = poll === 0 ? 0 : machine.host.nowMs() + durationMs
  const pollBytes = [poll & 0xff, (poll >> 8) & 0xff, poll >> 16]
  return { answer: dataAnswer([machine.status, ...pollBytes, machine.state, 0], setup) }
}

/** The step that a GETSTATUS starts, and how long it takes. */
function advance(machine: Machine): number {
  if (machine.state === state.dnloadSync) return takeUpBlock(machine)
  if (machine.state !== state.manifestSync) return 0
  if (machine.isManifested) {
    goTo(machine, state.idle)
    return 0
  }
  const { profile, host } = machine
  const { manifestMs, attributes, returnsByItself } = profile
  machine.state = state.manifest
  if (isSound(machine) && !attributes.isManifestationTolerant && returnsByItself) {
    host.later(manifestMs + selfResetMs, () => {
      settle(machine)
      host.restart()
    })
  }
  return manifestMs
}

function takeUpBlock(machine: Machine): number {
  const { block, profile } = machine
  machine.block = null
  if (!block) {
    machine.state = state.dnloadIdle
    return 0
  }
  const address = block.number * profile.transferSizeBytes
  const found = verdictOn(machine, block)
  const work = found === status.ok ? memoryOf(machine).write(address, block.data) : null
  if (!work) {
    fail(machine, found === status.ok ? status.errAddress : found)
    return 0
  }
  if (machine.alternate === 0) machine.host.markProgram(status.errFirmware)
  machine.work = work
  machine.receivedBytes = address + block.data.length
  machine.state = state.dnbusy
  return work.durationMs
}

function verdictOn(machine: Machine, block: NonNullable<Machine['block']>): number {
  const { refusal, ids } = machine.profile
  if (refusal?.block === block.number) return status[refusal.status]
  return isChecked(machine) && block.number === 0 ? statusOfStart(ids.dfu, block.data) : status.ok
}

function endManifestation(machine: Machine): void {
  if (!isSound(machine)) {
    fail(machine, status.errFirmware)
    return
  }
  if (machine.alternate === 0) machine.host.markProgram(status.ok)
  machine.isManifested = true
  machine.state = machine.profile.attributes.isManifestationTolerant ? state.manifestSync : state.manifestWaitReset
}

function isChecked({ profile, alternate }: Machine): boolean {
  return profile.checksImages && alternate === 0
}

function isSound(machine: Machine): boolean {
  const memory = memoryOf(machine)
  return !isChecked(machine) || holdsSoundImage(machine.profile.ids.dfu, memory.read(0, memory.sizeBytes))
}

function memoryOf(machine: Machine): DeviceMemory {
  return machine.memories[machine.alternate] as DeviceMemory
}

function goTo(machine: Machine, next: number): FaceReply {
  machine.state = next
  machine.status = status.ok
  machine.block = null
  return ackReply
}

/** A manifestation goes on whatever the host sends; everything else ends with it. */
function unexpected(machine: Machine): FaceReply {
  const isManifesting = machine.state === state.manifest || machine.state === state.manifestWaitReset
  return isManifesting ? stallReply : fail(machine, status.errStalledPkt)
}

function fail(machine: Machine, statusCode: number): FaceReply {
  machine.work?.interrupt()
  machine.work = null
  machine.block = null
  machine.busyUntilMs = 0
  machine.state = state.error
  machine.status = statusCode
  return stallReply
}
