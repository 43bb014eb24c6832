// What Device OS releases consist of on nRF boards: versions, sizes and dependencies as the headers of the real modules
// have them. Facts only; the payload is noise. A row marked "ours" is a real version whose sizes no source told.
import type { SimPlatform } from '../board-parts.ts'
import { simPlatformOf } from '../sim-platforms.ts'
import type { SyntheticDependency } from './module-spec.ts'
import { onBootloader, onSystem, type ReleaseModule, type ReleaseRequest, type Sized } from './release-module.ts'

export interface NrfRow {
  readonly system: Sized
  readonly bootloader: Sized
  /** The user firmware of the set: in the 128 KB slot, or in the 256 KB one that came with 3.1.0. */
  readonly user: NrfUser
}

interface NrfUser {
  readonly index: 1 | 2
  readonly version: number
  readonly sizeBytes: number
  readonly needsSystem: number
}

const small = (sizeBytes: number, needsSystem: number, version = 6): NrfUser => ({
  ...{ index: 1, sizeBytes, needsSystem, version },
})
const large = (sizeBytes: number, needsSystem: number): NrfUser => ({ index: 2, sizeBytes, needsSystem, version: 6 })

const argonTinker = small(11_972, 326, 5)
const boronTinker = small(11_412, 326, 5)
const bsomTinker = small(11_644, 1100)
const b5somTinker = small(12_016, 1502)
const trackerTinker = small(11_568, 1514)
const xenonTinker = small(11_012, 326, 5)
const before310 = small(11_000, 326, 5)

const argon = {
  '1.5.2': { system: [1512, 635_412], bootloader: [502, 42_028], user: argonTinker },
  '2.0.1': { system: [2011, 464_680], bootloader: [1005, 46_580], user: argonTinker },
  // Ours.
  '3.1.0': { system: [3103, 472_064], bootloader: [1100, 48_128], user: large(6_874, 3103) },
  '4.0.2': { system: [4006, 474_850], bootloader: [1101, 48_212], user: argonTinker },
  // Ours.
  '5.6.0': { system: [5600, 490_496], bootloader: [2400, 46_406], user: large(7_028, 4006) },
  '6.3.4': { system: [6305, 525_980], bootloader: [3200, 48_802], user: large(8_590, 6305) },
} as const

const boron = {
  '1.5.2': { system: [1512, 653_076], bootloader: [502, 42_028], user: boronTinker },
  '2.0.1': { system: [2011, 494_444], bootloader: [1005, 46_580], user: boronTinker },
  // Ours.
  '3.1.0': { system: [3103, 505_088], bootloader: [1100, 48_128], user: large(6_874, 3103) },
  '4.0.2': { system: [4006, 510_938], bootloader: [1101, 48_212], user: boronTinker },
  // Ours.
  '5.6.0': { system: [5600, 524_288], bootloader: [2400, 48_212], user: boronTinker },
  '6.2.1': { system: [6201, 566_804], bootloader: [3101, 48_114], user: boronTinker },
  '6.3.4': { system: [6305, 570_164], bootloader: [3200, 48_802], user: large(8_818, 6305) },
} as const

const bsom = {
  '1.5.2': { system: [1512, 653_460], bootloader: [502, 42_060], user: bsomTinker },
  '2.0.1': { system: [2011, 494_828], bootloader: [1005, 46_612], user: bsomTinker },
  '4.0.2': { system: [4006, 511_242], bootloader: [1101, 48_244], user: bsomTinker },
  // Ours.
  '5.6.0': { system: [5600, 524_736], bootloader: [2400, 46_438], user: large(6_874, 5301) },
  '6.3.4': { system: [6305, 570_468], bootloader: [3200, 48_834], user: large(8_818, 6305) },
} as const

const b5som = {
  '1.5.2': { system: [1512, 651_108], bootloader: [502, 42_060], user: b5somTinker },
  '2.0.1': { system: [2011, 491_308], bootloader: [1005, 46_596], user: b5somTinker },
  '4.0.2': { system: [4006, 505_970], bootloader: [1101, 48_212], user: b5somTinker },
  // Ours.
  '5.6.0': { system: [5600, 521_216], bootloader: [2400, 46_406], user: large(6_874, 5301) },
  '6.3.4': { system: [6305, 565_980], bootloader: [3200, 48_802], user: large(11_118, 6305) },
} as const

const esomx = {
  '4.0.1': { system: [4005, 510_762], bootloader: [1101, 48_228], user: boronTinker },
  '4.0.2': { system: [4006, 510_874], bootloader: [1101, 48_228], user: boronTinker },
  // Ours, but for the user firmware.
  '6.3.4': { system: [6305, 570_100], bootloader: [3200, 48_818], user: large(8_854, 6305) },
} as const

const tracker = {
  '2.0.1': { system: [2011, 496_700], bootloader: [1005, 46_884], user: trackerTinker },
  // Ours.
  '3.1.0': { system: [3103, 506_368], bootloader: [1100, 48_416], user: trackerTinker },
  '4.0.2': { system: [4006, 534_202], bootloader: [1101, 48_500], user: trackerTinker },
  // The system part's size is ours.
  '5.6.0': { system: [5600, 538_624], bootloader: [2400, 46_406], user: large(6_874, 5301) },
  '6.3.4': { system: [6305, 558_300], bootloader: [3200, 49_090], user: large(144_988, 6305) },
} as const

export const nrfReleases = {
  ...{ argon, boron, bsom, b5som, esomx, tracker },
  xenon: {
    '1.5.0': { system: [1502, 596_028], bootloader: [501, 41_868], user: xenonTinker },
    '1.5.2': { system: [1512, 596_940], bootloader: [502, 41_948], user: xenonTinker },
  },
  asom: {
    // Ours.
    '1.4.2': { system: [1404, 656_384], bootloader: [501, 41_932], user: before310 },
    '1.4.4': { system: [1406, 657_080], bootloader: [501, 41_948], user: before310 },
  },
  xsom: {
    // Ours.
    '1.4.2': { system: [1404, 617_600], bootloader: [501, 41_932], user: before310 },
    '1.4.4': { system: [1406, 618_320], bootloader: [501, 41_948], user: before310 },
  },
  // Ours.
  electron2: {
    '6.2.1': { system: [6201, 567_296], bootloader: [3101, 48_128], user: large(8_818, 6201) },
    '6.3.4': { system: [6305, 570_656], bootloader: [3200, 48_816], user: large(8_818, 6201) },
  },
} as const satisfies Partial<Record<SimPlatform, Readonly<Record<string, NrfRow>>>>

/** System module versions: the part moved to 0x28000; the Tracker's network processor; a part that names itself. */
const borders = { movedPart: 6102, trackerNcp: 3000, trackerItself: 5600 } as const

/** Firmware of the network processor: one build for each kind of board in all releases that have one. */
const ncps = {
  argon: { version: 5, sizeBytes: 829_248, dependencies: [] },
  asom: { version: 5, sizeBytes: 829_248, dependencies: [] },
  tracker: { version: 7, sizeBytes: 864_464, dependencies: [onSystem(3000)] },
} as const

/** The modules of a release in the order of a restore set, user firmware last. */
export function nrfRelease(request: ReleaseRequest<NrfRow>): readonly ReleaseModule[] {
  const { platform, row, userSeed: seed } = request
  const [system, sizeBytes] = row.system
  const { needsSystem, ...user } = row.user
  return [
    {
      file: 'system-part1.bin',
      spec: {
        ...{ platform, kind: 'system', index: 1, version: system, sizeBytes },
        startAddress: system >= borders.movedPart ? 0x28000 : 0x30000,
        dependencies: needsOfSystem(request),
      },
    },
    bootloader(request),
    softDevice(platform),
    ...networkProcessor(request),
    {
      file: 'user-part.bin',
      spec: {
        ...user,
        ...{ platform, kind: 'user', seed },
        dependencies: [onSystem(needsSystem)],
        product: { id: simPlatformOf(platform).platformId, version: 3 },
      },
    },
  ]
}

/** A Tracker asks for the firmware of its network processor; from 5.6.0 on, which takes none any more, for itself instead. */
function needsOfSystem({ platform, row }: ReleaseRequest<NrfRow>): readonly SyntheticDependency[] {
  const [system] = row.system
  const first = onBootloader(row.bootloader[0])
  if (platform !== 'tracker' || system < borders.trackerNcp) return [first, { kind: 'radio', index: 0, version: 202 }]
  return [first, system >= borders.trackerItself ? onSystem(3001) : { kind: 'ncp', index: 0, version: 7 }]
}

function bootloader({ platform, row }: ReleaseRequest<NrfRow>): ReleaseModule {
  const [version, sizeBytes] = row.bootloader
  return { file: 'bootloader.bin', spec: { platform, kind: 'bootloader', index: 0, version, sizeBytes } }
}

/** S140 7.0.1, the same bytes in every set from 1.4.4 on. */
function softDevice(platform: SimPlatform): ReleaseModule {
  return {
    file: 'softdevice.bin',
    spec: {
      ...{ platform, kind: 'radio', index: 0, version: 202, sizeBytes: 153_048 },
      dependencies: [onBootloader(501), onSystem(1321)],
    },
  }
}

function networkProcessor({ platform, row }: ReleaseRequest<NrfRow>): readonly ReleaseModule[] {
  if (!(platform in ncps) || (platform === 'tracker' && row.system[0] < borders.trackerNcp)) return []
  const facts = ncps[platform as keyof typeof ncps]
  return [{ file: 'ncp.bin', spec: { ...facts, platform, kind: 'ncp', index: 0 } }]
}
