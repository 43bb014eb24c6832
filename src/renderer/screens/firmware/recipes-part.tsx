// The recipes: which there are, which one is in use, and exactly what each would flash on this station.
import { useState } from 'react'
import type { CallOutput, ExportResult } from '../../../shared/contract/contract.ts'
import type { RecipeView } from '../../../shared/model/firmware-view.ts'
import { useAct } from '../../station/use-answer.ts'
import { firmware } from '../../text/firmware.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { exportWords } from '../history/export-words.ts'
import { ExportDialog } from '../packs/export-dialog.tsx'
import { RecipeComposer } from './recipe-composer.tsx'
import { RecipeDetail } from './recipe-detail.tsx'
import { RecipeList } from './recipe-list.tsx'
import styles from './recipes-part.module.css'

interface RecipesPartProps {
  readonly recipes: readonly RecipeView[]
  readonly library: CallOutput<'listFirmware'> | null
  readonly onChange: (recipes: readonly RecipeView[]) => void
  readonly onRefresh: () => void
}

export function RecipesPart({ recipes, library, onChange, onRefresh }: RecipesPartProps) {
  const act = useAct()
  const [shownId, setShownId] = useState<string | null>(null)
  const [isComposing, setIsComposing] = useState(false)
  const [isExporting, setIsExporting] = useState(false)
  const [exported, setExported] = useState<ExportResult | null>(null)
  const shown = recipes.find((view) => view.recipeId === shownId) ?? recipes.find((view) => view.isActive) ?? recipes[0]
  const change = async (name: 'chooseRecipe' | 'removeRecipe', recipeId: string | null) => {
    const answer = recipeId === null ? act.run('chooseRecipe', { recipeId }) : act.run(name, { recipeId })
    const after = await answer
    if (after !== null) onChange(after)
  }
  const savedNow = (view: RecipeView) => {
    setIsComposing(false)
    setShownId(view.recipeId)
    onRefresh()
  }
  const exportedNow = (result: ExportResult) => {
    setIsExporting(false)
    setExported(result)
  }
  return (
    <div className={styles['part']}>
      {act.fault !== null && <FaultNotice fault={act.fault} onDismiss={act.clear} />}
      {exported !== null && exported.kind !== 'cancelled' && <Notice tone="good">{exportWords(exported)}</Notice>}
      <div className={styles['columns']}>
        <ListPanel
          recipes={recipes}
          shown={shown ?? null}
          onShow={setShownId}
          library={library}
          onNew={() => setIsComposing(true)}
        />
        {shown !== undefined && (
          <RecipeDetail
            view={shown}
            onUse={() => void change('chooseRecipe', shown.recipeId)}
            onStop={() => void change('chooseRecipe', null)}
            onRemove={() => void change('removeRecipe', shown.recipeId)}
            onExport={() => setIsExporting(true)}
          />
        )}
      </div>
      {shown !== undefined && isExporting && (
        <ExportDialog view={shown} onClose={() => setIsExporting(false)} onExported={exportedNow} />
      )}
      {isComposing && library !== null && (
        <RecipeComposer library={library} onClose={() => setIsComposing(false)} onSaved={savedNow} />
      )}
    </div>
  )
}

function ListPanel({ onNew, ...list }: Parameters<typeof RecipeList>[0] & { readonly onNew: () => void }) {
  return (
    <Panel
      title={firmware.recipeList}
      actions={
        <Button kind={list.recipes.length === 0 ? 'main' : 'plain'} onPress={onNew}>
          {firmware.newRecipe}
        </Button>
      }
    >
      <RecipeList {...list} />
    </Panel>
  )
}
