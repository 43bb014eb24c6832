// One board, from plugging in to its verdict, in real time: how long it took over what the board itself needed, and what
// the rest was. The floor is the board's own account. In one process, so that the account can be read and every wait of
// the station be named.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { openLedger } from '../../src/main/audit/open-ledger.ts'
import type { BoardAccount } from '../../src/main/sim/account.ts'
import { createSimulatedBus, type Occupant } from '../../src/main/sim/simulated-bus.ts'
import type { FirmwareShelf, RecordSink } from '../../src/main/station/ports.ts'
import { createStation, type Station } from '../../src/main/station/station.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { ResolvedRecipe } from '../../src/shared/model/firmware-view.ts'
import { parsePortPath } from '../../src/shared/model/ids.ts'
import type { RecordClosing } from '../../src/shared/model/record.ts'
import { benchLog } from './bench-log.ts'
import { type AccountSpan, type Floor, floorOf, spentBetween } from './floor.ts'
import { away, createTrace, type Trace } from './trace.ts'

export interface Visit {
  readonly board: Occupant
  readonly recipe: ResolvedRecipe
  readonly shelf: FirmwareShelf
}

export interface VisitRun {
  /** From plugging in to the record closed. */
  readonly visit: Span
  /** From the record opened to the record closed. */
  readonly job: Span
  /** From plugging in to the first byte erased or programmed; null when there was none to change. */
  readonly firstFlash: Span | null
  /** "pass", or what went wrong. */
  readonly outcome: string
  readonly steps: readonly { readonly name: string; readonly durationMs: number }[]
}

export interface Span extends Floor {
  readonly wallMs: number
  /** Where the wall time went; the sums make up wallMs. */
  readonly split: ReadonlyMap<string, number>
  readonly account: AccountSpan
}

const longestVisitMs = 180_000
const portPath = parsePortPath('1-1.1')

/** Plugs the board into a new station, waits for its verdict, unplugs it. What it then holds, it keeps. */
export async function runVisit(visit: Visit): Promise<VisitRun> {
  const folder = mkdtempSync(join(tmpdir(), 'dfu-station-bench-'))
  try {
    return await runIn(folder, visit)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runIn(folder: string, { board, recipe, shelf }: Visit): Promise<VisitRun> {
  if (!portPath) throw new Error('no port')
  const ledger = openLedger({
    file: join(folder, 'ledger.sqlite'),
    stationId: 'bench',
    softwareVersion: 'bench',
    clock: systemClock,
  })
  const trace = createTrace()
  const bus = createSimulatedBus({ clock: systemClock, speed: 1 })
  const marks = watchVisit({ sink: ledger.sink, board, trace })
  bus.watch((event) => {
    if (event.kind === 'arrived') marks.arrived()
  })
  const station = createStation(
    { bus: trace.watched(bus, marks.looked), records: marks.sink, shelf, clock: trace.clock, log: benchLog },
    { isSimulated: true },
  )
  try {
    station.dispatch({ kind: 'recipe', recipe })
    station.dispatch({ kind: 'auto-start', on: true })
    station.dispatch({ kind: 'assign', ports: [portPath], learnsPorts: false })
    marks.plugged()
    bus.plug(portPath, board)
    const closing = await verdict(station, marks.closed)
    const { outcome, fault, steps } = closing
    const words = fault ? `${outcome}: ${fault.code} ${fault.detail}` : outcome
    return { ...marks.spans(), outcome: words, steps }
  } finally {
    bus.unplug(portPath)
    await station[Symbol.asyncDispose]()
    await bus[Symbol.asyncDispose]()
    ledger[Symbol.dispose]()
  }
}

async function verdict(station: Station, closed: Promise<RecordClosing>): Promise<RecordClosing> {
  const patience = new AbortController()
  const tooLong = systemClock.sleep(longestVisitMs, patience.signal).then(() => null)
  tooLong.catch(() => undefined)
  const refused = Promise.withResolvers<never>()
  const stop = station.watch(() => {
    const fault = station.slots().find(({ state }) => state === 'refused')?.fault
    if (fault) refused.reject(new Error(`the board was refused: ${fault.code} ${fault.detail}`))
  })
  try {
    const closing = await Promise.race([closed, tooLong, refused.promise])
    if (!closing) throw new Error(`no verdict after ${longestVisitMs} ms`)
    return closing
  } finally {
    stop()
    patience.abort()
  }
}

interface Mark {
  readonly atMs: number
  readonly account: BoardAccount
}

interface Watched {
  readonly sink: RecordSink
  readonly board: Occupant
  readonly trace: Trace
}

/** Marks the board's account and the time at the turning points of its visit. */
function watchVisit({ sink, board, trace }: Watched) {
  const marks: Partial<Record<'plugged' | 'first-flash' | 'opened' | 'closed', Mark>> = {}
  const mark = (name: keyof typeof marks) => {
    marks[name] ??= { atMs: performance.now(), account: board.account() }
  }
  const closed = Promise.withResolvers<RecordClosing>()
  const timed = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
    const fromMs = performance.now()
    const value = await act()
    trace.took(what, fromMs)
    return value
  }
  const watched: RecordSink = {
    open: (opening) => {
      mark('opened')
      return timed('record opened', () => sink.open(opening))
    },
    close: async (closing) => {
      await timed('record closed', () => sink.close(closing))
      mark('closed')
      closed.resolve(closing)
    },
  }
  const span = (from: Mark | undefined, to: Mark | undefined): Span => {
    if (!from || !to) throw new Error('the visit was not seen from its beginning to its end')
    return spanOf(from, to, spentBetween(from.account, to.account))
  }
  const spanOf = (from: Mark, to: Mark, account: AccountSpan): Span => {
    const split = trace.split(from.atMs, to.atMs)
    return { wallMs: to.atMs - from.atMs, ...floorOf(account, split), split, account }
  }
  /** The board accounts for an erase as it begins, and so for one that lies behind this moment. */
  const untilFirstFlash = (): Span | null => {
    const { plugged, 'first-flash': flash } = marks
    if (!plugged || !flash) return null
    return spanOf(plugged, flash, { ...spentBetween(plugged.account, flash.account), eraseMs: 0, programMs: 0 })
  }
  let isFirstArrival = true
  return {
    sink: watched,
    closed: closed.promise,
    plugged: () => mark('plugged'),
    arrived: () => {
      const { plugged } = marks
      if (isFirstArrival && plugged) trace.took(away, plugged.atMs)
      isFirstArrival = false
    },
    /** After each transfer: has the board begun to change its flash? */
    looked: () => {
      const { plugged } = marks
      if (marks['first-flash'] || !plugged) return
      const { eraseMs, programMs } = spentBetween(plugged.account, board.account())
      if (eraseMs + programMs > 0) mark('first-flash')
    },
    spans: () => ({
      visit: span(marks.plugged, marks.closed),
      job: span(marks.opened, marks.closed),
      firstFlash: untilFirstFlash(),
    }),
  }
}
