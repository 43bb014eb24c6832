// What is still missing in a recipe while it is being made, in the order of the form.
import type { PlatformName } from '../../../shared/model/platform.ts'
import { recipeTexts } from '../../text/recipe.ts'
import { deviceProblems } from './device-draft.ts'
import { type RecipeDraft, userOf, versionFor } from './recipe-draft.ts'
import type { Shelf } from './version-menu.ts'

const { problems } = recipeTexts

/** Empty when the draft is a recipe. */
export function problemsOf(draft: RecipeDraft, library: Shelf): readonly string[] {
  return [
    ...(draft.name.trim() === '' ? [problems.name] : []),
    ...(draft.kind === 'devices' ? deviceProblems(draft.devices, draft.job) : boardProblems(draft, library)),
    ...(isCount(draft.limitBoards) ? [] : [problems.boards]),
    ...(hasLabelNames(draft) ? [] : [problems.labelNames]),
  ]
}

function boardProblems(draft: RecipeDraft, library: Shelf): readonly string[] {
  return [
    ...(draft.platforms.length === 0 ? [problems.platforms] : []),
    ...(draft.job === 'identify' ? [] : contentProblems(draft, library)),
  ]
}

function contentProblems(draft: RecipeDraft, library: Shelf): readonly string[] {
  if (draft.deviceOs === 'keep' && draft.user !== 'modules') return [problems.nothing]
  if (draft.deviceOs === 'needed' && draft.user !== 'modules') return [problems.nothingNeeds]
  return draft.platforms.flatMap((platform) => platformProblem(draft, library, platform) ?? [])
}

function platformProblem(draft: RecipeDraft, library: Shelf, platform: PlatformName): string | null {
  const hasVersion = draft.deviceOs === 'keep' || versionFor(draft, library, platform) !== null
  const hasUser = draft.user !== 'modules' || userOf(draft, library, platform) !== null
  if (draft.deviceOs === 'chosen' && !hasVersion) return problems.version(platform)
  if (!hasUser) return problems.user(platform)
  return hasVersion ? null : problems.noNeeded(platform)
}

function isCount(text: string): boolean {
  return text.trim() === '' || (Number.isSafeInteger(Number(text)) && Number(text) >= 1)
}

function hasLabelNames({ label }: RecipeDraft): boolean {
  const names = label.map(({ name }) => name.trim())
  return new Set(names).size === names.length && names.every((name) => name !== '' && name.length <= 40)
}
