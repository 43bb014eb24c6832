// Who is on the bench? A USB process without a recipe and without a ledger: it identifies what is there and writes
// nothing, to boards or to disk.
import { tmpdir } from 'node:os'
import { Fault, faultFrom } from '../../shared/fault/fault.ts'
import type { SlotView } from '../../shared/model/slot.ts'
import { createBenchMirror } from '../desk/bench-mirror.ts'
import { emptyStation } from '../desk/empty-station.ts'
import { startUsbProcess } from '../desk/usb-process.ts'
import { forkNodeHost } from '../host/fork-node.ts'
import type { BusChoice } from '../host/link.ts'
import type { RecordSink } from '../station/ports.ts'
import { systemClock } from '../station/system-clock.ts'
import type { CommandLine } from './arguments.ts'
import { stderrLog } from './output.ts'
import { countBoards, hasBoard } from './watch-bench.ts'

const mostSlots = 127
/** Real boards show at once when they are there; a bench without any is believed after this long. */
const emptyAfterMs = 2_000
const quietMs = 1_000
/** A USB process that is not up by then has said why, or will. */
const readyMs = 10_000
const lookMs = 100
const longestMs = 60_000

const noRecords: RecordSink = {
  open: () => Promise.reject(new Fault('INTERNAL', 'a survey writes no records')),
  close: () => Promise.reject(new Fault('INTERNAL', 'a survey writes no records')),
}

/** Slots with a board, identified or refused, in the order of the bench. Throws the fault of a USB that is not there. */
export async function surveyBench(line: CommandLine): Promise<readonly SlotView[]> {
  const mirror = createBenchMirror(emptyStation)
  const ports = Array.from({ length: mostSlots }, () => null)
  mirror.layOut(ports)
  const expected = line.sim === null ? 0 : countBoards(line.sim)
  const bus: BusChoice =
    line.sim === null
      ? { kind: 'usb' }
      : { kind: 'simulated', boards: line.sim, speed: line.simSpeed, operator: null, dumpFolder: null }
  const ready = Promise.withResolvers<void>()
  const ending = new AbortController()
  const usb = startUsbProcess({
    forkHost: forkNodeHost,
    clock: systemClock,
    log: stderrLog(),
    mirror,
    records: noRecords,
    libraryFolder: tmpdir(),
    bus,
    setup: () => [{ kind: 'assign', ports, learnsPorts: true }],
    closeInterrupted: () => undefined,
    onLearnt: () => undefined,
    onBenchDone: () => undefined,
    onReady: ready.resolve,
  })
  try {
    await Promise.race([ready.promise, systemClock.sleep(readyMs, ending.signal).catch(() => undefined)])
    return await settled(mirror, expected)
  } finally {
    ending.abort()
    await usb.stop()
  }
}

async function settled(mirror: ReturnType<typeof createBenchMirror>, expected: number): Promise<readonly SlotView[]> {
  let changedAt = systemClock.monotonic()
  const stop = mirror.watch(() => {
    changedAt = systemClock.monotonic()
  })
  const startedAt = changedAt
  try {
    while (true) {
      await systemClock.sleep(lookMs)
      const { usb } = mirror.station()
      if (!usb.up) throw faultFrom(usb.fault)
      const boards = mirror.slots().filter(hasBoard)
      const now = systemClock.monotonic()
      const quiet = now - changedAt >= quietMs && boards.every((view) => view.state !== 'identifying')
      const enough = expected > 0 ? boards.length >= expected : now - startedAt >= emptyAfterMs
      if ((quiet && enough) || now - startedAt >= longestMs) return boards
    }
  } finally {
    stop()
  }
}
