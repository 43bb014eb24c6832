// The plug is pulled in every phase of a job, on each family: the job ends in time with the right code, its record is
// closed, and the same board passes when it is plugged in again, also one whose bootloader was cut off in its update.
import assert from 'node:assert/strict'
import { type FaultCode, faultCodes } from '../../src/shared/fault/fault-codes.ts'
import type { LedgerRecord } from '../../src/shared/model/record.ts'
import type { SlotView } from '../../src/shared/model/slot.ts'
import type { BoardEntry } from './bench-boards.ts'
import { expectFlash, expectLedger, expectPassed, verdictOf } from './expectations.ts'
import type { ScenarioBench } from './ground.ts'
import type { Moment } from './hands.ts'
import { type Family, families, realSets, secondRead } from './real-sets.ts'
import type { Scenario, Stage } from './scenario.ts'
import { sideBySide } from './side-by-side.ts'
import { hasVerdict } from './station-under-test.ts'

interface Phase {
  readonly name: string
  readonly start?: 'dfu'
  /** One of the two: when the hand pulls the plug, or the board's own script. */
  readonly at?: Moment
  readonly fault?: string
  /** How the name of the step begins that fails; null: nothing has begun, so there is no record. */
  readonly step: string | null
  /** Of a family that is elsewhere by then. */
  readonly stepOf?: Partial<Record<Family, string>>
  readonly code: FaultCode
  /** From the moment the board is gone to the end of the job. */
  readonly withinMs: number
}

/** A pulled plug is told by the bus; some time goes by until the record is closed. */
const toldMs = 2_000
/** Waits of a job for a board that resets: it cannot know that this one will not come back. */
const ownResetMs = 10_000
const intoDfuMs = 15_000
const bootMs = 30_000
const applyMs = 45_000
const tenth = 1.1
const handMs = 6_500
const lookMs = 200

const gone = { code: 'USB_GONE', withinMs: toldMs } as const
const awaited = (withinMs: number) => ({ code: 'MODE_SWITCH_TIMEOUT', withinMs: withinMs * tenth }) as const

const phases: readonly Phase[] = [
  { name: 'while it says who it is', at: ['request 90'], step: null, ...gone },
  { name: 'asked for an update', at: ['request 250'], step: 'Update', ...gone },
  { name: 'in its update', at: ['request 253', 'request 253', 'request 253'], step: 'Update', ...gone },
  { name: 'by its own script in its update', fault: 'unplug during update', step: 'Update', ...gone },
  { name: 'checking its update', at: ['request 251'], step: 'Update', ...gone },
  { name: 'applying its update', at: ['request 251', 'left'], step: 'Update', ...awaited(applyMs) },
  { name: 'asked for DFU', at: ['request 50'], step: 'Enter DFU', code: 'USB_GONE', withinMs: ownResetMs * tenth },
  { name: 'on its way into DFU', at: ['request 50', 'left'], step: 'Enter DFU', ...awaited(intoDfuMs) },
  { name: 'just back in DFU', at: ['request 50', 'left', 'arrived'], step: 'Enter DFU', ...awaited(intoDfuMs) },
  { name: 'opened in DFU', at: ['request 50', 'left', 'status'], step: 'Enter DFU', ...gone },
  { name: 'read before anything is written', start: 'dfu', at: ['read', 'read'], ...secondRead, ...gone },
  { name: 'told to erase', at: ['erase'], step: 'Write', ...gone },
  { name: 'in the middle of an erase', fault: 'unplug during erase', step: 'Write', ...gone },
  { name: 'between erase and write', at: ['erase', 'write'], step: 'Write', ...gone },
  { name: 'in the middle of its blocks', at: ['write', 'write', 'write', 'status'], step: 'Write', ...gone },
  { name: 'read back', at: ['write', 'read', 'read'], step: 'Verify', ...gone },
  { name: 'told to leave', at: ['leave'], step: 'Start Device OS', ...awaited(bootMs) },
  { name: 'on its way out of DFU', at: ['leave', 'left'], step: 'Start Device OS', ...awaited(bootMs) },
  { name: 'about to be proven', at: ['leave', 'left', 'request 90'], step: 'Prove', ...awaited(bootMs) },
  { name: 'updated after DFU', start: 'dfu', at: ['leave', 'request 253'], step: 'Update', ...gone },
]

interface Seat extends Phase {
  readonly slot: number
  readonly platform: Family
}

export const unplugPhases: readonly Scenario[] = [
  { name: 'unplugged in every phase', boards: `${phases.length} phases of ${families.join(', ')}`, run: unplugged },
]

async function unplugged({ ground, note }: Stage): Promise<void> {
  const all = families.flatMap((platform) => phases.map((phase) => ({ ...phase, platform })))
  const seats = all.map((seat, at): Seat => ({ ...seat, slot: at + 1 }))
  const bench = await ground.openBench({ boards: seats.map(boardOf), isEmpty: true })
  try {
    const longest = new Map<FaultCode, number>()
    const repairs = seats.map(async (seat) => {
      const waitMs = await cut(bench, seat)
      if (waitMs !== null) longest.set(seat.code, Math.max(longest.get(seat.code) ?? 0, waitMs))
      await repair(bench, seat)
    })
    await sideBySide(repairs)
    const waits = [...longest].map(([code, ms]) => `${code} ${(ms / 1000).toFixed(2)} s`)
    note(`longest from the plug to the end of the job: ${waits.join(', ')}`)
    expectPassed(bench, bench.under.station.slots())
    await expectLedger(bench, seats.filter(({ step }) => step !== null).length + seats.length)
    await expectFlash(
      bench,
      ground,
      seats.filter(isWitnessed).map(({ slot }) => slot),
    )
  } finally {
    await bench.end()
  }
}

/** Each phase once, the families in turn: reading all of them takes as long as the scenario. */
function isWitnessed(_: Seat, at: number): boolean {
  return Math.floor(at / phases.length) === at % families.length
}

/** The board goes in, loses its plug, and the station has its say: how long after, or null where no job had begun. */
async function cut(bench: ScenarioBench, seat: Seat): Promise<number | null> {
  const { slot, at, step, code, withinMs } = seat
  const title = `${seat.platform} ${seat.name}`
  if (at) await bench.hand({ act: 'unplug-at', slot, moment: at })
  await bench.hand({ act: 'plug', slot, board: slot })
  if (step === null) {
    while ((await bench.watched(slot)).leftAtMs === null) await bench.clock.sleep(lookMs)
    await bench.under.until((slots) => slots[slot - 1]?.state === 'empty')
    return null
  }
  const view = (await bench.under.until((slots) => slots.some((each) => each.slot === slot && hasVerdict(each))))[
    slot - 1
  ]
  const record = bench.under.ledger.record(view?.job?.recordId ?? '')
  const { leftAtMs } = await bench.watched(slot)
  assert.ok(record?.closing && leftAtMs !== null, `${title}: ${view && verdictOf(view)}, but was never cut`)
  expectCut(title, seat, record)
  assert.equal(view?.fault?.code, code, title)
  const waitMs = record.closing.endedAt - (bench.clock.now() - bench.clock.monotonic()) - leftAtMs
  assert.ok(waitMs <= withinMs, `${title}: ended ${waitMs.toFixed(0)} ms after it was gone`)
  return waitMs
}

/** The same board again, by a hand that takes its time: one that is back sooner was late from a reset of its own. */
async function repair({ under, clock, hand, isListed }: ScenarioBench, { slot, platform, name }: Seat): Promise<void> {
  const before = under.station.slots()[slot - 1]?.job?.recordId ?? null
  while (isListed(slot)) await clock.sleep(lookMs)
  await clock.sleep(handMs)
  await hand({ act: 'plug', slot, board: slot })
  const isNew = ({ job }: SlotView) => job?.recordId && job.recordId !== before
  const slots = await under.until((views) =>
    views.some((view) => view.slot === slot && hasVerdict(view) && isNew(view)),
  )
  const view = slots[slot - 1]
  assert.equal(view && verdictOf(view), 'passed', `${platform} ${name}, plugged in again: ${view?.fault?.detail}`)
}

function expectCut(title: string, seat: Seat, { closing }: LedgerRecord): void {
  const failed = closing?.steps.filter(({ result }) => result === 'failed') ?? []
  const found = { code: closing?.fault?.code, outcome: closing?.outcome, steps: failed.length }
  const detail = `${title}: ${closing?.fault?.detail}`
  assert.deepEqual(found, { code: seat.code, outcome: faultCodes[seat.code].outcome, steps: 1 }, detail)
  const last = closing?.steps.at(-1)
  assert.ok(
    last?.result === 'failed' && last.name.startsWith(seat.stepOf?.[seat.platform] ?? seat.step ?? ''),
    `${title}: failed in ${last?.name}`,
  )
}

function boardOf({ platform, start, fault }: Seat): BoardEntry {
  const found = start ? { start } : { deviceOs: realSets[platform].from }
  return { platform, ...found, ...(fault && { faults: [fault] }) }
}
