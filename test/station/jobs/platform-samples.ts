// Sets of the platforms beyond the three of samples.ts, and plans of them as readable lines.
import { planFlash } from '../../../src/main/station/jobs/plan-flash.ts'
import { planLines, stepName } from '../../../src/main/station/jobs/step-name.ts'
import type { ParticleIdentity } from '../../../src/shared/model/identity.ts'
import type { FirmwareModule, ModuleDependency, ModuleKind, TargetAsset } from '../../../src/shared/model/module.ts'
import { plainFlash } from '../../../src/shared/model/plain-flash.ts'
import type { Plan } from '../../../src/shared/model/plan.ts'
import type { PlatformName } from '../../../src/shared/model/platform.ts'
import type { ParticleRecipe } from '../../../src/shared/model/recipe.ts'
import { hashOf, moduleFile, setOf, targetOf, type Versions } from './samples.ts'

const needs = (kind: ModuleKind, index: number, version: number): ModuleDependency => ({ kind, index, version })

/** Any nRF52 platform; a user part of index 1 unless told otherwise. */
export function nrfSet(platform: PlatformName, versions: Versions, users = [userOf(platform, 1)]) {
  const own = setOf('boron', versions).filter(({ kind }) => kind !== 'user')
  return [...own.map((module) => ({ ...module, platform })), ...users]
}

export function userOf(platform: PlatformName, index: 1 | 2, sizeBytes = 20_000): FirmwareModule {
  const startAddress = index === 1 ? 0xd_4000 : 0xb_4000
  const dependencies = index === 1 ? [] : [needs('system', 1, 3103)]
  return moduleFile({ platform, kind: 'user', index, version: 5, startAddress, sizeBytes, dependencies })
}

/** The ESP32 beside the chip; Tracker's wants Device OS 3.0.0. */
export function ncpOf(platform: PlatformName, version: number): FirmwareModule {
  const dependencies = platform === 'tracker' ? [needs('system', 1, 3000)] : []
  return moduleFile({ platform, kind: 'ncp', index: 0, version, startAddress: 0, sizeBytes: 864_464, dependencies })
}

/** Any RTL platform. */
export function rtlSet(platform: PlatformName, versions: Versions): readonly FirmwareModule[] {
  return setOf('p2', versions).map((module) => ({ ...module, platform }))
}

/** Three parts, each of which wants the next: index 1 wants 3, 3 wants 2, 2 wants 1. */
export function electronSet({ system, bootloader }: Versions): readonly FirmwareModule[] {
  const part = (index: number, startAddress: number, wants: number) =>
    moduleFile({
      ...{ platform: 'electron', kind: 'system', index, version: system, startAddress, sizeBytes: 110_000 },
      dependencies: [needs('system', wants, system)],
    })
  const at = { platform: 'electron', version: 5, index: 1 } as const
  return [
    part(3, 0x0806_0000, 2),
    part(1, 0x0802_0000, 3),
    part(2, 0x0804_0000, 1),
    moduleFile({ ...at, kind: 'user', startAddress: 0x0808_0000, sizeBytes: 5_776 }),
    moduleFile({
      ...at,
      kind: 'bootloader',
      index: 0,
      version: bootloader,
      startAddress: 0x0800_0000,
      sizeBytes: 15_672,
    }),
  ]
}

export function assetOf(name: string): TargetAsset {
  return { name, sha256: hashOf(`asset ${name}`), sizeBytes: 30_000, type: 'plain' }
}

export interface Wishes extends Partial<Pick<ParticleRecipe, 'verify' | 'force' | 'factoryImage' | 'setup'>> {
  readonly assets?: readonly TargetAsset[]
}

export function planOf(board: ParticleIdentity, modules: readonly FirmwareModule[], wishes: Wishes = {}): Plan {
  const { assets = [], ...changes } = wishes
  return planFlash({
    board,
    target: { ...targetOf(board.platform, modules), assets },
    recipe: { ...plainFlash, verify: 'read-back', ...changes },
    isSimulated: false,
  })
}

export const linesOf = (plan: Plan): readonly string[] => planLines(plan)
export const namesOf = (plan: Plan): readonly string[] => plan.steps.map(stepName)
