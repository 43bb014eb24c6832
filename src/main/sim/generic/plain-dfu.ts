// The loader of a plain DFU device: the state table of USB DFU 1.1, appendix A, with numbered blocks, poll times that
// mean what they say and a manifestation phase. A class request that the table does not know stalls and leads to
// dfuERROR; so does one that comes before the time that the last GETSTATUS asked for is over, but in a manifestation.
import type { SimSetup } from '../board-parts.ts'
import { abortableStates } from '../dfu/dfu-face.ts'
import { request, state, status } from '../dfu/dfu-words.ts'
import { ackReply, dataAnswer, type FaceReply, stallReply } from '../face-reply.ts'
import { dfuInterface } from './device-descriptors.ts'
import { headerBytes, statusOfStart, toldLengthBytes } from './image-header.ts'
import type { LoaderFace } from './loader-face.ts'
import {
  createLoaderMachine,
  cutOff,
  fail,
  goTo,
  isChecked,
  type LoaderMachine,
  type LoaderOptions,
  manifest,
  memoryOf,
  settle,
} from './loader-machine.ts'

const classInterface = 0x21

export function createPlainDfu(options: LoaderOptions): LoaderFace {
  const machine = createLoaderMachine(options)
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
      if (machine.state === state.dnloadIdle || machine.state === state.uploadIdle) goTo(machine, state.idle)
      return true
    },
    configured: () => {},
    busReset: () => {
      cutOff(machine, status.errUsbr)
      machine.host.restart()
    },
    powerLost: () => cutOff(machine, status.errPor),
  }
}

function answer(machine: LoaderMachine, setup: SimSetup, data: Uint8Array): FaceReply {
  switch (setup.request) {
    case request.dnload:
      return download(machine, setup, data)
    case request.upload:
      return upload(machine, setup)
    case request.getstatus:
      return getStatus(machine, setup)
    case request.getstate:
      if (machine.state === state.dnbusy || machine.state === state.manifest) return unexpected(machine)
      return { answer: dataAnswer([machine.state], setup) }
    case request.clrstatus:
      return machine.state === state.error ? toIdle(machine) : unexpected(machine)
    case request.abort:
      return abortableStates.includes(machine.state) ? toIdle(machine) : unexpected(machine)
    default:
      return unexpected(machine)
  }
}

function download(machine: LoaderMachine, setup: SimSetup, data: Uint8Array): FaceReply {
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

function endDownload(machine: LoaderMachine): FaceReply {
  const isShort = isChecked(machine) && machine.receivedBytes < toldLengthBytes(memoryOf(machine).read(0, headerBytes))
  if (isShort) {
    fail(machine, status.errNotDone)
    return stallReply
  }
  machine.isManifested = false
  machine.state = state.manifestSync
  return ackReply
}

function upload(machine: LoaderMachine, setup: SimSetup): FaceReply {
  const { attributes, transferSizeBytes } = machine.profile
  const isAllowed = attributes.canUpload && (machine.state === state.idle || machine.state === state.uploadIdle)
  if (!isAllowed || setup.lengthBytes > transferSizeBytes) return unexpected(machine)
  const bytes = memoryOf(machine).read(setup.value * transferSizeBytes, setup.lengthBytes)
  machine.state = bytes.length < setup.lengthBytes ? state.idle : state.uploadIdle
  return { answer: dataAnswer(bytes, setup) }
}

function getStatus(machine: LoaderMachine, setup: SimSetup): FaceReply {
  if (machine.state === state.dnbusy) return unexpected(machine)
  // Hosts ask during a manifestation, and devices answer, though the table has no line for it.
  const durationMs = machine.state === state.manifest ? machine.busyUntilMs - machine.host.nowMs() : advance(machine)
  const poll = machine.host.hostMs(durationMs)
  // A host that needs not wait finds the work done.
  machine.busyUntilMs = poll === 0 ? 0 : machine.host.nowMs() + durationMs
  const pollBytes = [poll & 0xff, (poll >> 8) & 0xff, poll >> 16]
  return { answer: dataAnswer([machine.status, ...pollBytes, machine.state, 0], setup) }
}

/** The step that a GETSTATUS starts, and how long it takes. */
function advance(machine: LoaderMachine): number {
  if (machine.state === state.dnloadSync) return takeUpBlock(machine)
  if (machine.state !== state.manifestSync) return 0
  if (!machine.isManifested) return manifest(machine)
  goTo(machine, state.idle)
  return 0
}

function takeUpBlock(machine: LoaderMachine): number {
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

function verdictOn(machine: LoaderMachine, block: NonNullable<LoaderMachine['block']>): number {
  const { refusal, ids } = machine.profile
  if (refusal?.block === block.number) return status[refusal.status]
  return isChecked(machine) && block.number === 0 ? statusOfStart(ids.dfu, block.data) : status.ok
}

function toIdle(machine: LoaderMachine): FaceReply {
  goTo(machine, state.idle)
  return ackReply
}

/** A manifestation goes on whatever the host sends; everything else ends with it. */
function unexpected(machine: LoaderMachine): FaceReply {
  const isManifesting = machine.state === state.manifest || machine.state === state.manifestWaitReset
  if (!isManifesting) fail(machine, status.errStalledPkt)
  return stallReply
}
