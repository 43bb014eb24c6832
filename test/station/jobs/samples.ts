// Boards and modules for tests of plans and proofs: the sets of three releases, with the addresses, versions and
// dependencies that real ones have.
import { createHash } from 'node:crypto'
import type { RecipeTarget } from '../../../src/shared/model/firmware-view.ts'
import { known, type ParticleIdentity, unreadable } from '../../../src/shared/model/identity.ts'
import { parseDeviceId, parsePortPath, parseSha256, type Sha256 } from '../../../src/shared/model/ids.ts'
import type { FirmwareModule, ModuleKey, ReportedModule } from '../../../src/shared/model/module.ts'
import type { PlatformName } from '../../../src/shared/model/platform.ts'

export type Served = 'photon' | 'boron' | 'p2'

function some<T>(value: T | null): T {
  if (value === null) throw new Error('a sample that is none')
  return value
}

export function hashOf(text: string): Sha256 {
  return some(parseSha256(createHash('sha256').update(text).digest('hex')))
}

type ModuleFacts = Pick<FirmwareModule, 'platform' | 'kind' | 'index' | 'version' | 'startAddress' | 'sizeBytes'> &
  Partial<FirmwareModule>

export function moduleFile(facts: ModuleFacts): FirmwareModule {
  const name = `${facts.platform} ${facts.kind} ${facts.index} ${facts.version}`
  return {
    deviceOsVersion: null,
    endAddress: facts.startAddress + facts.sizeBytes - 4,
    sha256: hashOf(name),
    suffixSha256: hashOf(`suffix of ${name}`),
    dropsHeader: false,
    isCompressed: false,
    isCombined: false,
    isSynthetic: false,
    dependencies: [],
    source: `${name}.bin`,
    ...facts,
  }
}

export interface Versions {
  readonly system: number
  readonly bootloader: number
  readonly prebootloader?: number
}

/** The modules of one release, in no particular order. */
export function setOf(
  platform: Served,
  { system, bootloader, prebootloader = 7 }: Versions,
): readonly FirmwareModule[] {
  const needs = (kind: ModuleKey['kind'], index: number, version: number) => ({ kind, index, version })
  const at = (kind: ModuleKey['kind'], index: number, version: number) => ({ platform, kind, index, version })
  if (platform === 'photon') {
    return [
      moduleFile({
        ...at('user', 1, 3),
        startAddress: 0x080a_0000,
        sizeBytes: 5_324,
        dependencies: [needs('system', 2, 6)],
      }),
      moduleFile({
        ...at('system', 2, system),
        startAddress: 0x0806_0000,
        sizeBytes: 260_984,
        dependencies: [needs('system', 1, system), needs('bootloader', 0, 1003)],
      }),
      moduleFile({ ...at('bootloader', 0, bootloader), startAddress: 0x0800_0000, sizeBytes: 15_124 }),
      moduleFile({
        ...at('system', 1, system),
        startAddress: 0x0802_0000,
        sizeBytes: 241_496,
        dependencies: [needs('system', 2, 207)],
      }),
    ]
  }
  if (platform === 'boron') {
    return [
      moduleFile({
        ...at('user', 1, 5),
        startAddress: 0xd_4000,
        sizeBytes: 11_412,
        dependencies: [needs('system', 1, 326)],
      }),
      moduleFile({
        ...at('system', 1, system),
        startAddress: 0x3_0000,
        sizeBytes: 510_938,
        dependencies: [needs('bootloader', 0, bootloader), needs('radio', 0, 202)],
      }),
      moduleFile({ ...at('bootloader', 0, bootloader), startAddress: 0xf_4000, sizeBytes: 48_212 }),
      moduleFile({
        ...at('radio', 0, 202),
        startAddress: 0x1000,
        sizeBytes: 153_048,
        dropsHeader: true,
        dependencies: [needs('bootloader', 0, 501), needs('system', 1, 1321)],
      }),
    ]
  }
  return [
    moduleFile({
      ...at('bootloader', 0, bootloader),
      startAddress: 0x0800_4000,
      sizeBytes: 53_524,
      dependencies: [needs('bootloader', 2, prebootloader)],
    }),
    moduleFile({
      ...at('user', 1, 6),
      startAddress: 0x085f_4000,
      sizeBytes: 49_152,
      dependencies: [needs('system', 1, 5301)],
    }),
    moduleFile({ ...at('bootloader', 2, prebootloader), startAddress: 0x0801_4000, sizeBytes: 20_152 }),
    moduleFile({
      ...at('system', 1, system),
      startAddress: 0x0806_0000,
      sizeBytes: 1_041_720,
      dependencies: [needs('bootloader', 0, bootloader)],
    }),
  ]
}

export const releases = {
  photon: { old: { system: 2011, bootloader: 1005 }, target: { system: 2302, bootloader: 1006 } },
  boron: { old: { system: 2011, bootloader: 1005 }, target: { system: 4006, bootloader: 1101 } },
  p2: {
    old: { system: 5002, bootloader: 2000, prebootloader: 6 },
    target: { system: 5600, bootloader: 2400, prebootloader: 7 },
  },
} as const satisfies Record<Served, { old: Versions; target: Versions }>

/** What a healthy board reports of a module; a hash where asked for. */
export function reported(module: FirmwareModule, changes: Partial<ReportedModule> = {}): ReportedModule {
  return {
    kind: module.kind,
    index: module.index,
    version: module.version,
    sizeBytes: module.sizeBytes,
    store: 'main',
    integrity: 'passed',
    dependenciesMet: 'passed',
    range: 'passed',
    platform: 'passed',
    suffixSha256: null,
    dependencies: module.dependencies,
    ...changes,
  }
}

const nothingSaid = unreadable<never>('not asked in this test')

export function boardWith(
  platform: PlatformName,
  modules: readonly FirmwareModule[],
  changes: Partial<ParticleIdentity> = {},
): ParticleIdentity {
  return {
    kind: 'particle',
    portPath: some(parsePortPath('1-1.1')),
    mode: 'normal',
    platform,
    deviceId: some(parseDeviceId('e00fce685a1f76b0af8124ce')),
    serialNumber: nothingSaid,
    iccid: nothingSaid,
    imei: nothingSaid,
    deviceOsVersion: nothingSaid,
    modules: known(modules.map((module) => reported(module))),
    assets: nothingSaid,
    ncpVersion: nothingSaid,
    isListening: nothingSaid,
    setupDone: nothingSaid,
    answersRequests: nothingSaid,
    ncpModuleVersion: nothingSaid,
    isProtected: known(false),
    ...changes,
  }
}

export function inDfuMode(platform: PlatformName): ParticleIdentity {
  return boardWith(platform, [], { mode: 'dfu', modules: unreadable('board is in DFU mode') })
}

export function targetOf(platform: PlatformName, modules: readonly FirmwareModule[]): RecipeTarget {
  return { platform, deviceOs: null, modules, assets: [], note: null, fault: null }
}

export function partOf(modules: readonly FirmwareModule[], kind: ModuleKey['kind'], index = 0): FirmwareModule {
  return some(modules.find((module) => module.kind === kind && module.index === index) ?? null)
}
