// Runs a DFU machine against a test board without USB: time is a number that grows with every request. What a machine
// begins reaches the board at once, as it does on a wire, and its answer waits until the machine ends it.
import type { Dfu, DfuAsk, DfuReply, DfuRequest } from '../../../src/main/station/dfu/machine.ts'
import { assertNever, Fault } from '../../../src/shared/fault/fault.ts'
import type { BoardAnswer, DfuBoard } from './dfu-board.ts'

export interface Run<T> {
  readonly value: T | null
  readonly fault: Fault | null
  readonly asks: readonly DfuAsk[]
  readonly elapsedMs: number
}

/** Past this many asks a machine is taken to be endless. */
const mostAsks = 800_000

export type Answer = (ask: DfuRequest | Extract<DfuAsk, { kind: 'select' }>) => DfuReply

export function runMachine<T>(machine: Dfu<T>, answer: Answer): Run<T> {
  const asks: DfuAsk[] = []
  const underWay: DfuReply[] = []
  let elapsedMs = 0
  const replyTo = (ask: DfuAsk): DfuReply => {
    switch (ask.kind) {
      case 'report':
        return { kind: 'done' }
      case 'time':
        return { kind: 'time', atMs: elapsedMs }
      case 'wait':
        elapsedMs += ask.ms
        return { kind: 'done' }
      case 'begin':
        elapsedMs += 1
        underWay.push(answer(ask.request))
        return { kind: 'done' }
      case 'end': {
        const oldest = underWay.shift()
        if (!oldest) throw new Error('the machine ends what it has not begun')
        return oldest
      }
      default:
        elapsedMs += 1
        return answer(ask)
    }
  }
  try {
    let step = machine.next()
    while (!step.done) {
      if (asks.length >= mostAsks) throw new Error('the machine does not end')
      asks.push(step.value)
      step = machine.next(replyTo(step.value))
    }
    if (underWay.length > 0) throw new Error('the machine leaves what it has begun')
    return { value: step.value, fault: null, asks, elapsedMs }
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    return { value: null, fault: thrown, asks, elapsedMs }
  }
}

export function answerFrom(board: DfuBoard): Answer {
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
        return assertNever(ask)
    }
  }
}

const none = new Uint8Array(0)

function replyOf(answer: BoardAnswer): DfuReply {
  if (answer === 'stall') return { kind: 'stalled' }
  return answer === 'ok' ? { kind: 'done' } : { kind: 'data', data: answer.data }
}
