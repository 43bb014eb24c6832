// N boards beside one: wall time, and what the two processes of the station cost, at real flash timing.
import { type BenchPlatform, titles } from './firmware.ts'
import { atMost, type Measure, type Section } from './results.ts'
import { runStation, type StationRun } from './station-run.ts'

const aim = atMost(1.05)

export interface ScalingPlan {
  readonly platform: BenchPlatform
  readonly counts: readonly number[]
  readonly repetitions: number
}

export async function measureScaling(plans: readonly ScalingPlan[]): Promise<readonly Section[]> {
  const all = new Map<ScalingPlan, Map<number, StationRun[]>>()
  for (const plan of plans) {
    const runs = new Map<number, StationRun[]>(plan.counts.map((count) => [count, []]))
    // One round after the other, so that a busy minute of the computer falls on every count.
    for (let n = 0; n < plan.repetitions; n += 1) {
      for (const count of plan.counts) runs.get(count)?.push(await runStation(`${plan.platform}:${count}`))
    }
    all.set(plan, runs)
  }
  return [
    {
      title: 'Many boards: wall time beside one board',
      about:
        'The whole station as "station flash" runs it, in its two processes, real flash timing. Wall time is from the ' +
        'start of the command to its last result. The simulated boards compute in the USB process too.',
      measures: [...all].flatMap(([plan, runs]) => wallTimes(plan, runs)),
      skipped: null,
    },
    {
      title: 'What the station costs the computer',
      about:
        'Largest resident memory of each process, and how late the event loop of the USB process is, 99 times in 100.',
      measures: [...all].flatMap(([plan, runs]) => costs(plan, runs)),
      skipped: null,
    },
  ]
}

function wallTimes({ platform }: ScalingPlan, runs: ReadonlyMap<number, readonly StationRun[]>): readonly Measure[] {
  const one = runs.get(1) ?? []
  return [...runs].flatMap(([count, each]) => {
    const problem = problemOf(count, each)
    const job = each.map(({ longestJobMs }) => (longestJobMs / 1000).toFixed(1)).join(', ')
    const wall: Measure = {
      name: `${titles[platform]}, ${count} ${count === 1 ? 'board' : 'boards'}`,
      unit: 's',
      values: each.map(({ wallMs }) => wallMs / 1000),
      aim: null,
      note: `longest job ${job} s`,
      problem,
    }
    if (count === 1) return [wall]
    // Side by side: each repetition against the single board of the same round, by the worse of the two measures.
    const values = each.map((run, n) => {
      const single = one[n] ?? one[0]
      if (!single) throw new Error('a ratio wants a run with one board')
      return Math.max(run.wallMs / single.wallMs, run.longestJobMs / single.longestJobMs)
    })
    const note = 'the worse of wall time and longest job'
    return [wall, { name: '  beside one board', unit: 'x', values, aim, note, problem: problem ?? problemOf(1, one) }]
  })
}

function costs({ platform }: ScalingPlan, runs: ReadonlyMap<number, readonly StationRun[]>): readonly Measure[] {
  return [...runs].flatMap(([count, each]) => {
    if (count !== 1 && count !== Math.max(...runs.keys())) return []
    const name = `${titles[platform]}, ${count} ${count === 1 ? 'board' : 'boards'}`
    const problem = problemOf(count, each)
    const of = (what: string, unit: string, values: readonly (number | null)[]): Measure => {
      const known = values.filter((value) => value !== null)
      const told = known.length > 0 ? problem : 'not measurable on this computer'
      return { name: `${name}: ${what}`, unit, values: known, aim: null, note: '', problem: told }
    }
    const mebibytes = (bytes: number | null) => (bytes === null ? null : bytes / 2 ** 20)
    return [
      of(
        'memory of the desk process (ledger, doors)',
        'MiB',
        each.map(({ desk }) => mebibytes(desk.peakBytes)),
      ),
      of(
        'memory of the USB process',
        'MiB',
        each.map(({ usb }) => mebibytes(usb.peakBytes)),
      ),
      of(
        'event loop of the USB process, p99',
        'ms late',
        each.map(({ usb }) => usb.loopP99Ms),
      ),
    ]
  })
}

function problemOf(count: number, runs: readonly StationRun[]): string | null {
  const bad = runs.filter(({ boards, passed }) => boards !== count || passed !== count)
  const [first] = bad
  return first ? `no measure: ${first.passed} of ${count} boards passed, ${first.boards} results` : null
}
