// A recipe while it is being made: what the form holds, and the recipe that comes out.
import type { FirmwareModule } from '../../../shared/model/module.ts'
import { plainFlash } from '../../../shared/model/plain-flash.ts'
import { type PlatformName, platformNames } from '../../../shared/model/platform.ts'
import type { DfuRecipe, ParticleRecipe, Recipe } from '../../../shared/model/recipe.ts'
import { hasFactoryImage, hasSetupFlag } from '../platform-family.ts'
import { type DeviceDraft, deviceOf, emptyDevice } from './device-draft.ts'
import { neededVersion, recommendedVersion, type Shelf } from './version-menu.ts'

export type ByPlatform = Readonly<Partial<Record<PlatformName, string>>>

export interface LabelField {
  readonly name: string
  readonly text: string
}

export interface RecipeDraft {
  /** Whom the recipe is for. */
  readonly kind: 'particle' | 'devices'
  readonly name: string
  readonly job: Recipe['job']
  readonly platforms: readonly PlatformName[]
  /** needed: the version follows from the user firmware of each platform. */
  readonly deviceOs: 'chosen' | 'needed' | 'keep'
  /** What a person chose; the recommended release where nobody did. */
  readonly versions: ByPlatform
  readonly user: 'set' | 'keep' | 'modules'
  /** SHA-256 of the chosen user module. */
  readonly userModules: ByPlatform
  readonly verify: ParticleRecipe['verify']
  readonly force: boolean
  readonly factoryImage: ParticleRecipe['factoryImage']
  readonly setup: ParticleRecipe['setup']
  /** As typed; empty for no limit. */
  readonly limitBoards: string
  /** "2026-11-03T17:00" of this computer's calendar; empty for no end. */
  readonly notAfter: string
  readonly label: readonly LabelField[]
  readonly devices: readonly DeviceDraft[]
}

export const emptyDraft: RecipeDraft = {
  kind: 'particle',
  name: '',
  job: 'flash',
  platforms: [],
  deviceOs: 'chosen',
  versions: {},
  user: 'set',
  userModules: {},
  verify: 'read-back',
  force: false,
  factoryImage: 'keep',
  setup: 'keep',
  limitBoards: '',
  notAfter: '',
  label: [],
  devices: [emptyDevice],
}

/** Platforms for which the library holds anything; a recipe that only identifies fits every platform. */
export function platformsOf(library: Shelf, job: Recipe['job']): readonly PlatformName[] {
  if (job === 'identify') return platformNames
  const held = new Set<PlatformName | null>([
    ...library.sets.map((set) => set.platform),
    ...library.modules.map((module) => module.platform),
  ])
  return platformNames.filter((name) => held.has(name))
}

/** Each file once, however many sets hold it. */
export function userModulesOf(library: Pick<Shelf, 'modules'>, platform: PlatformName): readonly FirmwareModule[] {
  const modules = library.modules.filter((module) => module.kind === 'user' && module.platform === platform)
  return [...new Map(modules.map((module) => [module.sha256, module])).values()]
}

export function userOf(draft: Pick<RecipeDraft, 'user' | 'userModules'>, library: Shelf, platform: PlatformName) {
  const sha256 = draft.user === 'modules' ? draft.userModules[platform] : undefined
  return library.modules.find((module) => module.sha256 === sha256) ?? null
}

/** The Device OS that a board of this platform gets; null where it is left alone, or nothing is chosen yet. */
export function versionFor(draft: RecipeDraft, library: Shelf, platform: PlatformName): string | null {
  if (draft.job === 'identify' || draft.deviceOs === 'keep') return null
  if (draft.deviceOs === 'chosen') return (draft.versions[platform] ?? recommendedVersion(library, platform)) || null
  const user = userOf(draft, library, platform)
  return user === null ? null : neededVersion(library, user)
}

/** Chosen platforms on which the option means anything. */
export function platformsWithFactoryImage(draft: RecipeDraft): readonly PlatformName[] {
  return draft.job === 'flash' && draft.user !== 'keep' ? draft.platforms.filter(hasFactoryImage) : []
}

/** Chosen platforms on which the option means anything. */
export function platformsWithSetupFlag(draft: RecipeDraft, library: Shelf): readonly PlatformName[] {
  if (draft.job !== 'flash') return []
  return draft.platforms.filter((platform) => hasSetupFlag(platform, versionFor(draft, library, platform)))
}

/** The recipe of a draft without problems. What does not fit what was chosen above it is left out. */
export function recipeOf(draft: RecipeDraft, library: Shelf): Recipe {
  return draft.kind === 'devices' ? deviceRecipeOf(draft) : particleRecipeOf(draft, library)
}

/** What every recipe has. */
function commonOf(draft: RecipeDraft) {
  return {
    format: 'dfu-station-recipe',
    version: 1,
    name: draft.name.trim(),
    job: draft.job,
    limits: limitsOf(draft),
    label: Object.fromEntries(draft.label.map(({ name, text }) => [name.trim(), text.trim()])),
  } as const
}

function deviceRecipeOf(draft: RecipeDraft): DfuRecipe {
  const devices = draft.devices.map((device) => deviceOf(device, draft.job))
  return { ...commonOf(draft), devices, force: draft.job === 'flash' && draft.force }
}

function particleRecipeOf(draft: RecipeDraft, library: Shelf): ParticleRecipe {
  const isFlash = draft.job === 'flash'
  return {
    ...plainFlash,
    ...commonOf(draft),
    platforms: [...draft.platforms],
    ...contentOf(draft, library),
    verify: isFlash ? draft.verify : 'read-back',
    force: isFlash && draft.force,
    factoryImage: platformsWithFactoryImage(draft).length > 0 ? draft.factoryImage : 'keep',
    setup: platformsWithSetupFlag(draft, library).length > 0 ? draft.setup : 'keep',
  }
}

const deviceOsWays = { keep: 'keep', needed: 'auto', chosen: null } as const

function contentOf(draft: RecipeDraft, library: Shelf): Pick<ParticleRecipe, 'deviceOs' | 'user'> {
  if (draft.job === 'identify') return { deviceOs: 'keep', user: 'keep' }
  const versions = draft.platforms.map((platform) => [platform, versionFor(draft, library, platform) ?? ''])
  const users = draft.platforms.map((platform) => [platform, draft.userModules[platform] ?? ''])
  return {
    deviceOs: deviceOsWays[draft.deviceOs] ?? Object.fromEntries(versions),
    user: draft.user === 'modules' ? { modules: Object.fromEntries(users) } : draft.user,
  }
}

function limitsOf({ limitBoards, notAfter }: RecipeDraft): Recipe['limits'] {
  if (limitBoards.trim() === '' && notAfter === '') return null
  return {
    boards: limitBoards.trim() === '' ? null : Number(limitBoards),
    notAfter: notAfter === '' ? null : new Date(notAfter).getTime(),
  }
}
