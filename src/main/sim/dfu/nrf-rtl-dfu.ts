// The DFU machine of the nRF52840 and RTL872x bootloaders (equal in substance). An operation runs after the GETSTATUS
// that reported dfuDNBUSY has gone out, with bwPollTimeout 0, and holds endpoint 0 until it is done. A class request
// without a defined transition stalls, sets dfuERROR, and in the half second after a leave cancels the reset.
import type { SimSetup } from '../board-parts.ts'
import { acknowledged, ackReply, dataAnswer, type FaceReply, type FaceWork, stallReply } from '../face-reply.ts'
import { pauses } from '../timings.ts'
import {
  abortableStates,
  addressOfBlock,
  type DfuFace,
  type DfuHost,
  type DfuStart,
  readAddress,
  startStates,
} from './dfu-face.ts'
import type { DfuMemory, MemoryWork } from './dfu-memory.ts'
import { command, request, state, status, transferSizeBytes } from './dfu-words.ts'

interface NrfRtlOptions {
  readonly memories: readonly DfuMemory[]
  readonly host: DfuHost
  readonly start: DfuStart
  /** Reply to UPLOAD of block 0; grew with the bootloader. */
  readonly commands: readonly number[]
  /** String index that GETSTATUS names after a refusal by protection. */
  readonly errorStringIndex: number
}

interface Machine extends NrfRtlOptions {
  state: number
  status: number
  stringIndex: number
  pointer: number
  alternate: number
  /** The last DNLOAD, waiting for its GETSTATUS. */
  pending: { readonly block: number; readonly data: Uint8Array } | null
  into: 'boot' | 'safe'
}

const unreadable: readonly number[] = [state.dnbusy, state.manifest, state.manifestWaitReset]

export function createNrfRtlDfu(options: NrfRtlOptions): DfuFace {
  const [startState, startStatus] = startStates[options.start]
  const machine: Machine = {
    ...options,
    state: startState,
    status: startStatus,
    stringIndex: 0,
    pointer: 0,
    alternate: 0,
    pending: null,
    into: 'boot',
  }
  return {
    request: (setup, data) => answer(machine, setup, data),
    alternate: () => machine.alternate,
    selectAlternate: (alternate) => {
      if (alternate >= machine.memories.length) return false
      machine.alternate = alternate
      return true
    },
    configured: () => {
      if (machine.state === state.manifestWaitReset) machine.host.cancelReset()
      goTo(machine, state.idle)
      machine.pointer = 0
      machine.pending = null
    },
    fail: (code) => void fail(machine, code),
  }
}

function answer(machine: Machine, setup: SimSetup, data: Uint8Array): FaceReply {
  switch (setup.request) {
    case request.dnload:
      return download(machine, setup, data)
    case request.upload:
      return upload(machine, setup)
    case request.getstatus:
      return getStatus(machine, setup)
    case request.getstate:
      if (unreadable.includes(machine.state)) return fail(machine, status.errUnknown)
      return { answer: dataAnswer([machine.state], setup) }
    case request.clrstatus:
      return machine.state === state.error ? goTo(machine, state.idle) : fail(machine, status.errUnknown)
    case request.abort:
      return abort(machine)
    case request.detach:
      if (!abortableStates.includes(machine.state)) return fail(machine, status.errUnknown)
      machine.host.reattach()
      return goTo(machine, state.idle)
    default:
      return stallReply
  }
}

/** The last DNLOAD is forgotten, the address pointer is kept. */
function abort(machine: Machine): FaceReply {
  if (!abortableStates.includes(machine.state)) return fail(machine, status.errUnknown)
  machine.pending = null
  return goTo(machine, state.idle)
}

function download(machine: Machine, setup: SimSetup, data: Uint8Array): FaceReply {
  if (machine.state !== state.idle && machine.state !== state.dnloadIdle) return fail(machine, status.errUnknown)
  if (data.length === 0) {
    machine.state = state.manifestSync
    return ackReply
  }
  machine.pending = { block: setup.value, data: data.slice() }
  machine.state = state.dnloadSync
  return ackReply
}

function upload(machine: Machine, setup: SimSetup): FaceReply {
  if (machine.state !== state.idle && machine.state !== state.uploadIdle) return fail(machine, status.errUnknown)
  if (setup.value === 0) {
    machine.state = state.idle
    return { answer: dataAnswer(machine.commands, setup) }
  }
  if (setup.value === 1) return fail(machine, status.errUnknown)
  if (machine.host.protection() === 'protected') {
    refuse(machine)
    return { answer: dataAnswer([], setup) }
  }
  const address = addressOfBlock(machine.pointer, setup.value, transferSizeBytes)
  const bytes = memoryOf(machine).read(address, setup.lengthBytes)
  if (!bytes) return fail(machine, status.errUnknown)
  machine.state = state.uploadIdle
  return { answer: dataAnswer(bytes, setup) }
}

function getStatus(machine: Machine, setup: SimSetup): FaceReply {
  switch (machine.state) {
    case state.dnloadSync:
      return beginOperation(machine, setup)
    case state.manifestSync: {
      machine.state = state.manifest
      machine.status = status.ok
      const reply = report(machine, setup)
      machine.state = state.manifestWaitReset
      machine.host.resetAfter(pauses.leaveToResetMs, machine.into)
      return reply
    }
    case state.dnbusy:
    case state.manifestWaitReset:
      return fail(machine, status.errUnknown)
    default:
      return report(machine, setup)
  }
}

function beginOperation(machine: Machine, setup: SimSetup): FaceReply {
  const { pending } = machine
  machine.state = pending ? state.dnbusy : state.dnloadIdle
  if (pending && machine.host.protection() === 'protected' && !isAllowedProtected(pending)) refuse(machine)
  const reply = report(machine, setup)
  if (machine.state !== state.dnbusy || !pending) return reply
  return { ...reply, work: operation(machine, pending) }
}

type Pending = NonNullable<Machine['pending']>

function isAllowedProtected({ block, data }: Pending): boolean {
  return block === 0 && (data[0] === command.enterSafeMode || data[0] === command.clearOverride)
}

function operation(machine: Machine, pending: Pending): FaceWork {
  if (pending.block === 0) return commandWork(machine, pending.data)
  if (pending.block === 1) {
    return instantWork(() => {
      machine.pending = null
      fail(machine, status.errTarget)
    })
  }
  const address = addressOfBlock(machine.pointer, pending.block, transferSizeBytes)
  return memoryWork(machine, memoryOf(machine).write(address, pending.data))
}

function commandWork(machine: Machine, data: Uint8Array): FaceWork {
  const isParticle = data[0] === command.enterSafeMode || data[0] === command.clearOverride
  if (isParticle && !machine.commands.includes(data[0] ?? 0)) return failingWork(machine, status.errStalledPkt)
  switch (data[0]) {
    case command.setAddress:
      if (data.length !== 5) return failingWork(machine, status.errUnknown)
      return instantWork(() => {
        machine.pointer = readAddress(data)
        goTo(machine, state.dnloadIdle)
      })
    case command.erase:
      if (data.length === 1) return failingWork(machine, status.errTarget)
      if (data.length !== 5) return failingWork(machine, status.errUnknown)
      return memoryWork(machine, memoryOf(machine).erase(readAddress(data)))
    case command.enterSafeMode:
      return instantWork(() => {
        machine.into = 'safe'
        goTo(machine, state.manifestSync)
      })
    case command.clearOverride:
      return instantWork(() => {
        machine.host.clearOverride()
        goTo(machine, state.dnloadIdle)
      })
    case command.readUnprotect:
      return failingWork(machine, status.errUnknown)
    case command.getCommands:
      // The bootloader leaves the state at dfuDNBUSY here: the next request is an error.
      return instantWork(() => {})
    default:
      return failingWork(machine, status.errStalledPkt)
  }
}

function memoryWork(machine: Machine, work: MemoryWork | null): FaceWork {
  if (!work) return failingWork(machine, status.errUnknown)
  const finish = () => {
    work.apply()
    goTo(machine, state.dnloadIdle)
    return acknowledged
  }
  const { kind, durationMs, interrupt } = work
  return { kind, durationMs, when: 'after-reply', finish, interrupt }
}

/** A failure inside the callback sets endpoint 0 to stall when the reply is already out: only the state shows it. */
function failingWork(machine: Machine, code: number): FaceWork {
  return instantWork(() => fail(machine, code))
}

function instantWork(act: () => void): FaceWork {
  const finish = () => {
    act()
    return acknowledged
  }
  return { kind: 'other', durationMs: 0, when: 'after-reply', finish, interrupt: () => {} }
}

function memoryOf(machine: Machine): DfuMemory {
  return machine.memories[machine.alternate] as DfuMemory
}

function goTo(machine: Machine, next: number): FaceReply {
  machine.state = next
  machine.status = status.ok
  machine.stringIndex = 0
  return ackReply
}

function fail(machine: Machine, code: number): FaceReply {
  if (machine.state === state.manifestWaitReset) machine.host.cancelReset()
  machine.state = state.error
  machine.status = code
  machine.stringIndex = 0
  return stallReply
}

/** Protection refuses without a stall and names a text. */
function refuse(machine: Machine): void {
  machine.state = state.error
  machine.status = status.errVendor
  machine.stringIndex = machine.errorStringIndex
}

function report(machine: Machine, setup: SimSetup): FaceReply {
  return { answer: dataAnswer([machine.status, 0, 0, 0, machine.state, machine.stringIndex], setup) }
}
