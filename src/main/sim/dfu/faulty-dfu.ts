// Scripted faults around a DFU machine and its memories: the machine itself stays the faithful one. The face sees the
// requests and counts data blocks; the memories see the bytes.
import type { SimSetup } from '../board-parts.ts'
import { dataAnswer, type FaceReply, stalled } from '../face-reply.ts'
import type { FaultScript } from '../fault-script.ts'
import type { BlockAct } from '../faults.ts'
import type { DfuFace } from './dfu-face.ts'
import { request, state, status } from './dfu-words.ts'

/** What a fault may do to the board. */
export interface FaultHost {
  unplug(): void
  unplugAfter(delayMs: number): void
  /** A reset that nobody asked for, as by a watchdog. */
  resetNow(): void
}

/** The count of data blocks of one visit, shared by the face and the memories. */
export interface BlockCount {
  downloaded: number
  uploaded: number
}

interface FaultyOptions {
  readonly script: FaultScript
  readonly count: BlockCount
  readonly host: FaultHost
}

type Mood = 'well' | 'wrong-status' | 'write-error' | 'busy' | 'dead'

interface FaultyMachine extends FaultyOptions {
  readonly face: DfuFace
  mood: Mood
}

const busyPollMs = 10
const nothing = new Uint8Array()
const moods = [
  ['wrong-status', 'wrong-status'],
  ['write-error', 'write-error'],
  ['busy-for-ever', 'busy'],
  ['hang', 'dead'],
] as const satisfies readonly (readonly [BlockAct, Mood])[]

export function withFaults(face: DfuFace, options: FaultyOptions): DfuFace {
  const machine: FaultyMachine = { ...options, face, mood: 'well' }
  return { ...face, request: (setup, data) => answer(machine, setup, data) }
}

function answer(machine: FaultyMachine, setup: SimSetup, data: Uint8Array): FaceReply {
  if (machine.mood === 'dead') return { answer: { kind: 'no-status' } }
  if (setup.request === request.getstatus) return getStatus(machine, setup)
  if (machine.mood === 'busy') return { answer: stalled }
  if (setup.request === request.dnload) return download(machine, setup, data)
  return setup.request === request.upload ? upload(machine, setup) : machine.face.request(setup, data)
}

function download(machine: FaultyMachine, setup: SimSetup, data: Uint8Array): FaceReply {
  const { face, count, script, host } = machine
  if (setup.value < 2 || data.length === 0) return face.request(setup, data)
  count.downloaded += 1
  const block = count.downloaded
  if (script.strikeAtBlock('unplug', block)) host.unplug()
  if (script.strikeAtBlock('reset', block)) host.resetNow()
  machine.mood = moods.find(([act]) => script.strikeAtBlock(act, block))?.[1] ?? machine.mood
  if (!script.strikeAtBlock('stall', block)) return face.request(setup, data)
  face.fail(status.errStalledPkt)
  return { answer: stalled }
}

function upload({ face, count, script }: FaultyMachine, setup: SimSetup): FaceReply {
  const reply = face.request(setup, nothing)
  if (setup.value < 2 || reply.answer.kind !== 'data') return reply
  count.uploaded += 1
  if (!script.strikeAtBlock('misread', count.uploaded)) return reply
  return { ...reply, answer: { kind: 'data', data: withFlippedBit(reply.answer.data) } }
}

function getStatus(machine: FaultyMachine, setup: SimSetup): FaceReply {
  const { face, mood } = machine
  if (mood === 'busy') return { answer: dataAnswer([0, busyPollMs, 0, 0, state.dnbusy, 0], setup) }
  if (mood === 'write-error') {
    machine.mood = 'well'
    face.fail(status.errWrite)
  }
  const reply = face.request(setup, nothing)
  watchErase(machine, reply)
  const { answer } = reply
  if (mood !== 'wrong-status' || answer.kind !== 'data' || answer.data[4] !== state.dnloadIdle) return reply
  machine.mood = 'well'
  return { ...reply, answer: { kind: 'data', data: answer.data.with(0, status.errWrite) } }
}

function watchErase({ script, host }: FaultyMachine, { work }: FaceReply): void {
  if (work?.kind !== 'erase') return
  if (script.strike('unplug-during', ({ phase }) => phase === 'erase')) host.unplugAfter(work.durationMs / 2)
}

/** Clears the lowest set bit of the first byte that has one, so that NOR flash stores the difference. */
export function withFlippedBit(data: Uint8Array): Uint8Array {
  const at = data.findIndex((byte) => byte !== 0)
  if (at < 0) return data
  const byte = data[at] ?? 0
  return data.with(at, byte & (byte - 1))
}
