// What lies in the flash of a simulated board that comes fresh from the factory: an older Device OS with the bootloader
// of its time and a factory user firmware, at their addresses, stored as a factory stores them.
import type { SimPlatform } from '../board-parts.ts'
import { simPlatformOf } from '../sim-platforms.ts'
import { buildModule } from './build-module.ts'
import { type ModuleSpec, shapeOf } from './module-spec.ts'
import { noise } from './noise.ts'
import { releaseModules, releasesOf } from './releases.ts'

export interface FactoryContent {
  readonly chip: 'internal'
  readonly address: number
  /** Shared between boards: copy, never write. */
  readonly bytes: Uint8Array
}

/** The release a factory-fresh board holds when no other is asked for. */
const factoryDeviceOs: Readonly<Partial<Record<SimPlatform, string>>> = {
  ...{ photon: '2.0.1', p1: '2.0.1', electron: '2.0.1' },
  ...{ argon: '2.0.1', boron: '2.0.1', bsom: '2.0.1', b5som: '2.0.1', tracker: '2.0.1' },
}

const headerBytes = 24
const made = new Map<string, readonly FactoryContent[]>()

/**
 * Flash content of a factory-fresh board: every module of the release (header dropped where it says so) and what the
 * factory alone writes (Nordic's MBR, the RTL's MBR). INTERNAL when the release is not in the table.
 */
export function factoryModules(
  platform: SimPlatform,
  deviceOs: string = factoryReleaseOf(platform),
): readonly FactoryContent[] {
  const key = `${platform} ${deviceOs}`
  const known = made.get(key)
  if (known) return known
  const modules = releaseModules(platform, deviceOs, `${platform} factory user firmware`)
  // The network processor keeps its firmware in flash of its own.
  const placed = modules.filter(({ spec }) => spec.kind !== 'ncp')
  const contents = [...factoryOnly(platform), ...placed.map((module) => asStored(module.spec))]
  made.set(key, contents)
  return contents
}

/** The oldest release of the table where none is named: those boards never left the factory with an older one. */
function factoryReleaseOf(platform: SimPlatform): string {
  return factoryDeviceOs[platform] ?? releasesOf(platform)[0] ?? ''
}

function asStored(spec: ModuleSpec): FactoryContent {
  const shape = shapeOf(spec)
  const bytes = buildModule(spec)
  const stored = shape.dropsHeader ? bytes.subarray(headerBytes) : bytes
  return { chip: 'internal', address: shape.startAddress, bytes: stored }
}

/** What no field update may ever write: a board without it is dead. */
function factoryOnly(platform: SimPlatform): readonly FactoryContent[] {
  switch (simPlatformOf(platform).family) {
    case 'gen2':
      return []
    case 'nrf52':
      return [{ chip: 'internal', address: 0, bytes: noise('nordic mbr', 0x1000) }]
    case 'rtl872x':
      // Encrypted for the one chip it came with.
      return [asStored({ platform, kind: 'bootloader', index: 1, version: 1, sizeBytes: 12_288, flags: 0x08 })]
  }
}
