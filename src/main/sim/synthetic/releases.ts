// The synthetic Device OS releases of every simulated platform, the oldest of each first. What they consist of is written
// down by chip family, in the three tables beside this file.
import { Fault } from '../../../shared/fault/fault.ts'
import type { SimPlatform } from '../board-parts.ts'
import { type Gen2Row, gen2Release, gen2Releases } from './gen2-releases.ts'
import { type NrfRow, nrfRelease, nrfReleases } from './nrf-releases.ts'
import type { ReleaseModule, ReleaseRequest } from './release-module.ts'
import { type RtlRow, rtlRelease, rtlReleases } from './rtl-releases.ts'

type ReleaseMaker = (userSeed: string) => readonly ReleaseModule[]
type MakersByRelease = Readonly<Record<string, ReleaseMaker>>

const releases: Readonly<Record<SimPlatform, MakersByRelease>> = {
  ...makersOf<keyof typeof gen2Releases, Gen2Row>(gen2Releases, gen2Release),
  ...makersOf<keyof typeof nrfReleases, NrfRow>(nrfReleases, nrfRelease),
  ...makersOf<keyof typeof rtlReleases, RtlRow>(rtlReleases, rtlRelease),
}

function makersOf<Name extends SimPlatform, Row>(
  table: Readonly<Record<Name, Readonly<Record<string, Row>>>>,
  make: (request: ReleaseRequest<Row>) => readonly ReleaseModule[],
): Record<Name, MakersByRelease> {
  const makers = (platform: Name): MakersByRelease =>
    Object.fromEntries(
      Object.entries<Row>(table[platform]).map(([deviceOs, row]) => [
        deviceOs,
        (userSeed: string) => make({ platform, row, userSeed }),
      ]),
    )
  const names = Object.keys(table) as Name[]
  return Object.fromEntries(names.map((name) => [name, makers(name)])) as Record<Name, MakersByRelease>
}

/** The releases there are for a platform, oldest first. */
export function releasesOf(platform: SimPlatform): readonly string[] {
  return Object.keys(releases[platform])
}

/** The modules of a release, user firmware last; the seed picks the user firmware. INTERNAL when not in the table. */
export function releaseModules(platform: SimPlatform, deviceOs: string, userSeed: string): readonly ReleaseModule[] {
  const make = releases[platform][deviceOs]
  if (!make) {
    const known = releasesOf(platform).join(', ')
    throw new Fault('INTERNAL', `no synthetic Device OS ${deviceOs} for ${platform}; there are ${known}`)
  }
  return make(userSeed)
}
