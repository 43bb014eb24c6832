// The USB loader in the ROM of an STM32 (DfuSe 1.1a): commands are downloads of block 0, data are blocks from 2 at the
// address pointer. A command is carried out after the first GETSTATUS, which tells how long that takes; the processor
// answers nothing while its flash works, and the second GETSTATUS tells how it went.
import type { SimSetup } from '../board-parts.ts'
import { abortableStates, addressOfBlock, readAddress } from '../dfu/dfu-face.ts'
import { command, request, state, status } from '../dfu/dfu-words.ts'
import { acknowledged, ackReply, dataAnswer, type FaceReply, type FaceWork, stallReply } from '../face-reply.ts'
import type { LoaderFace } from './loader-face.ts'
import type { StChip } from './st-chips.ts'
import type { StMemory } from './st-memory.ts'

export const stTransferBytes = 2048

export interface StRomHost {
  /** How much of the host's time passes while the chip works this long, rounded up. */
  hostMs(durationMs: number): number
  /** Jumps to the program at this address, a moment later. */
  leave(address: number): void
  /** A reset of the chip after a while, which nothing but a loss of power prevents; `act` comes just before it. */
  resetAfter(delayMs: number, act: () => void): void
}

export interface StRomOptions {
  readonly chip: StChip
  readonly memory: StMemory
  readonly host: StRomHost
  /** How many alternate settings there are. */
  readonly alternates: number
}

interface Machine extends StRomOptions {
  state: number
  status: number
  alternate: number
  pointer: number
  /** What a GETSTATUS will carry out. */
  pending: { readonly block: number; readonly data: Uint8Array } | null
}

/** One thing that the ROM was told to do: what it tells of its time, what it takes, what it does. */
interface Task {
  readonly kind: FaceWork['kind']
  readonly durationMs: number
  readonly toldMs?: number
  /** The status that the next GETSTATUS gives. */
  act(): number
  interrupt?(): void
}

/** From a write of option bytes to the reset that loads them. Model. */
const optionResetMs = 10
const classInterface = 0x21
const commands = [command.getCommands, command.setAddress, command.erase, command.readUnprotect]

export function createStRom(options: StRomOptions): LoaderFace {
  const machine: Machine = {
    ...options,
    state: state.idle,
    status: status.ok,
    alternate: 0,
    pointer: options.chip.flashBase,
    pending: null,
  }
  return {
    request: (setup, data) => {
      const isDfu = (setup.requestType & 0x7f) === classInterface && setup.index === 0
      return isDfu ? answer(machine, setup, data) : stallReply
    },
    alternate: () => machine.alternate,
    selectAlternate: (alternate) => {
      if (alternate >= machine.alternates) return false
      machine.alternate = alternate
      return true
    },
    configured: () => restart(machine),
    busReset: () => restart(machine),
    powerLost: () => {},
  }
}

function restart(machine: Machine): void {
  goTo(machine, state.idle)
  machine.alternate = 0
  machine.pointer = machine.chip.flashBase
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
    case request.clrstatus:
      return machine.state === state.error ? toIdle(machine) : refuse(machine, status.errStalledPkt)
    case request.abort:
      return abortableStates.includes(machine.state) ? toIdle(machine) : refuse(machine, status.errStalledPkt)
    default:
      return refuse(machine, status.errStalledPkt)
  }
}

function download(machine: Machine, setup: SimSetup, data: Uint8Array): FaceReply {
  const isAllowed = machine.state === state.idle || machine.state === state.dnloadIdle
  if (!isAllowed || data.length > stTransferBytes) return refuse(machine, status.errStalledPkt)
  if (data.length === 0) {
    machine.state = state.manifestSync
    return ackReply
  }
  if (setup.value === 1) return refuse(machine, status.errStalledPkt)
  machine.pending = { block: setup.value, data: data.slice() }
  machine.state = state.dnloadSync
  return ackReply
}

function upload(machine: Machine, setup: SimSetup): FaceReply {
  const isAllowed = machine.state === state.idle || machine.state === state.uploadIdle
  if (!isAllowed || setup.lengthBytes > stTransferBytes || setup.value === 1) {
    return refuse(machine, status.errStalledPkt)
  }
  if (setup.value === 0) return given(machine, setup, Uint8Array.from(commands))
  if (machine.memory.protection() !== 'none') return refuse(machine, status.errVendor)
  const address = addressOfBlock(machine.pointer, setup.value, stTransferBytes)
  const bytes = machine.memory.read(address, setup.lengthBytes)
  return bytes ? given(machine, setup, bytes) : refuse(machine, status.errTarget)
}

function given(machine: Machine, setup: SimSetup, bytes: Uint8Array): FaceReply {
  machine.state = bytes.length < setup.lengthBytes ? state.idle : state.uploadIdle
  return { answer: dataAnswer(bytes, setup) }
}

function getStatus(machine: Machine, setup: SimSetup): FaceReply {
  const { pending, host } = machine
  const tell = (pollMs: number) => {
    const pollBytes = [pollMs & 0xff, (pollMs >> 8) & 0xff, pollMs >> 16]
    return { answer: dataAnswer([machine.status, ...pollBytes, machine.state, 0], setup) }
  }
  if (machine.state === state.manifestSync) {
    machine.state = state.manifest
    host.leave(machine.pointer)
    return tell(0)
  }
  if (machine.state !== state.dnloadSync || !pending) return tell(0)
  machine.pending = null
  const task = taskOf(machine, pending)
  machine.state = state.dnbusy
  return { ...tell(host.hostMs(task.toldMs ?? task.durationMs)), work: workOf(machine, task) }
}

function workOf(machine: Machine, task: Task): FaceWork {
  return {
    kind: task.kind,
    durationMs: task.durationMs,
    when: 'after-reply',
    finish: () => {
      const result = task.act()
      if (result === status.ok) goTo(machine, state.dnloadIdle)
      else fail(machine, result)
      return acknowledged
    },
    interrupt: () => task.interrupt?.(),
  }
}

function taskOf(machine: Machine, { block, data }: NonNullable<Machine['pending']>): Task {
  if (block === 0 && data[0] === command.readUnprotect && data.length === 1) return unprotect(machine)
  if (machine.memory.protection() !== 'none') return refusal(status.errVendor)
  if (block !== 0) return write(machine, addressOfBlock(machine.pointer, block, stTransferBytes), data)
  if (data[0] === command.setAddress && data.length === 5) return setAddress(machine, readAddress(data))
  if (data[0] === command.erase && data.length === 5) return erase(machine, readAddress(data))
  if (data[0] === command.erase && data.length === 1) return massErase(machine)
  return refusal(status.errStalledPkt)
}

function refusal(statusCode: number): Task {
  return { kind: 'other', durationMs: 0, act: () => statusCode }
}

function setAddress(machine: Machine, address: number): Task {
  if (machine.memory.writable(address, 1) === null) return refusal(status.errTarget)
  const act = () => {
    machine.pointer = address
    return status.ok
  }
  return { kind: 'other', durationMs: 0, act }
}

function erase({ memory, chip }: Machine, address: number): Task {
  const sectorBytes = memory.sectorBytes(address)
  if (sectorBytes === null) return refusal(status.errTarget)
  return {
    kind: 'erase',
    durationMs: chip.eraseMsOf(sectorBytes),
    ...(chip.toldEraseMs === undefined ? {} : { toldMs: chip.toldEraseMs }),
    act: () => {
      memory.eraseSector(address)
      return status.ok
    },
    interrupt: () => memory.interruptErase(address),
  }
}

function massErase({ memory, chip }: Machine): Task {
  const act = () => {
    memory.massErase()
    return status.ok
  }
  return { kind: 'erase', durationMs: chip.massEraseMs, toldMs: chip.toldMassEraseMs, act }
}

/** Ends in a reset, whether anybody asks again or not; cut off in its middle, the protection stays. */
function unprotect({ memory, chip, host }: Machine): Task {
  host.resetAfter(chip.massEraseMs, memory.unprotect)
  return { kind: 'erase', durationMs: chip.massEraseMs, toldMs: chip.toldMassEraseMs, act: () => status.ok }
}

function write({ memory, chip, host }: Machine, address: number, data: Uint8Array): Task {
  const place = memory.writable(address, data.length)
  if (place === null || place === 'feature') return refusal(status.errTarget)
  return {
    kind: 'program',
    durationMs: (data.length / 1024) * chip.programMsPerKib,
    act: () => {
      memory.write(address, data)
      // Option bytes take effect by a reset.
      if (place === 'option') host.resetAfter(optionResetMs, () => {})
      return status.ok
    },
    interrupt: () => memory.write(address, data.subarray(0, data.length / 2)),
  }
}

function toIdle(machine: Machine): FaceReply {
  goTo(machine, state.idle)
  return ackReply
}

function goTo(machine: Machine, next: number): void {
  machine.state = next
  machine.status = status.ok
  machine.pending = null
}

function fail(machine: Machine, statusCode: number): void {
  machine.state = state.error
  machine.status = statusCode
  machine.pending = null
}

function refuse(machine: Machine, statusCode: number): FaceReply {
  fail(machine, statusCode)
  return stallReply
}
