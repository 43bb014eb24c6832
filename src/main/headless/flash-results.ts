// Following a bench to its end: each closed record becomes one object, each board without one another, and when nothing
// moves any more the desk is closed and the summary comes, last of all.
import { describeFault } from '../../shared/fault/fault.ts'
import type { RecordId } from '../../shared/model/ids.ts'
import type { LedgerRecord } from '../../shared/model/record.ts'
import type { BenchFrame, SlotView, StationView } from '../../shared/model/slot.ts'
import type { Desk } from '../desk/desk.ts'
import { asksForLoader } from '../station/slots/question.ts'
import { systemClock } from '../station/system-clock.ts'
import { type ExitCode, exitCodes, isStationFault } from './exit-codes.ts'
import {
  type FlashResult,
  resultLine,
  resultOfRecord,
  resultOfSlot,
  resultOfStray,
  type Summary,
} from './flash-result.ts'
import type { Output } from './output.ts'
import { followBench, hasBoard, isInMotion, isSettled, isWaiting } from './watch-bench.ts'

export interface CollectRequest {
  /** With a count the desk must not start boards by itself: they are started here, so many and no more. */
  readonly desk: Desk
  readonly output: Output
  /** End after so many boards; null: when every board that is present is done. */
  readonly count: number | null
  /** How many boards are known to come; null on real USB. */
  readonly boards: number | null
  /** The answer yes to every question whether a loader that many products share is the device of the recipe. */
  readonly takeLoaders: boolean
  readonly signal: AbortSignal
}

/** A board that re-enumerates is away for a moment; only a bench that stays still is done. */
const stillMs = 1_200
const lookMs = 100

/** What is known of the run so far. */
interface Run {
  readonly results: FlashResult[]
  /** Records of which a result was told: each board is told once, whenever its record is closed. */
  readonly records: Set<RecordId>
  /** Slots whose visitor has been told, until it leaves. */
  readonly told: Set<number>
  /** Slots that were asked to start and have not begun. */
  readonly asked: Set<number>
  /** Slots whose question was told, until it is answered or the board leaves. */
  readonly questioned: Set<number>
  readonly usbFaults: Set<string>
  strays: readonly string[]
  movedAt: number
}

/** Closes the desk: what still runs is aborted, and its record told like any other. */
export async function collectResults(request: CollectRequest): Promise<ExitCode> {
  const { desk, output, signal } = request
  const run: Run = {
    results: [],
    records: new Set(),
    told: new Set(),
    asked: new Set(),
    questioned: new Set(),
    usbFaults: new Set(),
    strays: [],
    movedAt: systemClock.monotonic(),
  }
  const bench = followBench()
  desk.onRecord((record) => tellRecord(run, output, record))
  desk.watch('bench', (frame) => {
    bench.take(frame)
    follow(run, output, frame)
  })
  if (request.boards === null) output.note('Waiting for boards.')
  while (!signal.aborted) {
    await systemClock.sleep(lookMs)
    tellUnrecorded(run, output, bench.slots())
    noteQuestions(request, run, bench.slots())
    if (isDone(request, run, bench.slots())) break
    startMore(request, run, bench.slots())
  }
  const isCounted = request.count !== null && run.results.length >= request.count
  const waiting = isCounted ? [] : bench.slots().filter((view) => isStuck(request, view))
  await desk.close()
  tellUnrecorded(run, output, bench.slots())
  for (const view of waiting) tell(run, output, resultOfSlot(view))
  for (const portPath of run.strays) tell(run, output, resultOfStray(portPath))
  return summarise(run, output, signal.aborted)
}

function follow(run: Run, output: Output, { station }: BenchFrame): void {
  run.movedAt = systemClock.monotonic()
  run.strays = station.strayPorts
  noteUsb(run, output, station)
}

/** Each thing that the USB process says of its end is worth one line. */
function noteUsb({ usbFaults }: Run, output: Output, { usb }: StationView): void {
  if (usb.up || usbFaults.has(usb.fault.detail)) return
  usbFaults.add(usb.fault.detail)
  output.note(`${describeFault(usb.fault).title}: ${usb.fault.detail}`)
}

function tell(run: Run, output: Output, result: FlashResult): void {
  run.results.push(result)
  output.result(result, resultLine(result))
}

function tellRecord(run: Run, output: Output, record: LedgerRecord): void {
  run.movedAt = systemClock.monotonic()
  if (run.records.has(record.recordId)) {
    const { recordId, slot, closing } = record
    output.note(`slot ${slot}: record ${recordId} is closed after all, as ${closing?.outcome ?? 'open'}`)
    return
  }
  run.records.add(record.recordId)
  tell(run, output, resultOfRecord(record))
}

/** Boards that are done and have no closed record, once for each visit. */
function tellUnrecorded(run: Run, output: Output, slots: readonly SlotView[]): void {
  for (const view of slots) {
    if (!isSettled(view)) run.told.delete(view.slot)
    else if (!run.told.has(view.slot)) {
      run.told.add(view.slot)
      if (isTold(run, view)) continue
      if (view.job?.recordId) run.records.add(view.job.recordId)
      tell(run, output, resultOfSlot(view))
    }
  }
}

/** A job that was cut off before its record was opened has touched no board: there is nothing to tell. */
function isTold({ records }: Run, { state, job }: SlotView): boolean {
  return job?.recordId ? records.has(job.recordId) : state === 'interrupted'
}

/** It waits for an answer that nobody here gives. */
function isStuck({ takeLoaders }: CollectRequest, view: SlotView): boolean {
  return isWaiting(view) && !(takeLoaders && asksForLoader(view.question ?? ''))
}

/** A person who watches learns at once what is waited for; the result at the end says it again. */
function noteQuestions(request: CollectRequest, { questioned }: Run, slots: readonly SlotView[]): void {
  for (const view of slots) {
    if (!isStuck(request, view)) questioned.delete(view.slot)
    else if (!questioned.has(view.slot)) {
      questioned.add(view.slot)
      const hint = asksForLoader(view.question ?? '') ? '; --take-loaders says yes' : ''
      request.output.note(`slot ${view.slot} waits: ${view.question}${hint}`)
    }
  }
}

/**
 * With a count: boards that are ready, as many as are still wanted. Without one the station starts them by itself, but
 * for those whose question is answered here.
 */
function startMore(request: CollectRequest, run: Run, slots: readonly SlotView[]): void {
  const { desk, count } = request
  for (const view of slots) if (view.state !== 'ready') run.asked.delete(view.slot)
  const working = slots.filter((view) => view.state === 'working').length
  const wanted = count === null ? slots.length : Math.max(0, count - run.results.length - working - run.asked.size)
  const startable = (view: SlotView) => view.state === 'ready' && !isStuck(request, view) && !run.asked.has(view.slot)
  const ready = slots.filter((view) => startable(view) && (count !== null || isWaiting(view))).slice(0, wanted)
  for (const { slot } of ready) {
    run.asked.add(slot)
    desk.handlers.startSlots({ slots: [slot] }).catch(() => run.asked.delete(slot))
  }
}

function isDone(request: CollectRequest, run: Run, slots: readonly SlotView[]): boolean {
  const { count, boards } = request
  if (count !== null && run.results.length >= count) return true
  const isStill = systemClock.monotonic() - run.movedAt >= stillMs
  if (!isStill || slots.some((view) => isInMotion(view) && !isStuck(request, view))) return false
  const done = run.results.length + slots.filter((view) => isStuck(request, view)).length
  // A USB process that died has left its boards to people: nothing more comes by itself.
  if (run.usbFaults.size > 0) return true
  if (boards !== null) return done >= boards
  return count === null && done > 0 && slots.some(hasBoard)
}

function summarise({ results, usbFaults }: Run, output: Output, stopped: boolean): ExitCode {
  const pass = results.filter(({ outcome }) => outcome === 'pass').length
  const fail = results.filter(({ outcome }) => outcome === 'fail').length
  const summary: Summary = { pass, fail, error: results.length - pass - fail }
  output.result({ summary }, `pass ${summary.pass}  fail ${summary.fail}  error ${summary.error}`)
  const stationFailed = usbFaults.size > 0 || results.some(({ fault }) => isStationFault(fault?.code))
  if (stationFailed || stopped) return exitCodes.stationFailed
  if (results.length === 0) output.note('No board came that this recipe is for.')
  if (results.length === 0) return exitCodes.boardFailed
  return summary.fail + summary.error === 0 ? exitCodes.ok : exitCodes.boardFailed
}
