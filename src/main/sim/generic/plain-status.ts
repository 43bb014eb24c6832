// GETSTATUS of a plain loader: the step that it starts, how long that takes, and what the device says of that, which is
// the truth but for its oddities.
import type { SimSetup } from '../board-parts.ts'
import { state, status } from '../dfu/dfu-words.ts'
import { dataAnswer, type FaceReply } from '../face-reply.ts'
import type { BlockWork } from './device-memory.ts'
import { statusOfStart } from './image-header.ts'
import {
  fail,
  goTo,
  holdsProgram,
  isChecked,
  type LoaderMachine,
  manifest,
  memoryOf,
  returnLater,
} from './loader-machine.ts'

/** What a liar says, in milliseconds; it takes no account of how fast its time goes. */
const lies = { zero: 0, minute: 60_000, most: 0xffffff } as const

/** Null: the question comes too early. */
export function getStatus(machine: LoaderMachine, setup: SimSetup): FaceReply | null {
  if (machine.state === state.dnbusy) return stillBusy(machine, setup)
  const durationMs = machine.state === state.manifest ? restOfManifestation(machine) : advance(machine)
  const needed = machine.host.hostMs(durationMs)
  // A host that needs not wait finds the work done.
  machine.busyUntilMs = needed === 0 ? 0 : machine.host.nowMs() + durationMs
  return told(machine, setup, needed)
}

function told(machine: LoaderMachine, setup: SimSetup, neededMs: number): FaceReply {
  const { poll } = machine.profile.oddities
  const pollMs = poll === 'true' ? neededMs : lies[poll]
  const pollBytes = [pollMs & 0xff, (pollMs >> 8) & 0xff, pollMs >> 16]
  return { answer: dataAnswer([machine.status, ...pollBytes, machine.state, 0], setup) }
}

function stillBusy(machine: LoaderMachine, setup: SimSetup): FaceReply | null {
  if (machine.profile.oddities.early !== 'busy') return null
  machine.questionsLeft = Math.max(0, machine.questionsLeft - 1)
  return told(machine, setup, machine.host.hostMs(Math.max(0, machine.busyUntilMs - machine.host.nowMs())))
}

/** Hosts ask during a manifestation, and devices answer, though the table has no line for it; some lose time by it. */
function restOfManifestation(machine: LoaderMachine): number {
  const { host, profile } = machine
  const nowMs = host.nowMs()
  const isPressed = nowMs - machine.askedAtMs < profile.oddities.manifestPatienceMs
  machine.askedAtMs = nowMs
  if (!isPressed) return machine.busyUntilMs - nowMs
  returnLater(machine, profile.manifestMs)
  return profile.manifestMs
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
  const { transferSizeBytes, oddities } = profile
  const numbered = (block.number + machine.wraps * 0x10000) * transferSizeBytes
  const address = oddities.blocksBy === 'order' ? machine.receivedBytes : numbered
  const found = verdictOn(machine, block)
  const work = found === status.ok ? memoryOf(machine).write(address, written(machine, address, block.data)) : null
  if (!work) {
    fail(machine, found === status.ok ? status.errAddress : found)
    return 0
  }
  if (holdsProgram(machine) && oddities.writes !== 'deaf') machine.host.markProgram(status.errFirmware)
  machine.work = oddities.writes === 'deaf' ? pretended(work) : work
  machine.questionsLeft = oddities.questionsPerBlock
  machine.receivedBytes = address + block.data.length
  machine.state = state.dnbusy
  return work.durationMs
}

/** A device that flips writes one byte of each download wrong: the last of its first block. */
function written({ profile }: LoaderMachine, address: number, data: Uint8Array): Uint8Array {
  if (profile.oddities.writes !== 'flips' || address !== 0) return data
  return data.with(data.length - 1, (data.at(-1) ?? 0) ^ 1)
}

function pretended({ durationMs }: BlockWork): BlockWork {
  return { durationMs, apply: () => {}, interrupt: () => {} }
}

function verdictOn(machine: LoaderMachine, block: NonNullable<LoaderMachine['block']>): number {
  const { refusal, ids } = machine.profile
  if (refusal?.block === block.number) return status[refusal.status]
  return isChecked(machine) && block.number === 0 ? statusOfStart(ids.dfu, block.data) : status.ok
}
