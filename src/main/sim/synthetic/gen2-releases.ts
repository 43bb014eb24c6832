// What Device OS releases consist of on Gen 2 boards: versions, sizes and dependencies as the headers of the real modules
// have them. Facts only; the payload is noise. A row marked "ours" is a real version whose sizes no source told.
import { onBootloader, onSystem, type ReleaseModule, type ReleaseRequest, type Sized } from './release-module.ts'

export interface Gen2Row {
  /** Version of every system part, and the file sizes in the order of their header indexes. */
  readonly system: number
  readonly partBytes: readonly number[]
  readonly bootloader: Sized
  /** Bootloader version that system part 2 asks for; null where it asks for none. */
  readonly needsBootloader: number | null
}

export const gen2Releases = {
  // Before 0.8.0 Device OS knows no control request. Of 0.6.3 the sizes are ours, and of 0.5.2 the bootloader's.
  photon: {
    '0.5.2': { system: 17, partBytes: [250_956, 187_492], bootloader: [7, 15_284], needsBootloader: null },
    '0.6.3': { system: 109, partBytes: [251_904, 215_040], bootloader: [11, 15_292], needsBootloader: 3 },
    '1.5.2': { system: 1512, partBytes: [238_520, 261_448], bootloader: [502, 15_336], needsBootloader: 400 },
    '2.0.1': { system: 2011, partBytes: [241_368, 260_072], bootloader: [1005, 15_100], needsBootloader: 1003 },
    '2.2.0': { system: 2202, partBytes: [241_496, 260_984], bootloader: [1006, 15_124], needsBootloader: 1003 },
    '2.3.1': { system: 2302, partBytes: [241_496, 260_984], bootloader: [1006, 15_124], needsBootloader: 1003 },
    '3.3.0': { system: 3301, partBytes: [244_680, 251_608], bootloader: [1100, 15_188], needsBootloader: 1003 },
  },
  p1: {
    '0.5.2': { system: 17, partBytes: [250_940, 188_300], bootloader: [7, 15_956], needsBootloader: null },
    '1.5.2': { system: 1512, partBytes: [238_504, 261_636], bootloader: [502, 16_008], needsBootloader: 400 },
    '2.0.1': { system: 2011, partBytes: [241_368, 260_192], bootloader: [1005, 15_760], needsBootloader: 1003 },
    '2.3.1': { system: 2302, partBytes: [241_496, 261_112], bootloader: [1006, 15_784], needsBootloader: 1003 },
    // Ours.
    '3.3.0': { system: 3301, partBytes: [244_680, 251_736], bootloader: [1100, 15_848], needsBootloader: 1003 },
  },
  electron: {
    // Two system parts.
    '0.5.2': { system: 17, partBytes: [122_916, 120_724], bootloader: [7, 15_620], needsBootloader: null },
    // The bootloader's size is ours.
    '1.5.2': { system: 1512, partBytes: [116_132, 127_224, 79_968], bootloader: [502, 15_680], needsBootloader: 400 },
    '2.0.1': { system: 2011, partBytes: [116_560, 130_192, 89_028], bootloader: [1005, 15_664], needsBootloader: 1003 },
    '2.3.1': { system: 2302, partBytes: [114_012, 123_052, 87_468], bootloader: [1006, 15_672], needsBootloader: 1003 },
    // Ours.
    '3.3.0': { system: 3301, partBytes: [115_200, 124_416, 88_064], bootloader: [1100, 15_736], needsBootloader: 1003 },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Gen2Row>>>>

const users = {
  photon: { sizeBytes: 5324, needsSystem2: 6, product: { id: 6, version: 2 } },
  p1: { sizeBytes: 5324, needsSystem2: 6, product: { id: 8, version: 2 } },
  electron: { sizeBytes: 5776, needsSystem2: 10, product: { id: 10, version: 2 } },
} as const

/** The modules of a release in the order of a restore set, user firmware last. */
export function gen2Release(request: ReleaseRequest<Gen2Row>): readonly ReleaseModule[] {
  const { platform, row } = request
  const [version, sizeBytes] = row.bootloader
  return [
    ...(row.partBytes.length === 3 ? electronParts(row) : twoParts(request)),
    { file: 'bootloader.bin', spec: { platform, kind: 'bootloader', index: 0, version, sizeBytes } },
    userPart(request),
  ]
}

/** System version of 0.7.0: from then on part 1 asks for part 2, which has always asked for part 1. */
const ringSince = 207

const onLoader = (version: number | null) => (version === null ? [] : [onBootloader(version)])

/** The two parts of a Photon or P1, and of an Electron in its first era. */
function twoParts({ platform, row }: ReleaseRequest<Gen2Row>): readonly ReleaseModule[] {
  const { system: version, partBytes, needsBootloader } = row
  const [part1 = 0, part2 = 0] = partBytes
  const on = { platform, kind: 'system', version } as const
  return [
    {
      file: 'system-part1.bin',
      spec: {
        ...{ ...on, index: 1, sizeBytes: part1 },
        dependencies: version < ringSince ? [] : [{ kind: 'system', index: 2, version: ringSince }],
      },
    },
    {
      file: 'system-part2.bin',
      spec: { ...on, index: 2, sizeBytes: part2, dependencies: [onSystem(version), ...onLoader(needsBootloader)] },
    },
  ]
}

/** A ring of dependencies, and file names that are not the header indexes: part 1 is index 3, part 2 index 1, part 3 index 2. */
function electronParts({ system: version, partBytes, needsBootloader }: Gen2Row): readonly ReleaseModule[] {
  const [index1 = 0, index2 = 0, index3 = 0] = partBytes
  const on = { platform: 'electron', kind: 'system', version } as const
  return [
    {
      file: 'system-part1.bin',
      spec: { ...on, index: 3, sizeBytes: index3, dependencies: [{ kind: 'system', index: 2, version: 110 }] },
    },
    {
      file: 'system-part2.bin',
      spec: { ...on, index: 1, sizeBytes: index1, dependencies: [{ kind: 'system', index: 3, version }] },
    },
    {
      file: 'system-part3.bin',
      spec: { ...on, index: 2, sizeBytes: index2, dependencies: [onSystem(version), ...onLoader(needsBootloader)] },
    },
  ]
}

function userPart({ platform, userSeed: seed }: ReleaseRequest<Gen2Row>): ReleaseModule {
  const { needsSystem2, ...user } = users[platform as keyof typeof users]
  return {
    file: 'user-part.bin',
    spec: {
      ...user,
      ...{ platform, kind: 'user', index: 1, version: 3, seed },
      dependencies: [{ kind: 'system', index: 2, version: needsSystem2 }],
    },
  }
}
