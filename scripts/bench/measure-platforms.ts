// Every platform restored whole, up and down between two releases, at real flash timing, beside what the board itself
// needs for it: the seconds a line pays for a board of each kind.

import { boardSpecOf } from '../../src/main/sim/bench-spec.ts'
import { createSimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { platformOf } from '../../src/main/station/platforms/platforms.ts'
import { type PlatformName, platformNames } from '../../src/shared/model/platform.ts'
import { fullRestores } from '../../test/scenarios/full-restores.ts'
import { runVisit, type VisitRun } from './one-visit.ts'
import { type Measure, measured, type Section } from './results.ts'
import { openFirmware } from './visit-firmware.ts'

interface Restored {
  readonly platform: PlatformName
  readonly up: VisitRun
  readonly down: VisitRun
}

/** So many stations side by side leave the processor idle nearly all the time. */
const sideBySide = 6

export async function measurePlatforms(): Promise<readonly Section[]> {
  const releases = platformNames.flatMap((platform) => {
    const { older, newer } = fullRestores[platform]
    return [
      { platform, deviceOs: newer, before: older },
      { platform, deviceOs: older, before: newer },
    ]
  })
  using firmware = await openFirmware(releases)
  const waiting = [...platformNames]
  const restored = new Map<PlatformName, Restored>()
  const work = async () => {
    for (let platform = waiting.shift(); platform; platform = waiting.shift()) {
      restored.set(platform, await restore(platform))
    }
  }
  async function restore(platform: PlatformName): Promise<Restored> {
    const { older, newer } = fullRestores[platform]
    const board = createSimulatedBoard(boardSpecOf({ platform, deviceOs: older }, 0))
    const wishes = { verify: 'read-back', user: 'set' } as const
    const visit = async (deviceOs: string, before: string) => {
      const recipe = await firmware.recipe({ platform, deviceOs, before }, wishes)
      return runVisit({ board, recipe, shelf: firmware.library })
    }
    const up = await visit(newer, older)
    return { platform, up, down: await visit(older, newer) }
  }
  await Promise.all(Array.from({ length: sideBySide }, work))
  return [
    {
      title: 'Every platform: a full restore up and down, over the floor of the board',
      about:
        'From plugging in to the verdict, every module of the release written and proven, six boards at a time, each with a ' +
        'station of its own. Floor: what the board itself needs by its own account, as above. Synthetic firmware of the sizes ' +
        'of the real releases; what the board holds already, such as an unchanged SoftDevice, is read and left alone.',
      measures: platformNames.flatMap((platform) => measuresOf(restored.get(platform))),
      skipped: null,
    },
  ]
}

function measuresOf(restored: Restored | undefined): readonly Measure[] {
  if (!restored) return []
  const { platform } = restored
  const { older, newer } = fullRestores[platform]
  const title = platformOf(platform).title
  return [
    measure(`${title} up`, restored.up, `${older} to ${newer}`),
    measure(`${title} down`, restored.down, `${newer} to ${older}`),
  ]
}

function measure(name: string, { visit, outcome }: VisitRun, what: string): Measure {
  const floor = (visit.floorMs / 1000).toFixed(1)
  const ratio = (visit.wallMs / visit.floorMs).toFixed(3)
  const problem = outcome === 'pass' ? null : `no measure: ${outcome}`
  return measured(
    { name, unit: 's', values: [visit.wallMs / 1000] },
    { note: `${what}; floor ${floor} s, ${ratio}x`, problem },
  )
}
