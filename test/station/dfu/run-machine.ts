// Runs a DFU machine against a test board without USB: time is a number that grows with every answer.

import type { Dfu, DfuAsk, DfuReply } from '../../../src/main/station/dfu/machine.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import type { BoardAnswer, DfuBoard } from './dfu-board.ts'

export interface Run<T> {
  readonly value: T | null
  readonly fault: Fault | null
  readonly asks: readonly DfuAsk[]
  readonly elapsedMs: number
}

/** Past this many asks a machine is taken to be endless. */
const mostAsks = 400_000

export function runMachine<T>(machine: Dfu<T>, answer: (ask: DfuAsk) => DfuReply | 'done'): Run<T> {
  const asks: DfuAsk[] = []
  let atMs = 0
  try {
    let step = machine.next()
    while (!step.done) {
      if (asks.length >= mostAsks) throw new Error('the machine does not end')
      asks.push(step.value)
      atMs += step.value.kind === 'wait' ? step.value.ms : 1
      const reply = answer(step.value)
      step = machine.next(reply === 'done' ? { kind: 'done', atMs } : 'atMs' in reply ? { ...reply, atMs } : reply)
    }
    return { value: step.value, fault: null, asks, elapsedMs: atMs }
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    return { value: null, fault: thrown, asks, elapsedMs: atMs }
  }
}

export function answerFrom(board: DfuBoard): (ask: DfuAsk) => DfuReply | 'done' {
  return (ask) => {
    switch (ask.kind) {
      case 'send':
        return replyOf(board.request({ request: ask.request, block: ask.block, sizeBytes: ask.data.length }, ask.data))
      case 'read':
        return replyOf(board.request({ request: 'UPLOAD', block: ask.block, sizeBytes: ask.lengthBytes }, none))
      case 'status':
        return replyOf(board.request({ request: 'GETSTATUS', block: 0, sizeBytes: 6 }, none))
      case 'select':
        return replyOf(board.request({ request: 'SELECT', block: ask.alternate, sizeBytes: 0 }, none))
      default:
        return 'done'
    }
  }
}

const none = new Uint8Array(0)

function replyOf(answer: BoardAnswer): DfuReply {
  if (answer === 'stall') return { kind: 'stalled', atMs: 0 }
  return answer === 'ok' ? { kind: 'done', atMs: 0 } : { kind: 'data', data: answer.data, atMs: 0 }
}
