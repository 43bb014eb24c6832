// Makes a recipe from what the library holds, for Particle boards or for other DFU devices. What an everyday recipe needs
// stands open; the rest is behind a fold.
import { useState } from 'react'
import type { CallOutput } from '../../../shared/contract/contract.ts'
import type { RecipeView } from '../../../shared/model/firmware-view.ts'
import { useAct, useAnswer } from '../../station/use-answer.ts'
import { deviceRecipe } from '../../text/device-recipe.ts'
import { recipeTexts } from '../../text/recipe.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ChoiceField, TextField } from '../../ui/fields.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { useDialogKeys } from '../frame/use-dialog-keys.ts'
import { DeviceList } from './device-list.tsx'
import { problemsOf } from './draft-problems.ts'
import { PlatformRows } from './platform-rows.tsx'
import styles from './recipe-composer.module.css'
import { emptyDraft, type RecipeDraft, recipeOf } from './recipe-draft.ts'
import { RecipeOptions } from './recipe-options.tsx'
import type { Shelf } from './version-menu.ts'

interface RecipeComposerProps {
  readonly library: CallOutput<'listFirmware'>
  readonly onClose: () => void
  readonly onSaved: (view: RecipeView) => void
}

const kindChoices = [
  { value: 'particle', label: deviceRecipe.kinds.particle },
  { value: 'devices', label: deviceRecipe.kinds.devices },
]
const jobs = ['flash', 'verify', 'identify'] as const
const deviceOsChoices = [
  { value: 'chosen', label: recipeTexts.deviceOsChoices.chosen },
  { value: 'needed', label: recipeTexts.deviceOsChoices.needed },
  { value: 'keep', label: recipeTexts.deviceOsChoices.keep },
]
const userChoices = [
  { value: 'set', label: recipeTexts.userSet },
  { value: 'modules', label: recipeTexts.userModules },
  { value: 'keep', label: recipeTexts.userKeep },
]

export function RecipeComposer({ library: held, onClose, onSaved }: RecipeComposerProps) {
  const act = useAct()
  const versions = useAnswer('listVersions', {})
  const library: Shelf = { ...held, releases: versions.value ?? [] }
  const [draft, setDraft] = useState<RecipeDraft>(emptyDraft)
  const change = (changes: Partial<RecipeDraft>) => setDraft((before) => ({ ...before, ...changes }))
  useDialogKeys({ Escape: onClose })
  const problems = problemsOf(draft, library)
  const save = async () => {
    const view = await act.run('saveRecipe', { recipe: recipeOf(draft, library) })
    if (view !== null) onSaved(view)
  }
  return (
    <Dialog
      title={recipeTexts.title}
      onClose={onClose}
      actions={
        <>
          <p className={styles['problem']}>{problems[0]}</p>
          <Button onPress={onClose}>{recipeTexts.cancel}</Button>
          <Button kind="main" isDisabled={problems.length > 0 || act.isBusy} onPress={() => void save()}>
            {recipeTexts.save}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        {act.fault !== null && <FaultNotice fault={act.fault} />}
        {versions.fault !== null && <FaultNotice fault={versions.fault} />}
        <Parts library={library} draft={draft} onChange={change} />
      </div>
    </Dialog>
  )
}

interface ContentProps {
  readonly draft: RecipeDraft
  readonly onChange: (changes: Partial<RecipeDraft>) => void
}

function Parts(props: ContentProps & { readonly library: Shelf }) {
  const { draft, onChange } = props
  const jobWords = draft.kind === 'devices' ? deviceRecipe.jobs : recipeTexts.jobs
  return (
    <>
      <TextField
        label={recipeTexts.name}
        value={draft.name}
        hint={recipeTexts.nameHint}
        maxLength={80}
        onChange={(name) => onChange({ name })}
      />
      <div className={styles['content']}>
        <ChoiceField
          label={deviceRecipe.kind}
          value={draft.kind}
          choices={kindChoices}
          onChange={(kind) => onChange({ kind: kind as RecipeDraft['kind'] })}
        />
        <ChoiceField
          label={recipeTexts.job}
          value={draft.job}
          choices={jobs.map((job) => ({ value: job, label: jobWords[job] }))}
          onChange={(job) => onChange({ job: job as RecipeDraft['job'], platforms: [] })}
        />
      </div>
      {draft.kind === 'devices' ? <DeviceList draft={draft} onChange={onChange} /> : <BoardParts {...props} />}
      <RecipeOptions {...props} />
    </>
  )
}

function BoardParts(props: ContentProps & { readonly library: Shelf }) {
  return (
    <>
      {props.draft.job !== 'identify' && <Content {...props} />}
      <PlatformRows {...props} />
    </>
  )
}

/** Where Device OS follows from the user firmware, or is left alone, user firmware has to be chosen. */
function Content({ draft, onChange }: ContentProps) {
  const take = (deviceOs: RecipeDraft['deviceOs']) =>
    onChange({ deviceOs, user: deviceOs === 'chosen' ? draft.user : 'modules' })
  return (
    <div className={styles['content']}>
      <ChoiceField
        label={recipeTexts.deviceOs}
        value={draft.deviceOs}
        choices={deviceOsChoices}
        onChange={(deviceOs) => take(deviceOs as RecipeDraft['deviceOs'])}
      />
      <ChoiceField
        label={recipeTexts.user}
        value={draft.user}
        choices={userChoices}
        onChange={(user) => onChange({ user: user as RecipeDraft['user'] })}
      />
    </div>
  )
}
