// Work that a board spares the station: a board that holds everything already, one that lacks only its user firmware,
// and blank flash. Whole jobs in real time, one board through all three; blank flash by the engine in virtual time.
import { type BenchPlatform, titles } from './firmware.ts'
import { measureBlank } from './measure-blank.ts'
import { runVisit, type VisitRun } from './one-visit.ts'
import { atMost, type Measure, measured, type Section } from './results.ts'
import { boardBefore, openFirmware, type Release, type VisitFirmware, type Wishes } from './visit-firmware.ts'

interface Case {
  readonly release: Release<BenchPlatform>
  readonly verify: Wishes['verify']
}

const boron402: Release<BenchPlatform> = { platform: 'boron', deviceOs: '4.0.2', before: '2.0.1' }
/** Device OS reports hashes from 5.6.0 on, so "reported" needs it; no Photon has it. */
const boron560: Release<BenchPlatform> = { platform: 'boron', deviceOs: '5.6.0', before: '2.0.1' }
const p2: Release<BenchPlatform> = { platform: 'p2', deviceOs: '5.6.0', before: '5.0.0' }
const photon: Release<BenchPlatform> = { platform: 'photon', deviceOs: '2.3.1', before: '2.0.1' }
const releases = [boron402, boron560, p2, photon] as const
const cases: readonly Case[] = [
  { release: boron402, verify: 'read-back' },
  { release: boron560, verify: 'reported' },
  { release: p2, verify: 'read-back' },
  { release: p2, verify: 'reported' },
  { release: photon, verify: 'read-back' },
]
const aims = { same: atMost(0.1), user: atMost(0.25) } as const

/** One board, three visits one after the other. */
interface Life {
  readonly full: VisitRun
  readonly same: VisitRun
  readonly user: VisitRun
}

export async function measureDelta(repetitions: number): Promise<Section> {
  using firmware = await openFirmware(releases)
  const lives = new Map<Case, Life[]>(cases.map((each) => [each, []]))
  for (let n = 0; n < repetitions; n += 1) {
    await Promise.all(cases.map(async (each) => lives.get(each)?.push(await liveOnce(each, firmware))))
  }
  return {
    title: 'Boards that hold it already: a job beside the full one',
    about:
      'Jobs from the record opened to the record closed, with the full proof that the recipe asks for. The board’s own ' +
      'mode switches (to DFU and back, its boots) cannot be shorter; the note says how much of the job they are. "Reported" ' +
      'needs Device OS 5.6.0, which no Photon has. Blank flash: the engine writes a system part over another one, and to ' +
      'flash that is blank but not known to be, in virtual time.',
    measures: [...[...lives].flatMap(([each, life]) => measuresOf(each, life)), ...(await measureBlank())],
    skipped: null,
  }
}

async function liveOnce({ release, verify }: Case, firmware: VisitFirmware): Promise<Life> {
  const board = boardBefore(release)
  const shelf = firmware.library
  const set = await firmware.recipe(release, { verify, user: 'set' })
  const other = await firmware.recipe(release, { verify, user: 'other' })
  const full = await runVisit({ board, recipe: set, shelf })
  const same = await runVisit({ board, recipe: set, shelf })
  return { full, same, user: await runVisit({ board, recipe: other, shelf }) }
}

function measuresOf({ release, verify }: Case, lives: readonly Life[]): readonly Measure[] {
  const failed = lives.flatMap((life) => [life.full, life.same, life.user]).find(({ outcome }) => outcome !== 'pass')
  const problem = failed ? `no measure: ${failed.outcome}` : null
  const name = `${titles[release.platform]}, ${verify}`
  const note = (which: keyof Life) => (lives[0] ? noteOf(lives[0][which], lives[0].full) : '')
  const seconds = lives.map(({ full }) => full.job.wallMs / 1000)
  const beside = (which: keyof typeof aims, what: string) => {
    const values = lives.map((life) => life[which].job.wallMs / life.full.job.wallMs)
    return measured({ name: `  ${what}`, unit: 'x', values }, { aim: aims[which], note: note(which), problem })
  }
  return [
    measured({ name: `${name}: the full job`, unit: 's', values: seconds }, { note: note('full'), problem }),
    beside('same', 'holds the set already'),
    beside('user', 'only another user firmware'),
  ]
}

const shownFromMs = 50

/** What the job took, how much of that only the board can shorten, and the steps that took any time. */
function noteOf({ job, visit, steps }: VisitRun, full: VisitRun): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  const share = (job.pausesMs / full.job.wallMs).toFixed(3)
  const switches = `of it the board's mode switches and boots ${seconds(job.pausesMs)}, ${share} of the full job`
  const long = steps.filter(({ durationMs }) => durationMs >= shownFromMs)
  const told = long.map(({ name, durationMs }) => `${name} ${(durationMs / 1000).toFixed(1)}`).join(', ')
  return `${seconds(job.wallMs)} (from plugging in ${seconds(visit.wallMs)}), ${switches}; ${told}`
}
