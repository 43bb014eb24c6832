// The recipes by name; one is shown beside, one is in use.
import type { CallOutput } from '../../../shared/contract/contract.ts'
import type { RecipeView } from '../../../shared/model/firmware-view.ts'
import { firmware } from '../../text/firmware.ts'
import { Glyph } from '../../ui/glyph.tsx'
import styles from './recipes-part.module.css'

interface RecipeListProps {
  readonly recipes: readonly RecipeView[]
  readonly shown: RecipeView | null
  readonly onShow: (recipeId: string) => void
  readonly library: CallOutput<'listFirmware'> | null
}

export function RecipeList({ recipes, shown, onShow, library }: RecipeListProps) {
  if (recipes.length === 0) {
    const hasFirmware = library !== null && library.modules.length > 0
    return <p>{hasFirmware ? firmware.noRecipesButFirmware : firmware.noRecipes}</p>
  }
  return (
    <ul className={styles['list']}>
      {recipes.map((view) => (
        <li key={view.recipeId}>
          <button
            type="button"
            className={styles['recipe']}
            aria-current={view === shown}
            onClick={() => onShow(view.recipeId)}
          >
            {view.recipe.name}
            {view.isActive && (
              <span className={styles['active']}>
                <Glyph name="check" />
                {firmware.active}
              </span>
            )}
            {view.origin.warning !== null && (
              <span
                title={view.origin.warning}
                role="img"
                aria-label={view.origin.warning}
                className={styles['warned']}
              >
                <Glyph name="octagon" />
              </span>
            )}
            {[...view.targets, ...view.devices].some((target) => target.fault !== null) && (
              <span title={firmware.cannot} role="img" aria-label={firmware.cannot}>
                <Glyph name="triangle" />
              </span>
            )}
          </button>
        </li>
      ))}
    </ul>
  )
}
