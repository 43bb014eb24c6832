// What a Device OS release consists of on each simulated platform: kinds, indexes, versions, sizes and dependencies as
// the headers of the real modules have them. Facts only; the payload is noise.
import { Fault } from '../../../shared/fault/fault.ts'
import type { SimPlatform } from '../board-parts.ts'
import type { ModuleSpec } from './module-spec.ts'

export interface ReleaseModule {
  /** Name of the file in a restore set. */
  readonly file: string
  readonly spec: ModuleSpec
}

interface PhotonFacts {
  readonly system: number
  readonly bootloader: number
  readonly bytes: { readonly bootloader: number; readonly part1: number; readonly part2: number }
}

function photonRelease(facts: PhotonFacts, userSeed: string): readonly ReleaseModule[] {
  const on = { platform: 'photon' } as const
  return [
    {
      file: 'system-part1.bin',
      spec: {
        ...on,
        kind: 'system',
        index: 1,
        version: facts.system,
        sizeBytes: facts.bytes.part1,
        dependencies: [{ kind: 'system', index: 2, version: 207 }],
      },
    },
    {
      file: 'system-part2.bin',
      spec: {
        ...on,
        kind: 'system',
        index: 2,
        version: facts.system,
        sizeBytes: facts.bytes.part2,
        dependencies: [
          { kind: 'system', index: 1, version: facts.system },
          { kind: 'bootloader', index: 0, version: 1003 },
        ],
      },
    },
    {
      file: 'bootloader.bin',
      spec: { ...on, kind: 'bootloader', index: 0, version: facts.bootloader, sizeBytes: facts.bytes.bootloader },
    },
    {
      file: 'user-part.bin',
      spec: {
        ...on,
        kind: 'user',
        index: 1,
        version: 3,
        sizeBytes: 5324,
        dependencies: [{ kind: 'system', index: 2, version: 6 }],
        product: { id: 6, version: 2 },
        seed: userSeed,
      },
    },
  ]
}

interface BoronFacts {
  readonly system: number
  readonly bootloader: number
  readonly bytes: { readonly bootloader: number; readonly part1: number }
}

function boronRelease(facts: BoronFacts, userSeed: string): readonly ReleaseModule[] {
  const on = { platform: 'boron' } as const
  return [
    {
      file: 'system-part1.bin',
      spec: {
        ...on,
        kind: 'system',
        index: 1,
        version: facts.system,
        sizeBytes: facts.bytes.part1,
        // From 6.1.2 the part begins 32 KB lower.
        startAddress: facts.system >= 6102 ? 0x28000 : 0x30000,
        dependencies: [
          { kind: 'bootloader', index: 0, version: facts.bootloader },
          { kind: 'radio', index: 0, version: 202 },
        ],
      },
    },
    {
      file: 'bootloader.bin',
      spec: { ...on, kind: 'bootloader', index: 0, version: facts.bootloader, sizeBytes: facts.bytes.bootloader },
    },
    {
      file: 'softdevice.bin',
      spec: {
        ...on,
        kind: 'radio',
        index: 0,
        version: 202,
        sizeBytes: 153_048,
        dependencies: [
          { kind: 'bootloader', index: 0, version: 501 },
          { kind: 'system', index: 1, version: 1321 },
        ],
      },
    },
    {
      file: 'user-part.bin',
      spec: {
        ...on,
        kind: 'user',
        index: 1,
        version: 5,
        sizeBytes: 11_412,
        dependencies: [{ kind: 'system', index: 1, version: 326 }],
        product: { id: 13, version: 3 },
        seed: userSeed,
      },
    },
  ]
}

interface P2Facts {
  readonly system: number
  readonly bootloader: number
  readonly prebootloader: number
  readonly user: { readonly needsSystem: number }
  readonly bytes: { readonly bootloader: number; readonly part1: number; readonly prebootloader: number }
}

function p2Release(facts: P2Facts, userSeed: string): readonly ReleaseModule[] {
  const on = { platform: 'p2' } as const
  return [
    {
      file: 'system-part1.bin',
      spec: {
        ...on,
        kind: 'system',
        index: 1,
        version: facts.system,
        sizeBytes: facts.bytes.part1,
        dependencies: [{ kind: 'bootloader', index: 0, version: facts.bootloader }],
      },
    },
    {
      file: 'bootloader.bin',
      spec: {
        ...on,
        kind: 'bootloader',
        index: 0,
        version: facts.bootloader,
        sizeBytes: facts.bytes.bootloader,
        dependencies: [{ kind: 'bootloader', index: 2, version: facts.prebootloader }],
      },
    },
    {
      file: 'prebootloader-part1.bin',
      spec: {
        ...on,
        kind: 'bootloader',
        index: 2,
        version: facts.prebootloader,
        sizeBytes: facts.bytes.prebootloader,
      },
    },
    {
      file: 'user-part.bin',
      spec: {
        ...on,
        kind: 'user',
        index: 1,
        version: 6,
        sizeBytes: 49_152,
        dependencies: [{ kind: 'system', index: 1, version: facts.user.needsSystem }],
        product: { id: 32, version: 4 },
        seed: userSeed,
      },
    },
  ]
}

type ReleaseMaker = (userSeed: string) => readonly ReleaseModule[]

const photonBytes = { bootloader: 15_124, part1: 241_496, part2: 260_984 }
const boronBytes = { bootloader: 48_212, part1: 510_938 }

/** P2 before 5.6.0: only the system version of 5.0.0 is known; its other versions and sizes are ours, and lower. */
const p2Old = { bootloader: 2000, prebootloader: 6 }

const releases: Record<SimPlatform, Readonly<Record<string, ReleaseMaker>>> = {
  photon: {
    '2.0.1': (seed) =>
      photonRelease(
        { system: 2011, bootloader: 1005, bytes: { bootloader: 15_100, part1: 241_368, part2: 260_072 } },
        seed,
      ),
    '2.2.0': (seed) => photonRelease({ system: 2202, bootloader: 1006, bytes: photonBytes }, seed),
    '2.3.1': (seed) => photonRelease({ system: 2302, bootloader: 1006, bytes: photonBytes }, seed),
  },
  boron: {
    '2.0.1': (seed) =>
      boronRelease({ system: 2011, bootloader: 1005, bytes: { bootloader: 46_580, part1: 494_444 } }, seed),
    '4.0.2': (seed) => boronRelease({ system: 4006, bootloader: 1101, bytes: boronBytes }, seed),
    '5.6.0': (seed) => boronRelease({ system: 5600, bootloader: 2400, bytes: { ...boronBytes, part1: 524_288 } }, seed),
    '6.2.1': (seed) =>
      boronRelease({ system: 6201, bootloader: 3101, bytes: { bootloader: 48_114, part1: 566_804 } }, seed),
  },
  p2: {
    '5.0.0': (seed) =>
      p2Release(
        {
          system: 5002,
          ...p2Old,
          user: { needsSystem: 5002 },
          bytes: { bootloader: 51_200, part1: 983_040, prebootloader: 19_456 },
        },
        seed,
      ),
    '5.6.0': (seed) =>
      p2Release(
        {
          system: 5600,
          bootloader: 2400,
          prebootloader: 7,
          user: { needsSystem: 5301 },
          bytes: { bootloader: 53_524, part1: 1_041_720, prebootloader: 20_152 },
        },
        seed,
      ),
  },
}

/** The modules of a release, user firmware last; the seed picks the user firmware. INTERNAL when not in the table. */
export function releaseModules(platform: SimPlatform, deviceOs: string, userSeed: string): readonly ReleaseModule[] {
  const make = releases[platform][deviceOs]
  if (!make) {
    const known = Object.keys(releases[platform]).join(', ')
    throw new Fault('INTERNAL', `no synthetic Device OS ${deviceOs} for ${platform}; there are ${known}`)
  }
  return make(userSeed)
}
