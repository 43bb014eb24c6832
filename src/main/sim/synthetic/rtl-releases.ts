// What Device OS releases consist of on RTL boards: versions, sizes and dependencies as the headers of the real modules
// have them. Facts only; the payload is noise. A row marked "ours" is a real version whose other figures no source told.
import { onBootloader, onSystem, type ReleaseModule, type ReleaseRequest, type Sized } from './release-module.ts'

export interface RtlRow {
  readonly system: Sized
  readonly bootloader: Sized
  readonly prebootloader: Sized
  /** File size, and the system version that the user firmware asks for. */
  readonly user: { readonly sizeBytes: number; readonly needsSystem: number }
}

const tinker = (needsSystem: number, sizeBytes = 49_152) => ({ sizeBytes, needsSystem })

export const rtlReleases = {
  p2: {
    // Before 5.6.0 only the system version is known; the other versions and sizes are ours, and lower.
    '5.0.0': {
      ...{ system: [5002, 983_040], bootloader: [2000, 51_200], prebootloader: [6, 19_456] },
      user: tinker(5002),
    },
    '5.6.0': {
      ...{ system: [5600, 1_041_720], bootloader: [2400, 53_524], prebootloader: [7, 20_152] },
      user: tinker(5301),
    },
    // From here on the prebootloader's versions are ours.
    '6.2.1': {
      ...{ system: [6201, 1_232_404], bootloader: [3101, 58_980], prebootloader: [8, 79_820] },
      user: tinker(5301),
    },
    '6.3.4': {
      ...{ system: [6305, 1_240_588], bootloader: [3200, 61_748], prebootloader: [9, 79_804] },
      user: tinker(5301),
    },
  },
  msom: {
    // Ours.
    '5.8.0': {
      ...{ system: [5800, 1_228_800], bootloader: [2500, 56_320], prebootloader: [7, 20_308] },
      user: tinker(5800, 57_344),
    },
    '6.2.1': {
      ...{ system: [6201, 1_311_808], bootloader: [3101, 59_080], prebootloader: [8, 79_972] },
      user: tinker(6201, 57_344),
    },
    '6.3.4': {
      ...{ system: [6305, 1_320_864], bootloader: [3200, 61_860], prebootloader: [9, 79_960] },
      user: tinker(6305, 57_344),
    },
  },
  // Ours, but for the user firmware.
  trackerm: {
    '5.8.0': {
      ...{ system: [5800, 1_237_504], bootloader: [2500, 56_352], prebootloader: [7, 20_308] },
      user: tinker(5800),
    },
    '6.3.4': {
      ...{ system: [6305, 1_328_640], bootloader: [3200, 61_860], prebootloader: [9, 79_960] },
      user: tinker(5800),
    },
  },
  // Ours: no release of this board is known.
  sulu: {
    '6.2.1': {
      ...{ system: [6201, 1_311_744], bootloader: [3101, 59_080], prebootloader: [8, 79_972] },
      user: tinker(6201),
    },
    '6.3.4': {
      ...{ system: [6305, 1_320_768], bootloader: [3200, 61_860], prebootloader: [9, 79_960] },
      user: tinker(6201),
    },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, RtlRow>>>>

/** The modules of a release in the order of a restore set, user firmware last. The boot record is in none. */
export function rtlRelease({ platform, row, userSeed }: ReleaseRequest<RtlRow>): readonly ReleaseModule[] {
  const { system, bootloader, prebootloader, user } = row
  return [
    {
      file: 'system-part1.bin',
      spec: {
        ...{ platform, kind: 'system', index: 1, version: system[0], sizeBytes: system[1] },
        dependencies: [onBootloader(bootloader[0])],
      },
    },
    {
      file: 'bootloader.bin',
      spec: {
        ...{ platform, kind: 'bootloader', index: 0, version: bootloader[0], sizeBytes: bootloader[1] },
        dependencies: [onBootloader(prebootloader[0], 2)],
      },
    },
    {
      file: 'prebootloader-part1.bin',
      spec: { platform, kind: 'bootloader', index: 2, version: prebootloader[0], sizeBytes: prebootloader[1] },
    },
    {
      file: 'user-part.bin',
      spec: {
        ...{ platform, kind: 'user', index: 1, version: 6, sizeBytes: user.sizeBytes },
        dependencies: [onSystem(user.needsSystem)],
        product: { id: 32, version: 4 },
        seed: userSeed,
      },
    },
  ]
}
