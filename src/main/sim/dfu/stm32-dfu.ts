// The DFU machine of the Gen 2 bootloader (STM32F2). An operation runs inside the GETSTATUS that reports dfuDNBUSY,
// between its data and its status stage; a failure stalls that transfer and leaves no trace in the state. Requests in a
// wrong state stall and change nothing. Leave reports dfuDNLOAD-IDLE and cannot be called back.
import type { SimSetup } from '../board-parts.ts'
import {
  acknowledged,
  ackReply,
  dataAnswer,
  type FaceReply,
  type FaceWork,
  stalled,
  stallReply,
} from '../face-reply.ts'
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

interface Stm32Options {
  readonly memories: readonly DfuMemory[]
  readonly host: DfuHost
  readonly start: DfuStart
}

interface Machine extends Stm32Options {
  state: number
  status: number
  pollTimeoutMs: number
  pointer: number
  alternate: number
  pending: { readonly block: number; readonly data: Uint8Array } | null
}

/** Upload of block 1 sets a state that DFU does not have. */
const invalidState = 15
const commands = [command.getCommands, command.setAddress, command.erase]

export function createStm32Dfu(options: Stm32Options): DfuFace {
  const [startState, startStatus] = startStates[options.start]
  const machine: Machine = {
    ...options,
    state: startState,
    status: startStatus,
    pollTimeoutMs: 0,
    pointer: 0x08020000,
    alternate: 0,
    pending: null,
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
      goTo(machine, state.idle)
      machine.status = status.ok
    },
    fail: (code) => {
      goTo(machine, state.error)
      machine.status = code
    },
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
      return { answer: dataAnswer([machine.state], setup) }
    case request.clrstatus: {
      const isError = machine.state === state.error
      machine.status = isError ? status.ok : status.errUnknown
      return goTo(machine, isError ? state.idle : state.error)
    }
    case request.abort:
      if (!abortableStates.includes(machine.state)) return ackReply
      machine.status = status.ok
      return goTo(machine, state.idle)
    case request.detach:
      return detach(machine, setup)
    default:
      return stallReply
  }
}

/** It never detaches: it waits as many milliseconds as wValue says, in the middle of the transfer. */
function detach(machine: Machine, setup: SimSetup): FaceReply {
  if (abortableStates.includes(machine.state)) {
    machine.status = status.ok
    goTo(machine, state.idle)
  }
  return { answer: acknowledged, work: workInTransfer('other', setup.value, () => acknowledged) }
}

function download(machine: Machine, setup: SimSetup, data: Uint8Array): FaceReply {
  if (machine.state !== state.idle && machine.state !== state.dnloadIdle) return stallReply
  if (data.length > 0) machine.pending = { block: setup.value, data: data.slice() }
  machine.state = data.length > 0 ? state.dnloadSync : state.manifestSync
  return ackReply
}

function upload(machine: Machine, setup: SimSetup): FaceReply {
  if (setup.lengthBytes === 0) return goTo(machine, state.idle)
  if (machine.state !== state.idle && machine.state !== state.uploadIdle) {
    machine.pending = null
    return stallReply
  }
  machine.pollTimeoutMs = 0
  if (setup.value === 0) {
    machine.state = setup.lengthBytes > 3 ? state.idle : state.uploadIdle
    return { answer: dataAnswer(commands, setup) }
  }
  if (setup.value === 1) {
    machine.state = invalidState
    return stallReply
  }
  machine.state = state.uploadIdle
  const address = addressOfBlock(machine.pointer, setup.value, transferSizeBytes)
  const bytes = memoryOf(machine).read(address, setup.lengthBytes) ?? new Uint8Array(setup.lengthBytes)
  return { answer: dataAnswer(bytes, setup) }
}

function getStatus(machine: Machine, setup: SimSetup): FaceReply {
  if (machine.state === state.manifestSync) return leave(machine, setup)
  if (machine.state !== state.dnloadSync) return { answer: report(machine, setup) }
  if (!machine.pending) {
    machine.state = state.dnloadIdle
    return { answer: report(machine, setup) }
  }
  const { block, data } = machine.pending
  const isErase = block === 0 && data[0] === command.erase
  machine.pollTimeoutMs = memoryOf(machine).pollTimeoutMs[isErase ? 'erase' : 'other']
  const busy = report({ ...machine, state: state.dnbusy }, setup)
  // What is stored is dfuDNLOAD-SYNC again, whatever becomes of the operation; only the transfer itself can tell.
  machine.pending = null
  return { answer: busy, work: operation(machine, { block, data, busy }) }
}

/** Reports dfuDNLOAD-IDLE on purpose (older hosts wait for it); nothing stops the reset any more. */
function leave(machine: Machine, setup: SimSetup): FaceReply {
  machine.state = state.manifestWaitReset
  machine.host.resetAfter(pauses.leaveToResetMs, 'boot')
  return { answer: report({ ...machine, state: state.dnloadIdle, pollTimeoutMs: 0 }, setup) }
}

interface Operation {
  readonly block: number
  readonly data: Uint8Array
  readonly busy: FaceReply['answer']
}

function operation(machine: Machine, { block, data, busy }: Operation): FaceWork {
  const memory = memoryOf(machine)
  if (block > 1) {
    return memoryWork(memory.write(addressOfBlock(machine.pointer, block, transferSizeBytes), data), busy)
  }
  const isAddressed = data.length === 5
  if (block === 0 && isAddressed && data[0] === command.setAddress) {
    machine.pointer = readAddress(data)
    return workInTransfer('other', 0, () => busy)
  }
  if (block === 0 && isAddressed && data[0] === command.erase) {
    machine.pointer = readAddress(data)
    return memoryWork(memory.erase(machine.pointer), busy)
  }
  const isHarmless = block === 1 || (data.length === 1 && data[0] === command.getCommands)
  return workInTransfer('other', 0, () => (isHarmless ? busy : stalled))
}

function memoryWork(work: MemoryWork | null, busy: FaceReply['answer']): FaceWork {
  if (!work) return workInTransfer('other', 0, () => stalled)
  const finish = () => {
    work.apply()
    return work.holds ? busy : stalled
  }
  return { ...workInTransfer(work.kind, work.durationMs, finish), interrupt: work.interrupt }
}

function workInTransfer(kind: FaceWork['kind'], durationMs: number, finish: FaceWork['finish']): FaceWork {
  return { kind, durationMs, when: 'in-transfer', finish, interrupt: () => {} }
}

function memoryOf(machine: Machine): DfuMemory {
  return machine.memories[machine.alternate] as DfuMemory
}

function goTo(machine: Machine, next: number): FaceReply {
  machine.state = next
  machine.pollTimeoutMs = 0
  machine.pending = null
  return ackReply
}

function report(machine: Machine, setup: SimSetup): FaceReply['answer'] {
  const { pollTimeoutMs: poll } = machine
  return dataAnswer([machine.status, poll & 0xff, (poll >> 8) & 0xff, poll >> 16, machine.state, 0], setup)
}
