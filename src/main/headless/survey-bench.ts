// Which Particle boards are on the bench? A USB process without a recipe and without a ledger: it identifies what is there
// and writes nothing, to boards or to disk. It opens no other device.
import { tmpdir } from 'node:os'
import { Fault, faultFrom } from '../../shared/fault/fault.ts'
import type { SlotView } from '../../shared/model/slot.ts'
import { type BenchMirror, createBenchMirror } from '../desk/bench-mirror.ts'
import { emptyStation } from '../desk/empty-station.ts'
import { holdUsb } from '../desk/usb-lock.ts'
import { startUsbProcess } from '../desk/usb-process.ts'
import { forkNodeHost } from '../host/fork-node.ts'
import type { RecordSink } from '../station/ports.ts'
import { systemClock } from '../station/system-clock.ts'
import type { CommandLine } from './arguments.ts'
import { stderrLog } from './output.ts'
import { busChoiceOf } from './simulation-of.ts'
import { countParticleBoards, hasBoard } from './watch-bench.ts'

const mostSlots = 127
/** Real boards show at once when they are there; a bench without any is believed after this long. */
const emptyAfterMs = 2_000
const quietMs = 1_000
const lookMs = 100
const longestMs = 60_000

const noRecords: RecordSink = {
  open: () => Promise.reject(new Fault('INTERNAL', 'a survey writes no records')),
  close: () => Promise.reject(new Fault('INTERNAL', 'a survey writes no records')),
}

/**
 * Slots with a Particle board, identified or refused, in the order of the bench. Throws the fault of a USB that is not
 * there, and USB_IN_USE when a station works on it.
 */
export async function surveyBench(line: CommandLine): Promise<readonly SlotView[]> {
  if (line.sim !== null && countParticleBoards(line.sim) === 0) return []
  const bus = busChoiceOf(line)
  const release = holdUsb(bus)
  const mirror = createBenchMirror(emptyStation)
  const ports = Array.from({ length: mostSlots }, () => null)
  mirror.layOut(ports)
  const expected = line.sim === null ? 0 : countParticleBoards(line.sim)
  const survey: Survey = { mirror, expected, readyAt: null }
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
    onReady: () => {
      survey.readyAt = systemClock.monotonic()
    },
  })
  try {
    return await settled(survey)
  } finally {
    await usb.stop()
    release()
  }
}

interface Survey {
  readonly mirror: BenchMirror
  /** 0 where nobody knows. */
  readonly expected: number
  /** When the USB process began to look; null before. */
  readyAt: number | null
}

async function settled(survey: Survey): Promise<readonly SlotView[]> {
  const { mirror } = survey
  const startedAt = systemClock.monotonic()
  let changedAt = startedAt
  const stop = mirror.watch(() => {
    changedAt = systemClock.monotonic()
  })
  try {
    while (true) {
      await systemClock.sleep(lookMs)
      const { usb } = mirror.station()
      if (!usb.up) throw faultFrom(usb.fault)
      const now = systemClock.monotonic()
      const isOver = now - startedAt >= longestMs || (now - changedAt >= quietMs && isComplete(survey, now))
      if (isOver) return mirror.slots().filter(hasBoard)
    }
  } finally {
    stop()
  }
}

function isComplete({ mirror, expected, readyAt }: Survey, now: number): boolean {
  const boards = mirror.slots().filter(hasBoard)
  if (readyAt === null || boards.some((view) => view.state === 'identifying')) return false
  return expected > 0 ? boards.length >= expected : now - readyAt >= emptyAfterMs
}
