// Boards that hang: they stay on the bus and answer nothing, or are busy for ever. Each is given up within its deadline
// and a tenth, with the right code, and the boards beside it do not notice.
import assert from 'node:assert/strict'
import { type FaultCode, faultCodes } from '../../src/shared/fault/fault-codes.ts'
import type { BoardEntry } from './bench-boards.ts'
import { expectPassed, verdictOf } from './expectations.ts'
import type { ScenarioBench } from './ground.ts'
import type { Moment } from './hands.ts'
import { type Family, families, realSets, secondRead } from './real-sets.ts'
import type { Scenario, Stage } from './scenario.ts'
import { sideBySide } from './side-by-side.ts'
import { hasVerdict } from './station-under-test.ts'

interface Hang {
  readonly name: string
  readonly start?: 'dfu'
  /** When the board falls silent; by its own script, where it has one. */
  readonly at: Moment
  readonly fault?: string
  /** Nothing to update before DFU. Not of a P2: it reports hashes, and those of another build are updated first. */
  readonly isCurrent?: true
  /** How the name of the step begins that fails; null: it is refused before any job. */
  readonly step: string | null
  /** Of a family that is elsewhere by then. */
  readonly stepOf?: Partial<Record<Family, string>>
  readonly code: FaultCode
  /** From the moment it falls silent to its verdict. */
  readonly deadlineMs: number | Readonly<Record<Family, number>>
}

/** One erase or one write, of the slowest chip of a family. */
const operationMs = { boron: 5_000, photon: 10_000, p2: 5_000 }
const requestMs = 5_000
const tenth = 1.1

const thirdBlock = ['write', 'write', 'write']

const hangs: readonly Hang[] = [
  { name: 'identified', at: ['request 76'], step: null, code: 'BOARD_SILENT', deadlineMs: 6_000 },
  {
    name: 'updated',
    at: ['request 253', 'request 253', 'other'],
    step: 'Update',
    code: 'USB_TIMEOUT',
    deadlineMs: requestMs,
  },
  {
    name: 'asked for DFU',
    isCurrent: true,
    at: ['request 50'],
    step: 'Enter DFU',
    code: 'USB_TIMEOUT',
    deadlineMs: requestMs,
  },
  { name: 'opened', at: ['request 50', 'left', 'status'], step: 'Enter DFU', ...stuck() },
  { name: 'compared', start: 'dfu', at: ['read', 'read'], ...secondRead, ...stuck() },
  { name: 'erased', at: ['erase', 'status'], step: 'Write', ...stuck() },
  { name: 'written', at: ['write', 'status'], step: 'Write', ...stuck() },
  { name: 'written, by its own script', at: thirdBlock, fault: 'no answer at block 3', step: 'Write', ...stuck() },
  { name: 'written, and busy for ever', at: thirdBlock, fault: 'busy for ever at block 3', step: 'Write', ...stuck() },
  { name: 'read back', at: ['write', 'read', 'read'], step: 'Verify', ...stuck() },
  { name: 'told to leave', at: ['leave'], step: 'Start Device OS', code: 'DFU_STUCK_BUSY', deadlineMs: 1_000 },
  {
    name: 'proven',
    at: ['leave', 'left', 'request 90'],
    step: 'Prove',
    code: 'BOARD_SILENT',
    deadlineMs: 30_000,
  },
]

function stuck() {
  return { code: 'DFU_STUCK_BUSY', deadlineMs: operationMs } as const
}

interface Seat extends Hang {
  readonly slot: number
  readonly platform: Family
}

export const silentBoards: readonly Scenario[] = [
  { name: 'silent when asked', boards: `${hangs.length} moments of ${families.join(', ')}, 3 at work`, run: silenced },
]

async function silenced({ ground, note }: Stage): Promise<void> {
  const all = families.flatMap((platform) =>
    hangs.filter(({ isCurrent }) => !isCurrent || platform !== 'p2').map((hang) => ({ ...hang, platform })),
  )
  const seats = all.map((seat, at): Seat => ({ ...seat, slot: families.length + at + 1 }))
  const calm = families.map((platform): BoardEntry => ({ platform, deviceOs: realSets[platform].from }))
  const bench = await ground.openBench({ boards: [...calm, ...seats.map(boardOf)], isEmpty: true })
  try {
    for (const { slot, at, fault } of seats) {
      await bench.hand({ act: fault ? 'note-at' : 'hang-at', slot, moment: at })
    }
    const slots = bench.under.station.slots().map(({ slot }) => slot)
    for (const slot of slots) await bench.hand({ act: 'plug', slot, board: slot })
    const computer = watchLateness(bench.clock)
    const waits = await sideBySide(seats.map((seat) => givenUp(bench, seat, computer)))
    computer.end()
    note(`the computer itself was up to ${computer.mostMs().toFixed(0)} ms late`)
    expectPassed(bench, (await bench.under.verdicts()).slice(0, families.length))
    for (const { name } of hangs) {
      const told = seats.flatMap((seat, at) => {
        const took = `${seat.platform} ${((waits[at] ?? 0) / 1000).toFixed(2)} of ${deadlineOf(seat, seat.platform) / 1000} s`
        return seat.name === name ? took : []
      })
      note(`${name}: ${told.join(', ')}`)
    }
  } finally {
    await bench.end()
  }
}

/** How long after it fell silent the board had its verdict. */
async function givenUp(bench: ScenarioBench, seat: Seat, computer: Lateness): Promise<number> {
  const { slot, platform, name, code } = seat
  const step = seat.stepOf?.[platform] ?? seat.step
  const title = `${platform} silent when ${name}`
  const view = (await bench.under.until((slots) => slots.some((each) => each.slot === slot && hasVerdict(each))))[
    slot - 1
  ]
  const nowMs = bench.clock.monotonic()
  const record = bench.under.records().find((each) => each.slot === slot)
  const { struckAtMs } = await bench.watched(slot)
  assert.equal(view?.fault?.code, code, `${title}: ${view && verdictOf(view)} ${view?.fault?.detail}`)
  assert.ok(struckAtMs !== null, `${title}: it was never silent`)
  if (step === null) assert.equal(record, undefined, title)
  const failed = record?.closing?.steps.at(-1)
  if (step !== null) {
    assert.ok(failed?.result === 'failed' && failed.name.startsWith(step), `${title}: failed in ${failed?.name}`)
    assert.equal(record?.closing?.outcome, faultCodes[code].outcome, title)
  }
  const endedMs = record?.closing ? record.closing.endedAt - (bench.clock.now() - nowMs) : nowMs
  const waitMs = endedMs - struckAtMs
  const limitMs = deadlineOf(seat, platform) * tenth + computer.mostMs()
  assert.ok(waitMs <= limitMs, `${title}: given up after ${waitMs.toFixed(0)} ms, limit ${limitMs.toFixed(0)} ms`)
  return waitMs
}

function deadlineOf({ deadlineMs }: Hang, platform: Family): number {
  return typeof deadlineMs === 'number' ? deadlineMs : deadlineMs[platform]
}

function boardOf({ platform, start, fault, isCurrent }: Seat): BoardEntry {
  const { from, to } = realSets[platform]
  const found = start ? { start } : { deviceOs: isCurrent ? to : from }
  return { platform, ...found, ...(fault && { faults: [fault] }) }
}

interface Lateness {
  /** The longest that a timer was late since the beginning; 0 on a virtual clock. */
  mostMs(): number
  end(): void
}

const tickMs = 100

/** On a busy computer a timer is late for reasons of its own; that much is no fault of a deadline. */
function watchLateness(clock: ScenarioBench['clock']): Lateness {
  const stop = new AbortController()
  let mostMs = 0
  const watch = async () => {
    while (!stop.signal.aborted) {
      const startedMs = clock.monotonic()
      await clock.sleep(tickMs, stop.signal)
      mostMs = Math.max(mostMs, clock.monotonic() - startedMs - tickMs)
    }
  }
  watch().catch(() => {})
  return { mostMs: () => mostMs, end: () => stop.abort() }
}
