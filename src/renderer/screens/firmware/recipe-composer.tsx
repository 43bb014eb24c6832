// Makes a recipe from what the library holds: platforms, their Device OS, their user firmware, and how it is proven.
import { useState } from 'react'
import type { CallOutput } from '../../../shared/contract/contract.ts'
import type { RecipeView } from '../../../shared/model/firmware-view.ts'
import { useAct } from '../../station/use-answer.ts'
import { firmware } from '../../text/firmware.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { CheckField, ChoiceField, TextField } from '../../ui/fields.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { useDialogKeys } from '../frame/use-dialog-keys.ts'
import { PlatformRows } from './platform-rows.tsx'
import styles from './recipe-composer.module.css'
import { emptyDraft, problemsOf, type RecipeDraft, recipeOf } from './recipe-draft.ts'

interface RecipeComposerProps {
  readonly library: CallOutput<'listFirmware'>
  readonly onClose: () => void
  readonly onSaved: (view: RecipeView) => void
}

const userChoices = [
  { value: 'set', label: firmware.userSet },
  { value: 'keep', label: firmware.userKeep },
  { value: 'modules', label: firmware.userModules },
]
const verifyChoices = [
  { value: 'read-back', label: firmware.verify['read-back'] },
  { value: 'reported', label: firmware.verify.reported },
]

export function RecipeComposer({ library, onClose, onSaved }: RecipeComposerProps) {
  const act = useAct()
  const [draft, setDraft] = useState<RecipeDraft>(emptyDraft)
  const change = (changes: Partial<RecipeDraft>) => setDraft((before) => ({ ...before, ...changes }))
  useDialogKeys({ Escape: onClose })
  const problems = problemsOf(draft)
  const save = async () => {
    const view = await act.run('saveRecipe', { recipe: recipeOf(draft) })
    if (view !== null) onSaved(view)
  }
  return (
    <Dialog
      title={firmware.composeTitle}
      onClose={onClose}
      actions={
        <>
          <p className={styles['problem']}>{problems[0]}</p>
          <Button onPress={onClose}>{firmware.cancel}</Button>
          <Button kind="main" isDisabled={problems.length > 0 || act.isBusy} onPress={() => void save()}>
            {firmware.save}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        {act.fault !== null && <FaultNotice fault={act.fault} />}
        <TextField
          label={firmware.name}
          value={draft.name}
          hint={firmware.nameHint}
          maxLength={80}
          onChange={(name) => change({ name })}
        />
        <CheckField
          label={firmware.keepOs}
          isOn={draft.keepsDeviceOs}
          onChange={(keepsDeviceOs) => change({ keepsDeviceOs, user: keepsDeviceOs ? 'modules' : draft.user })}
        />
        <ChoiceField
          label={firmware.user}
          value={draft.user}
          choices={userChoices}
          onChange={(user) => change({ user: user as RecipeDraft['user'] })}
        />
        <PlatformRows library={library} draft={draft} onChange={change} />
        <ChoiceField
          label={firmware.verifyChoice}
          value={draft.verify}
          choices={verifyChoices}
          onChange={(verify) => change({ verify: verify as RecipeDraft['verify'] })}
        />
      </div>
    </Dialog>
  )
}
