// Jobs over the floor of their boards, family by family and over repetitions, with every wait named.

import { type BenchPlatform, titles } from './firmware.ts'
import { type FloorRun, runOverFloor, type Span } from './floor.ts'
import { atMost, type Measure, type Section } from './results.ts'
import { awaited, away, ourWork, polling, transferring } from './trace.ts'

const aim = atMost(1.05)

export async function measureFloor(platforms: readonly BenchPlatform[], repetitions: number): Promise<Section> {
  const runs: FloorRun[] = []
  for (let n = 0; n < repetitions; n += 1) {
    // Each board has a station of its own; side by side they take the time of the slowest.
    runs.push(...(await Promise.all(platforms.map(runOverFloor))))
  }
  return {
    title: 'One board: time over the floor of the board',
    about:
      'Job: from the record opened to the record closed. Floor: what the board itself needs for it (erase, program, ' +
      'wire, resets, boots) by its own account, pauses only as far as the station could do nothing else. The lines below ' +
      'a ratio say where the rest went.',
    measures: platforms.flatMap((platform) =>
      measuresOf(
        platform,
        runs.filter((run) => run.platform === platform),
      ),
    ),
    skipped: null,
  }
}

function measuresOf(platform: BenchPlatform, runs: readonly FloorRun[]): readonly Measure[] {
  const failed = runs.filter(({ outcome }) => outcome !== 'pass').map(({ outcome }) => outcome)
  const problem = failed.length > 0 ? `no measure: ${failed.join('; ')}` : null
  const [first] = runs
  const of = (unit: string, value: (run: FloorRun) => number) => ({
    unit,
    values: runs.map(value),
    aim: null,
    note: '',
  })
  return [
    { ...of('x', ({ job }) => job.wallMs / job.floorMs), name: `${titles[platform]}: job / floor`, aim, problem },
    { ...of('s', ({ job }) => job.wallMs / 1000), name: '  job', note: first ? stepsOf(first) : '', problem },
    { ...of('s', ({ job }) => job.floorMs / 1000), name: '  floor', note: first ? floorOf(first.job) : '', problem },
    ...namesOf(runs).map((name) => ({ ...of('s', (run) => restOf(run.job, name) / 1000), name: `  ${name}`, problem })),
    {
      ...of('s', ({ visit, job }) => (visit.wallMs - job.wallMs) / 1000),
      name: '  before the job: identification',
      note: platform === 'boron' ? 'the modem is switched on for the ICCID (5 s here, 1 to 30 s on a board)' : '',
      problem,
    },
  ]
}

const flashAndWire = 'transfers beyond flash and wire'
const longerPauses = 'resets and boots beyond the account'
const boards = [away, awaited]

function namesOf(runs: readonly FloorRun[]): readonly string[] {
  const names = new Set(runs.flatMap(({ job }) => [...job.split.keys()]))
  const ours = [...names].filter((name) => ![...boards, transferring, polling, ourWork].includes(name))
  return [flashAndWire, longerPauses, ...ours.sort(), ourWork]
}

/** Transfers and polling hold the flash and the wire; absence holds the board's own pauses: what is beyond is ours. */
function restOf({ split, account, pausesMs }: Span, name: string): number {
  const spent = (...names: readonly string[]) => names.reduce((sum, each) => sum + (split.get(each) ?? 0), 0)
  if (name === flashAndWire) {
    return spent(transferring, polling) - account.eraseMs - account.programMs - account.wireMs
  }
  return name === longerPauses ? spent(...boards) - pausesMs : spent(name)
}

function floorOf({ account, pausesMs }: Span): string {
  const seconds = (ms: number) => (ms / 1000).toFixed(1)
  const { eraseMs, programMs, wireMs, transfers } = account
  const parts = `erase ${seconds(eraseMs)}, program ${seconds(programMs)}, wire ${seconds(wireMs)}`
  return `${parts}, resets and boots ${seconds(pausesMs)}; ${transfers} transfers`
}

function stepsOf({ steps }: FloorRun): string {
  return steps.map(({ name, durationMs }) => `${name} ${(durationMs / 1000).toFixed(1)}`).join(', ')
}
