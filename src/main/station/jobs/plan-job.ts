// From the kind of a job to its plan. Pure.
import { assertNever, Fault } from '../../../shared/fault/fault.ts'
import type { ResolvedRecipe } from '../../../shared/model/firmware-view.ts'
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import { emptyPlan, type Plan } from '../../../shared/model/plan.ts'
import { isDfuRecipe } from '../../../shared/model/recipe-kind.ts'
import { planFlash } from './plan-flash.ts'
import { planVerify } from './plan-verify.ts'

interface Asked {
  readonly board: ParticleIdentity
  readonly recipe: ResolvedRecipe
  readonly isSimulated: boolean
}

/** Throws DEVICE_UNKNOWN for a platform that the recipe is not for, and the refusals of the planners. */
export function planJob({ board, recipe: { recipe, targets }, isSimulated }: Asked): Plan {
  if (isDfuRecipe(recipe)) throw new Fault('DEVICE_UNKNOWN', `${recipe.name} is not for Particle boards`)
  const target = targets.find((each) => each.platform === board.platform)
  if (!target) throw new Fault('DEVICE_UNKNOWN', `${recipe.name} is not for ${board.platform} boards`)
  switch (recipe.job) {
    case 'flash':
      return planFlash({ board, target, recipe, isSimulated })
    case 'verify':
      return planVerify({ board, target, recipe, isSimulated })
    case 'identify':
      return { ...emptyPlan(board.platform), steps: [{ kind: 'identify' }] }
    default:
      return assertNever(recipe.job)
  }
}
