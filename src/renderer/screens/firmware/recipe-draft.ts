// A recipe while it is being made: what the form holds, what is still wrong with it, and the recipe that comes out.
import type { CallOutput } from '../../../shared/contract/contract.ts'
import type { FirmwareModule } from '../../../shared/model/module.ts'
import { plainFlash } from '../../../shared/model/plain-flash.ts'
import { type PlatformName, platformNames } from '../../../shared/model/platform.ts'
import type { Recipe } from '../../../shared/model/recipe.ts'
import { firmware } from '../../text/firmware.ts'

type Library = CallOutput<'listFirmware'>
type ByPlatform = Readonly<Partial<Record<PlatformName, string>>>

export interface RecipeDraft {
  readonly name: string
  readonly platforms: readonly PlatformName[]
  readonly keepsDeviceOs: boolean
  readonly versions: ByPlatform
  readonly user: 'set' | 'keep' | 'modules'
  /** SHA-256 of the chosen user module. */
  readonly userModules: ByPlatform
  readonly verify: Recipe['verify']
}

export const emptyDraft: RecipeDraft = {
  name: '',
  platforms: [],
  keepsDeviceOs: false,
  versions: {},
  user: 'set',
  userModules: {},
  verify: 'read-back',
}

/** Platforms for which the library holds anything. */
export function platformsOf(library: Library): readonly PlatformName[] {
  const held = new Set<PlatformName | null>([
    ...library.sets.map((set) => set.platform),
    ...library.modules.map((module) => module.platform),
  ])
  return platformNames.filter((name) => held.has(name))
}

/** Device OS versions of a platform, newest first. */
export function versionsOf(library: Library, platform: PlatformName): readonly string[] {
  const versions = library.sets.filter((set) => set.platform === platform).map((set) => set.deviceOsVersion)
  return [...new Set(versions)]
    .filter((version) => version !== null)
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
}

/** Each file once, however many sets hold it. */
export function userModulesOf(library: Library, platform: PlatformName): readonly FirmwareModule[] {
  const modules = library.modules.filter((module) => module.kind === 'user' && module.platform === platform)
  return [...new Map(modules.map((module) => [module.sha256, module])).values()]
}

/** What is still missing, in the order of the form; empty when the draft is a recipe. */
export function problemsOf(draft: RecipeDraft): readonly string[] {
  const { problems } = firmware
  const isEmpty = draft.keepsDeviceOs && draft.user !== 'modules'
  return [
    ...(draft.name.trim() === '' ? [problems.name] : []),
    ...(draft.platforms.length === 0 ? [problems.platforms] : []),
    ...lacking(draft, draft.keepsDeviceOs ? null : draft.versions).map(problems.version),
    ...(isEmpty ? [problems.nothing] : []),
    ...lacking(draft, draft.user === 'modules' ? draft.userModules : null).map(problems.user),
  ]
}

function lacking(draft: RecipeDraft, chosen: ByPlatform | null): readonly PlatformName[] {
  return chosen === null ? [] : draft.platforms.filter((platform) => (chosen[platform] ?? '') === '')
}

/** The recipe of a draft without problems. */
export function recipeOf(draft: RecipeDraft): Recipe {
  return {
    ...plainFlash,
    format: 'dfu-station-recipe',
    version: 1,
    name: draft.name.trim(),
    platforms: [...draft.platforms],
    deviceOs: draft.keepsDeviceOs ? 'keep' : chosenOf(draft, draft.versions),
    user: draft.user === 'modules' ? { modules: chosenOf(draft, draft.userModules) } : draft.user,
    verify: draft.verify,
  }
}

function chosenOf(draft: RecipeDraft, chosen: ByPlatform): Partial<Record<PlatformName, string>> {
  return Object.fromEntries(draft.platforms.map((platform) => [platform, chosen[platform] ?? '']))
}
