// The desk's end of the line to the USB process: configures each new one, commits the records it asks for, keeps the
// mirror of its bench, and closes what a dead one left open.

import { outcomeOf as outcomeOfWork } from '../../shared/contract/define-contract.ts'
import { assertNever, type Fault, reportOf } from '../../shared/fault/fault.ts'
import { boardName } from '../../shared/model/board-name.ts'
import type { PortPath, RecordId } from '../../shared/model/ids.ts'
import type { SlotView } from '../../shared/model/slot.ts'
import type { ForkHost } from '../host/host-process.ts'
import type { BusChoice, HostWords, RecordAsk } from '../host/link.ts'
import { type SupervisedHost, superviseHost } from '../host/supervise.ts'
import type { Clock, Log, RecordSink } from '../station/ports.ts'
import { nextSlot } from '../station/slots/slot.ts'
import type { HeldBoard, StationCommand } from '../station/station-command.ts'
import { asCommitted, type ClosingOf } from './as-committed.ts'
import type { BenchMirror } from './bench-mirror.ts'

export interface UsbProcessOptions {
  readonly forkHost: ForkHost
  readonly clock: Clock
  readonly log: Log
  readonly mirror: BenchMirror
  readonly records: RecordSink
  readonly libraryFolder: string
  readonly bus: BusChoice
  /** The commands a new process begins with. */
  readonly setup: () => readonly StationCommand[]
  /** Closes every open record as interrupted; the boards of those jobs. */
  readonly closeInterrupted: (fault: Fault) => readonly HeldBoard[] | undefined
  /** What is committed for a record; absent where no records are written. */
  readonly closingOf?: ClosingOf
  /** Boards that the first process must hold, as later ones hold what this one worked on. */
  readonly held?: readonly HeldBoard[]
  readonly onLearnt: (slot: number, portPath: PortPath) => void
  readonly onBenchDone: () => void
  /** The process looks at its bus from now on. */
  readonly onReady?: () => void
}

export interface UsbProcess {
  command(command: StationCommand): void
  pid(): number | undefined
  stop(): Promise<void>
}

const stopWithinMs = 10_000
/** libuv's pool runs resets and alternate settings: one thread a slot and a few more. */
const threadPoolSize = '36'

export function startUsbProcess(options: UsbProcessOptions): UsbProcess {
  const { mirror, log } = options
  const unseen = new Map((options.held ?? []).map((held) => [held.slot, held]))
  const host: SupervisedHost = superviseHost({
    forkHost: options.forkHost,
    environment: { UV_THREADPOOL_SIZE: threadPoolSize },
    clock: options.clock,
    log,
    onStarted: () => {
      const { bus, libraryFolder } = options
      // The process hears its configuration first, whenever it is ready to listen.
      const setup = [...options.setup(), { kind: 'hold', boards: heldBoards(mirror, unseen) } as const]
      queueMicrotask(() => host.send({ kind: 'configure', config: { bus, libraryFolder, setup } }))
    },
    onMessage: (message) => {
      take(message, options, host)
      for (const { slot, board } of mirror.slots()) if (board) unseen.delete(slot)
    },
    onCrashed: (fault, willRestart) => {
      // A job may have begun that no frame has shown yet.
      for (const held of options.closeInterrupted(fault) ?? []) unseen.set(held.slot, held)
      mirror.replace(mirror.slots().map((view) => afterCrash(view, fault, options)))
      const again = willRestart ? 'it starts again by itself' : 'it is not started again: call the technician'
      mirror.changeStation({
        usb: { up: false, fault: { ...reportOf(fault), detail: `${fault.detail}; ${again}` } },
        learningSlot: null,
        strayPorts: [],
      })
    },
  })
  return {
    command: (command) => host.send({ kind: 'command', command }),
    pid: () => host.pid(),
    stop: () => host.stop(stopWithinMs),
  }
}

function take(message: HostWords, options: UsbProcessOptions, host: SupervisedHost): void {
  const { mirror, log } = options
  switch (message.kind) {
    case 'ready':
      mirror.changeStation({ usb: { up: true } })
      options.onReady?.()
      break
    case 'failed':
      mirror.changeStation({ usb: { up: false, fault: { code: message.code, detail: message.detail } } })
      break
    case 'news':
      takeNews(message, options)
      break
    case 'ask':
      void outcomeOfWork(() => answer(message.ask, options.records)).then((outcome) =>
        host.send({ kind: 'answer', id: message.id, answer: outcome }),
      )
      break
    case 'log':
      log[message.level](message.text)
      break
    case 'bench-done':
      options.onBenchDone()
      break
    default:
      assertNever(message)
  }
}

function takeNews(message: Extract<HostWords, { kind: 'news' }>, options: UsbProcessOptions): void {
  const { news } = message
  const { closingOf = nothingCommitted } = options
  if (news.kind === 'slots') options.mirror.replace(news.slots.map((view) => asCommitted(view, closingOf)))
  else if (news.kind === 'strays') options.mirror.changeStation({ strayPorts: news.ports })
  else options.onLearnt(news.slot, news.portPath)
}

async function answer(ask: RecordAsk, records: RecordSink): Promise<RecordId | null> {
  if (ask.kind === 'open') return records.open(ask.opening)
  await records.close(ask.closing)
  return null
}

const nothingCommitted: ClosingOf = () => null

/** Boards that must not get another job just because the process is new: those seen, and those it has yet to see. */
function heldBoards(mirror: BenchMirror, unseen: ReadonlyMap<number, HeldBoard>): readonly HeldBoard[] {
  const seen = mirror.slots().flatMap(({ slot, board, job }) => {
    if (!board || !job?.outcome) return []
    const { recordId, outcome, fault, durationMs } = job
    const who = { name: boardName(board), faces: board.kind === 'dfu' ? [board] : [] }
    return [{ slot, job: job.job, ...who, recordId, outcome, fault, durationMs: durationMs ?? 0 }]
  })
  const isSeen = new Set(seen.map(({ slot }) => slot))
  return [...seen, ...[...unseen.values()].filter(({ slot }) => !isSeen.has(slot))]
}

/** What a slot shows when the process that worked on it is gone: the verdict that was committed, and no other. */
function afterCrash(
  view: SlotView,
  fault: Fault,
  { clock, closingOf = nothingCommitted }: UsbProcessOptions,
): SlotView {
  const committed = asCommitted(view, closingOf)
  return committed === view ? interrupted(view, fault, clock) : committed
}

function interrupted(view: SlotView, fault: Fault, clock: Clock): SlotView {
  if (view.state === 'identifying' || view.state === 'ready') return nextSlot(view, { kind: 'left' })
  if (view.state !== 'working') return view
  const startedAt = view.job?.progress?.startedAt ?? clock.now()
  return nextSlot(view, {
    kind: 'finished',
    outcome: 'interrupted',
    fault: reportOf(fault),
    durationMs: clock.now() - startedAt,
    endedAt: clock.now(),
  })
}
