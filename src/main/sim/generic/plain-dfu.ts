// The loader of a plain DFU device: the state table of USB DFU 1.1, appendix A, with numbered blocks, poll times that
// mean what they say and a manifestation phase, each but for what the profile's oddities say. A class request that the
// table does not know stalls and leads to dfuERROR; so does one that comes before the time that the last GETSTATUS asked
// for is over, but in a manifestation.
import type { SimSetup } from '../board-parts.ts'
import { abortableStates } from '../dfu/dfu-face.ts'
import { request, state, status } from '../dfu/dfu-words.ts'
import { ackReply, dataAnswer, type FaceReply, stallReply } from '../face-reply.ts'
import { headerBytes, toldLengthBytes } from './image-header.ts'
import type { LoaderFace } from './loader-face.ts'
import {
  afterBusReset,
  createLoaderMachine,
  cutOff,
  fail,
  goTo,
  isChecked,
  type LoaderMachine,
  type LoaderOptions,
  memoryOf,
  settle,
} from './loader-machine.ts'
import { getStatus } from './plain-status.ts'

const classInterface = 0x21
/** From the answer to DFU_DETACH until a device that starts its program by it is off the bus. Model. */
const detachMs = 20

export function createPlainDfu(options: LoaderOptions): LoaderFace {
  const machine = createLoaderMachine(options)
  return {
    request: (setup, data) => {
      const isDfu = (setup.requestType & 0x7f) === classInterface && setup.index === machine.interfaceNumber
      if (!isDfu) return stallReply
      settle(machine)
      const reply = answer(machine, setup, data)
      machine.lastRequest = setup.request
      return reply
    },
    alternate: () => machine.alternate,
    selectAlternate: (alternate) => {
      if (alternate >= machine.memories.length) return false
      settle(machine)
      machine.alternate = alternate
      machine.lastRequest = null
      if (machine.state === state.dnloadIdle || machine.state === state.uploadIdle) goTo(machine, state.idle)
      return true
    },
    configured: () => {},
    busReset: () => machine.host.restart(afterBusReset(machine)),
    powerLost: () => cutOff(machine, status.errPor),
  }
}

function answer(machine: LoaderMachine, setup: SimSetup, data: Uint8Array): FaceReply {
  if (isEarly(machine, setup)) return stallReply
  switch (setup.request) {
    case request.dnload:
      return download(machine, setup, data)
    case request.upload:
      return upload(machine, setup)
    case request.getstatus:
      return getStatus(machine, setup) ?? unexpected(machine)
    case request.getstate:
      if (machine.state === state.dnbusy || machine.state === state.manifest) return unexpected(machine)
      return { answer: dataAnswer([machine.state], setup) }
    case request.clrstatus:
      return machine.state === state.error ? toIdle(machine) : unexpected(machine)
    case request.abort:
      return abortableStates.includes(machine.state) ? toIdle(machine) : unexpected(machine)
    case request.detach:
      return detach(machine)
    default:
      return unexpected(machine)
  }
}

/** It stalls while it works, and that is all. */
function isEarly({ state: now, profile }: LoaderMachine, setup: SimSetup): boolean {
  const { early } = profile.oddities
  return now === state.dnbusy && early !== 'error' && (early === 'stall' || setup.request !== request.getstatus)
}

function download(machine: LoaderMachine, setup: SimSetup, data: Uint8Array): FaceReply {
  const isFirst = machine.state === state.idle
  const isAllowed = machine.profile.attributes.canDownload && (isFirst || machine.state === state.dnloadIdle)
  if (!isAllowed || data.length > machine.profile.transferSizeBytes) return unexpected(machine)
  if (data.length === 0) return isFirst ? unexpected(machine) : endDownload(machine)
  if (isFirst) {
    memoryOf(machine).begin()
    beginTransfer(machine)
  }
  machine.hasTransferred = true
  countBlock(machine, setup.value)
  machine.block = { number: setup.value, data: data.slice() }
  machine.state = state.dnloadSync
  return ackReply
}

function beginTransfer(machine: LoaderMachine): void {
  machine.receivedBytes = 0
  machine.sentBytes = 0
  machine.wraps = 0
  machine.lastBlock = 0
}

/** Block numbers have 16 bits, and images have more blocks. */
function countBlock(machine: LoaderMachine, number: number): void {
  if (number === 0 && machine.lastBlock === 0xffff) machine.wraps += 1
  machine.lastBlock = number
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
  const { attributes, transferSizeBytes, oddities } = machine.profile
  const isFirst = machine.state === state.idle
  const isAllowed = attributes.canUpload && (isFirst || machine.state === state.uploadIdle)
  const isUpset = oddities.upload === 'not-after-status' && machine.lastRequest === request.getstatus
  if (!isAllowed || isUpset || setup.lengthBytes > transferSizeBytes) return unexpected(machine)
  if (isFirst) beginTransfer(machine)
  machine.hasTransferred = true
  countBlock(machine, setup.value)
  const address = uploadAddress(machine, setup.value)
  const bytes = memoryOf(machine).read(address, setup.lengthBytes)
  machine.sentBytes += bytes.length
  machine.state = bytes.length < setup.lengthBytes ? state.idle : state.uploadIdle
  return { answer: dataAnswer(oddities.upload === 'rubbish' ? bytes.map((byte) => byte ^ 0x5a) : bytes, setup) }
}

function uploadAddress(machine: LoaderMachine, block: number): number {
  if (machine.profile.oddities.blocksBy === 'order') return machine.sentBytes
  return (block + machine.wraps * 0x10000) * machine.profile.transferSizeBytes
}

function detach(machine: LoaderMachine): FaceReply {
  const { state: now, profile, host } = machine
  const isAtRest = now === state.idle || now === state.manifestWaitReset
  if (profile.oddities.wayBack !== 'detach' || !isAtRest) return unexpected(machine)
  host.later(detachMs, () => host.restart('normal'))
  return ackReply
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
