// One board, one whole job, in real time: how long it took over what the board itself needed, and what the rest was.
// The floor is the board's own account: erase, program, wire, resets and boots. In one process, so that the account can
// be read and every wait of the station be named.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { openLedger } from '../../src/main/audit/open-ledger.ts'
import { demoRecipe, prepareDemo } from '../../src/main/desk/prepare-demo.ts'
import { resolveRecipe } from '../../src/main/desk/resolve-recipe.ts'
import type { BoardAccount } from '../../src/main/sim/account.ts'
import { parseBenchSpec } from '../../src/main/sim/bench-spec.ts'
import { createBench } from '../../src/main/sim/simulated-bench.ts'
import type { SimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { openLibrary } from '../../src/main/station/firmware/library.ts'
import type { RecordSink } from '../../src/main/station/ports.ts'
import { createStation } from '../../src/main/station/station.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { RecordClosing } from '../../src/shared/model/record.ts'
import { benchLog } from './bench-log.ts'
import type { BenchPlatform } from './firmware.ts'
import { awaited, away, createTrace, type Trace } from './trace.ts'

export interface FloorRun {
  readonly platform: BenchPlatform
  /** From the record opened to the record closed, and from the board on the bus to the record closed. */
  readonly job: Span
  readonly visit: Span
  readonly outcome: string
  readonly steps: readonly { readonly name: string; readonly durationMs: number }[]
}

export interface Span {
  readonly wallMs: number
  readonly floorMs: number
  /** Resets, boots and short visits of the board that the station could only wait for. */
  readonly pausesMs: number
  /** Where the wall time went; the sums make up wallMs. */
  readonly split: ReadonlyMap<string, number>
  readonly account: AccountSpan
}

type AccountSpan = Pick<BoardAccount, 'eraseMs' | 'programMs' | 'wireMs' | 'waitMs' | 'transfers'>

const longestJobMs = 180_000

export async function runOverFloor(platform: BenchPlatform): Promise<FloorRun> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'dfu-station-bench-'))
  try {
    return await runIn(dataFolder, platform)
  } finally {
    rmSync(dataFolder, { recursive: true, force: true })
  }
}

async function runIn(dataFolder: string, platform: BenchPlatform): Promise<FloorRun> {
  await prepareDemo(dataFolder, benchLog)
  const shelf = await openLibrary(join(dataFolder, 'firmware'), { clock: systemClock })
  const ledger = openLedger({
    file: join(dataFolder, 'ledger.sqlite'),
    stationId: 'bench',
    softwareVersion: 'bench',
    clock: systemClock,
  })
  const trace = createTrace()
  const bus = createBench(parseBenchSpec(platform), { clock: systemClock, speed: 1 })
  const [placed] = bus.boards()
  if (!placed) throw new Error('the bench is empty')
  const marks = watchJob({ sink: ledger.sink, board: placed.board, trace })
  bus.watch((event) => {
    if (event.kind === 'arrived') marks.arrived()
  })
  const station = createStation(
    { bus: trace.watched(bus), records: marks.sink, shelf, clock: trace.clock, log: benchLog },
    { isSimulated: true },
  )
  try {
    station.dispatch({ kind: 'recipe', recipe: await resolveRecipe(demoRecipe, shelf) })
    station.dispatch({ kind: 'auto-start', on: true })
    station.dispatch({ kind: 'assign', ports: [placed.portPath], learnsPorts: false })
    const patience = new AbortController()
    const tooLong = systemClock.sleep(longestJobMs, patience.signal).then(() => null)
    tooLong.catch(() => undefined)
    const closing = await Promise.race([marks.closed, tooLong])
    patience.abort()
    if (!closing) throw new Error(`${platform}: no verdict after ${longestJobMs} ms`)
    const { outcome, fault, steps } = closing
    const words = fault ? `${outcome}: ${fault.code} ${fault.detail}` : outcome
    return { platform, ...marks.spans(), outcome: words, steps }
  } finally {
    await station[Symbol.asyncDispose]()
    await bus[Symbol.asyncDispose]()
    ledger[Symbol.dispose]()
  }
}

interface Mark {
  readonly atMs: number
  readonly account: BoardAccount
}

/** Marks the board's account and the time at its arrival, its record's opening and its closing. */
function watchJob({ sink, board, trace }: { sink: RecordSink; board: SimulatedBoard; trace: Trace }) {
  const marks: Partial<Record<'arrived' | 'opened' | 'closed', Mark>> = {}
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
  const span = (from: Mark | undefined): Span => {
    const to = marks.closed
    if (!from || !to) throw new Error('the job was not seen from its beginning to its end')
    const account = difference(from.account, to.account)
    const split = trace.split(from.atMs, to.atMs)
    // A pause of the board that the station used for something else is no part of the floor.
    const idleMs = (split.get(away) ?? 0) + (split.get(awaited) ?? 0)
    const pausesMs = Math.min(account.waitMs, idleMs)
    const floorMs = account.eraseMs + account.programMs + account.wireMs + pausesMs
    return { wallMs: to.atMs - from.atMs, floorMs, pausesMs, split, account }
  }
  return {
    sink: watched,
    closed: closed.promise,
    arrived: () => mark('arrived'),
    spans: () => ({ job: span(marks.opened), visit: span(marks.arrived) }),
  }
}

function difference(from: BoardAccount, to: BoardAccount): AccountSpan {
  const names = ['eraseMs', 'programMs', 'wireMs', 'waitMs', 'transfers'] as const
  const entries = names.map((name) => [name, to[name] - from[name]] as const)
  return Object.fromEntries(entries) as unknown as AccountSpan
}
