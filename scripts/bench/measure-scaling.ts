// N boards beside one, in process and on the kernel: wall time, and what the two processes of the station cost.
import { type Aim, atMost, type Measure, measured, type Section } from './results.ts'
import { type Runs, runsInProcess, runsOnKernel } from './scaling-runs.ts'
import type { StationRun } from './station-run.ts'

const onKernel = {
  title: 'Many boards on the kernel: wall time beside one board',
  about:
    'The whole station over libusb, the kernel’s USB stack and a virtual host controller, Photons at real flash timing, ' +
    'real firmware, once. The kernel has one processor, which desk, USB process, udev and the simulated boards share, and ' +
    'its controllers enumerate one device after another, half a second each, 8 side by side: with 32 boards each coming ' +
    'back from a reset waits for up to 3 others. It is a curve to look at, not an aim: neither holds on a real bench.',
} as const

export interface ScalingPlan {
  /** Counts of boards, round by round; each round has one board alone. */
  readonly inProcess: readonly (readonly number[])[]
  /** Empty: left out. */
  readonly onKernel: readonly number[]
}

export async function measureScaling(plan: ScalingPlan): Promise<readonly Section[]> {
  const inProcess = await runsInProcess(plan.inProcess)
  const kernel = await runsOnKernel(plan.onKernel)
  const measures = 'skipped' in kernel ? [] : wallTimes(kernel.runs, byJob)
  return [
    {
      title: 'Many boards: wall time beside one board',
      about:
        'The whole station as "station flash" runs it, in its two processes, Photons at real flash timing. Wall time is ' +
        'from the start of the command to its last result. The simulated boards compute in the USB process too.',
      measures: wallTimes(inProcess, byBoth),
      skipped: null,
    },
    { ...onKernel, measures, skipped: 'skipped' in kernel ? kernel.skipped : null },
    {
      title: 'What the station costs the computer',
      about:
        'Processor time (user and system) of both processes from the start of the command to its end, and what each board ' +
        'beyond the first adds to it; largest resident memory of each process; how late the event loop of the USB process ' +
        'is, 99 times in 100. In process the simulated boards, with their flash memories, are part of the USB process; on ' +
        'the kernel they are not, and its processor time is told by a coarse clock.',
      measures: [
        ...costs('in process', inProcess),
        ...('skipped' in kernel ? [] : costs('on the kernel', kernel.runs)),
      ],
      skipped: null,
    },
  ]
}

interface Judging {
  readonly ratio: (run: StationRun, single: StationRun) => number
  readonly aim: Aim | null
  readonly note: string
}

const byBoth: Judging = {
  ratio: (run, single) => Math.max(run.wallMs / single.wallMs, run.longestJobMs / single.longestJobMs),
  aim: atMost(1.05),
  note: 'the worse of wall time and longest job',
}
/** Starting two processes takes that kernel up to ten seconds, which are no board's. */
const byJob: Judging = {
  ratio: (run, single) => run.longestJobMs / single.longestJobMs,
  aim: null,
  note: 'the longest job beside that of one board',
}

function wallTimes(runs: Runs, { ratio, aim, note }: Judging): readonly Measure[] {
  const one = runs.get(1) ?? []
  return [...runs].flatMap(([count, each]) => {
    const problem = problemOf(count, each)
    const job = each.map(({ longestJobMs }) => (longestJobMs / 1000).toFixed(1)).join(', ')
    const seconds = each.map(({ wallMs }) => wallMs / 1000)
    const wall = measured(
      { name: nameOf(count), unit: 's', values: seconds },
      { note: `longest job ${job} s`, problem },
    )
    if (count === 1) return [wall]
    // Side by side: each repetition against the single board of the same round, by the worse of the two measures.
    const values = each.flatMap((run, n) => {
      const single = one[n] ?? one[0]
      return single ? [ratio(run, single)] : []
    })
    const told = { aim, note, problem: problem ?? problemOf(1, one) }
    return [wall, measured({ name: '  beside one board', unit: 'x', values }, told)]
  })
}

function costs(where: string, runs: Runs): readonly Measure[] {
  return [...runs].flatMap(([count, each]) => {
    const problem = problemOf(count, each)
    const row = (what: string, unit: string, values: readonly (number | null)[]) => {
      const known = values.filter((value) => value !== null)
      const told = { problem: known.length > 0 ? problem : 'not measurable on this computer' }
      return measured({ name: `${nameOf(count)} ${where}: ${what}`, unit, values: known }, told)
    }
    if (count !== 1 && count !== Math.max(...runs.keys())) return []
    const processor = row('processor time', 's', each.map(processorSeconds))
    const further = row(
      'processor time for each board beyond the first',
      's',
      each.map((run, n) => furtherSeconds(run, runs.get(1)?.[n], count)),
    )
    return [
      processor,
      ...(count === 1 ? [] : [further]),
      row(
        'memory of the desk process (ledger, doors)',
        'MiB',
        each.map(({ desk }) => mebibytes(desk.peakBytes)),
      ),
      row(
        'memory of the USB process',
        'MiB',
        each.map(({ usb }) => mebibytes(usb.peakBytes)),
      ),
      row(
        'event loop of the USB process, p99',
        'ms late',
        each.map(({ usb }) => usb.loopP99Ms),
      ),
    ]
  })
}

function mebibytes(bytes: number | null): number | null {
  return bytes === null ? null : bytes / 2 ** 20
}

function processorSeconds({ desk, usb }: StationRun): number | null {
  return desk.cpuMs === null || usb.cpuMs === null ? null : (desk.cpuMs + usb.cpuMs) / 1000
}

function furtherSeconds(run: StationRun, single: StationRun | undefined, count: number): number | null {
  const all = processorSeconds(run)
  const one = single ? processorSeconds(single) : null
  return all === null || one === null ? null : (all - one) / (count - 1)
}

function nameOf(count: number): string {
  return `${count} ${count === 1 ? 'Photon' : 'Photons'}`
}

function problemOf(count: number, runs: readonly StationRun[]): string | null {
  if (runs.length === 0) return 'no measure: it came to no end'
  const [first] = runs.filter(({ boards, passed }) => boards !== count || passed !== count)
  return first ? `no measure: ${first.passed} of ${count} boards passed, ${first.boards} results` : null
}
