// Following a bench to its end: each closed record becomes one object, each board that no record was opened for
// another, and when nothing moves any more the summary comes.
import { describeFault } from '../../shared/fault/fault.ts'
import type { LedgerRecord } from '../../shared/model/record.ts'
import type { SlotView } from '../../shared/model/slot.ts'
import type { Desk } from '../desk/desk.ts'
import { systemClock } from '../station/system-clock.ts'
import { type ExitCode, exitCodes, isStationFault } from './exit-codes.ts'
import { type FlashResult, resultLine, resultOfRecord, resultOfRefusal, type Summary } from './flash-result.ts'
import type { Output } from './output.ts'
import { followBench, hasBoard, isInMotion } from './watch-bench.ts'

export interface CollectRequest {
  readonly desk: Desk
  readonly output: Output
  /** End after so many boards; null: when every board that is present is done. */
  readonly count: number | null
  /** How many boards are known to come; null on real USB. */
  readonly boards: number | null
  readonly signal: AbortSignal
}

/** A board that re-enumerates is away for a moment; only a bench that stays still is done. */
const stillMs = 1_200
const lookMs = 100

export async function collectResults(request: CollectRequest): Promise<ExitCode> {
  const { desk, output, signal } = request
  const results: FlashResult[] = []
  const told = (result: FlashResult) => {
    results.push(result)
    output.result(result, resultLine(result))
  }
  const bench = followBench()
  const usb = { failed: false }
  let movedAt = systemClock.monotonic()
  const stops = [
    desk.onRecord((record: LedgerRecord) => {
      movedAt = systemClock.monotonic()
      told(resultOfRecord(record))
    }),
    desk.watch('bench', (frame) => {
      bench.take(frame)
      movedAt = systemClock.monotonic()
      const down = frame.station.usb.up ? null : frame.station.usb.fault
      if (down && !usb.failed) output.note(`${describeFault(down).title}: ${down.detail}`)
      usb.failed ||= down !== null
    }),
  ]
  const refused = new Map<number, SlotView>()
  try {
    if (request.boards === null) output.note('Waiting for boards.')
    while (!signal.aborted) {
      await systemClock.sleep(lookMs)
      tellRefusals(bench.slots(), refused, told)
      const still = systemClock.monotonic() - movedAt >= stillMs
      if (isDone(request, { results, slots: bench.slots(), still, usbFailed: usb.failed })) break
    }
  } finally {
    for (const stop of stops) stop()
  }
  return summarise(results, { output, usbFailed: usb.failed, stopped: signal.aborted })
}

/** A refused board is told once for each visit. */
function tellRefusals(
  slots: readonly SlotView[],
  refused: Map<number, SlotView>,
  told: (result: FlashResult) => void,
): void {
  for (const view of slots) {
    if (view.state !== 'refused') refused.delete(view.slot)
    else if (!refused.has(view.slot)) {
      refused.set(view.slot, view)
      told(resultOfRefusal(view))
    }
  }
}

interface Progress {
  readonly results: readonly FlashResult[]
  readonly slots: readonly SlotView[]
  readonly still: boolean
  readonly usbFailed: boolean
}

function isDone({ count, boards }: CollectRequest, { results, slots, still, usbFailed }: Progress): boolean {
  if (count !== null && results.length >= count) return true
  if (!still || slots.some(isInMotion)) return false
  // A USB process that died has left its boards to people: nothing more comes by itself.
  if (usbFailed) return true
  if (count !== null) return false
  if (boards !== null) return results.length >= boards
  return slots.some(hasBoard) && results.length > 0
}

function summarise(
  results: readonly FlashResult[],
  end: { readonly output: Output; readonly usbFailed: boolean; readonly stopped: boolean },
): ExitCode {
  const pass = results.filter(({ outcome }) => outcome === 'pass').length
  const fail = results.filter(({ outcome }) => outcome === 'fail').length
  const summary: Summary = { pass, fail, error: results.length - pass - fail }
  end.output.result({ summary }, `pass ${summary.pass}  fail ${summary.fail}  error ${summary.error}`)
  const stationFailed = end.usbFailed || results.some(({ fault }) => isStationFault(fault?.code))
  if (stationFailed || end.stopped) return exitCodes.stationFailed
  return summary.fail + summary.error === 0 ? exitCodes.ok : exitCodes.boardFailed
}
