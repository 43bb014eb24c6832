// Exactly what a recipe flashes, platform by platform, from the library of this station.
import type { RecipeTarget, RecipeView } from '../../../shared/model/firmware-view.ts'
import { firmware } from '../../text/firmware.ts'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { FaultCard } from '../slot/fault-card.tsx'
import { ModuleFiles } from './module-files.tsx'
import styles from './recipes-part.module.css'

interface RecipeDetailProps {
  readonly view: RecipeView
  readonly onUse: () => void
  readonly onStop: () => void
  readonly onRemove: () => void
}

export function RecipeDetail({ view, onUse, onStop, onRemove }: RecipeDetailProps) {
  return (
    <Panel
      title={firmware.flashed(view.recipe.name)}
      actions={
        <div className={styles['buttons']}>
          {view.isActive ? (
            <Button onPress={onStop}>{firmware.stopUsing}</Button>
          ) : (
            <Button kind="main" onPress={onUse}>
              {firmware.use}
            </Button>
          )}
          <Button onPress={onRemove}>{firmware.remove}</Button>
        </div>
      }
    >
      <p className={styles['fine']}>
        {firmware.verifyLabel}: {firmware.verify[view.recipe.verify]}
      </p>
      {view.targets.map((target) => (
        <Target key={target.platform} target={target} />
      ))}
    </Panel>
  )
}

function Target({ target }: { readonly target: RecipeTarget }) {
  return (
    <section className={styles['target']} aria-label={target.platform}>
      <h3>
        {target.platform}: {firmware.deviceOs(target.deviceOs)}
      </h3>
      {target.fault !== null && (
        <>
          <FaultCard fault={target.fault} />
          <p>{target.fault.detail}</p>
        </>
      )}
      {target.modules.length > 0 && <ModuleFiles modules={target.modules} />}
    </section>
  )
}
