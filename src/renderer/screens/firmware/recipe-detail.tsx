// Exactly what a recipe does, platform by platform or device by device, from the library of this station.

import type { RecipeTarget, RecipeView } from '../../../shared/model/firmware-view.ts'
import { isDfuRecipe, isParticleRecipe } from '../../../shared/model/recipe-kind.ts'
import { firmware } from '../../text/firmware.ts'
import { packs } from '../../text/packs.ts'
import { recipeTexts } from '../../text/recipe.ts'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { FaultCard } from '../slot/fault-card.tsx'
import { AssetFiles } from './asset-files.tsx'
import { DeviceTargets } from './device-targets.tsx'
import { ModuleFiles } from './module-files.tsx'
import { originRows, recipeRows } from './recipe-rows.ts'
import styles from './recipes-part.module.css'

interface RecipeDetailProps {
  readonly view: RecipeView
  readonly onUse: () => void
  readonly onStop: () => void
  readonly onRemove: () => void
  readonly onExport: () => void
}

export function RecipeDetail({ view, onUse, onStop, onRemove, onExport }: RecipeDetailProps) {
  const { recipe } = view
  return (
    <Panel
      title={firmware.flashed(recipe.name)}
      actions={
        <div className={styles['buttons']}>
          {view.isActive ? (
            <Button onPress={onStop}>{firmware.stopUsing}</Button>
          ) : (
            <Button kind="main" onPress={onUse}>
              {firmware.use}
            </Button>
          )}
          <Button onPress={onExport}>{packs.exportAct}</Button>
          <Button onPress={onRemove}>{firmware.remove}</Button>
        </div>
      }
    >
      {view.origin.warning !== null && <Notice tone="warn">{view.origin.warning}</Notice>}
      <Facts rows={[...originRows(view.origin), ...recipeRows(recipe)]} />
      {isDfuRecipe(recipe) && <DeviceTargets targets={view.devices} job={recipe.job} />}
      {isParticleRecipe(recipe) && recipe.job === 'identify' && <p>{recipe.platforms.join(', ')}</p>}
      {recipe.job !== 'identify' && view.targets.map((target) => <Target key={target.platform} target={target} />)}
    </Panel>
  )
}

function Target({ target }: { readonly target: RecipeTarget }) {
  return (
    <section className={styles['target']} aria-label={target.platform}>
      <h3>
        {target.platform}: {firmware.deviceOs(target.deviceOs)}
      </h3>
      {target.note !== null && <Notice tone="plain">{target.note}</Notice>}
      {target.fault !== null && (
        <>
          <FaultCard fault={target.fault} />
          <p>{target.fault.detail}</p>
        </>
      )}
      {target.modules.length > 0 && <ModuleFiles modules={target.modules} />}
      {target.assets.length > 0 && (
        <>
          <h4>{recipeTexts.assets}</h4>
          <AssetFiles assets={target.assets} />
        </>
      )}
    </section>
  )
}
