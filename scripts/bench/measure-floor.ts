// Whole boards over their floor, family by family and over repetitions, from plugging in to the verdict, every wait
// named.
import { type BenchPlatform, titles } from './firmware.ts'
import { firstFlash } from './first-flash.ts'
import { runVisit, type Span, type VisitRun } from './one-visit.ts'
import { atMost, type Measure, measured, type Section } from './results.ts'
import { awaited, away, ourWork, polling, transferring } from './trace.ts'
import { boardBefore, openFirmware, type Release } from './visit-firmware.ts'

const releases: readonly Release<BenchPlatform>[] = [
  { platform: 'boron', deviceOs: '4.0.2', before: '2.0.1' },
  { platform: 'p2', deviceOs: '5.6.0', before: '5.0.0' },
  { platform: 'photon', deviceOs: '2.3.1', before: '2.0.1' },
]
const aim = atMost(1.03)
/** particle-cli 3.49 with a Boron: bootloader, system part and user part, no SoftDevice, no proof. Not run here. */
const particleCliSeconds = 41

export async function measureFloor(repetitions: number): Promise<readonly Section[]> {
  const runs = new Map<Release<BenchPlatform>, VisitRun[]>(releases.map((release) => [release, []]))
  using firmware = await openFirmware(releases)
  for (let n = 0; n < repetitions; n += 1) {
    // Each board has a station of its own; side by side they take the time of the slowest.
    await Promise.all(releases.map((release) => runOnce(release, runs.get(release) ?? [])))
  }
  async function runOnce(release: Release<BenchPlatform>, into: VisitRun[]): Promise<void> {
    const recipe = await firmware.recipe(release, { verify: 'read-back', user: 'set' })
    into.push(await runVisit({ board: boardBefore(release), recipe, shelf: firmware.library }))
  }
  const whole = {
    title: 'A whole board: from plugging in to the verdict, over the floor of the board',
    about:
      'Every module of the board is replaced, the SoftDevice of a Boron too, and proven by reading back and by report. ' +
      'Floor: what the board itself needs for it by its own account: erasing, programming, the wire, resets, boots and ' +
      'switching on, and Device OS at work on requests (5 s of it the modem that is switched on for the ICCID); pauses and ' +
      'requests only as far as the station could do nothing else. The lines below a ratio say where the rest went.',
    measures: [...runs].flatMap(([release, each]) => measuresOf(release, each)),
    skipped: null,
  }
  return [whole, firstFlash(runs)]
}

function measuresOf(
  { platform, deviceOs, before }: Release<BenchPlatform>,
  runs: readonly VisitRun[],
): readonly Measure[] {
  const failed = runs.filter(({ outcome }) => outcome !== 'pass').map(({ outcome }) => outcome)
  const problem = failed.length > 0 ? `no measure: ${failed.join('; ')}` : null
  const [first] = runs
  const title = titles[platform]
  const row = (name: string, value: (run: VisitRun) => number, told: Partial<Measure> = {}) =>
    measured({ name, unit: 's', values: runs.map(value) }, { problem, ...told })
  const ratio = (span: (run: VisitRun) => Span) => (run: VisitRun) => span(run).wallMs / span(run).floorMs
  const visit = (run: VisitRun) => run.visit
  return [
    { ...row(`${title}: plugging in to verdict / floor`, ratio(visit), { aim }), unit: 'x' },
    row('  plugging in to verdict', (run) => run.visit.wallMs / 1000, { note: `Device OS ${before} to ${deviceOs}` }),
    row('  floor', (run) => run.visit.floorMs / 1000, { note: first ? partsOf(first.visit) : '' }),
    ...namesOf(runs).map((name) => row(`  ${name}`, (run) => restOf(run.visit, name) / 1000)),
    {
      ...row(
        '  the job alone / floor',
        ratio(({ job }) => job),
      ),
      unit: 'x',
    },
    row('  the job alone', (run) => run.job.wallMs / 1000, { note: first ? stepsOf(first) : '' }),
    ...(platform === 'boron' ? [besideParticleCli(runs, problem)] : []),
  ]
}

function besideParticleCli(runs: readonly VisitRun[], problem: string | null): Measure {
  const values = runs.map(({ visit }) => visit.wallMs / 1000)
  const note = `particle-cli 3.49 needs ${particleCliSeconds} s without SoftDevice and proof (reported, not run here)`
  return measured(
    { name: '  plugging in to verdict', unit: 's', values },
    { aim: atMost(particleCliSeconds), note, problem },
  )
}

const flashAndWire = 'transfers beyond flash, wire and handlers'
const longerPauses = 'resets and boots beyond the account'
const boards = [away, awaited]

function namesOf(runs: readonly VisitRun[]): readonly string[] {
  const names = new Set(runs.flatMap(({ visit }) => [...visit.split.keys()]))
  const ours = [...names].filter((name) => ![...boards, transferring, polling, ourWork].includes(name))
  return [flashAndWire, longerPauses, ...ours.sort(), ourWork]
}

/** Transfers and polling hold flash, wire and handlers; absence holds the board's own pauses: what is beyond is ours. */
function restOf({ split, floorMs, pausesMs }: Span, name: string): number {
  const spent = (...names: readonly string[]) => names.reduce((sum, each) => sum + (split.get(each) ?? 0), 0)
  if (name === flashAndWire) return spent(transferring, polling) - (floorMs - pausesMs)
  return name === longerPauses ? spent(...boards) - pausesMs : spent(name)
}

function partsOf({ account, pausesMs, handlersMs }: Span): string {
  const seconds = (ms: number) => (ms / 1000).toFixed(1)
  const { eraseMs, programMs, wireMs, earlyMs, transfers } = account
  const flash = `erase ${seconds(eraseMs)}, program ${seconds(programMs)}, wire ${seconds(wireMs - earlyMs)}`
  return `${flash}, resets and boots ${seconds(pausesMs)}, requests ${seconds(handlersMs)}; ${transfers} transfers`
}

function stepsOf({ steps }: VisitRun): string {
  return steps.map(({ name, durationMs }) => `${name} ${(durationMs / 1000).toFixed(1)}`).join(', ')
}
