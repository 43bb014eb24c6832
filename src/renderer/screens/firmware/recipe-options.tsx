// The options that an everyday recipe leaves alone, behind a fold that says how many of them are set. Only what means
// anything for the kind of job and the chosen platforms is offered.
import { recipeTexts } from '../../text/recipe.ts'
import { CheckField, ChoiceField, TextField } from '../../ui/fields.tsx'
import { LabelFields } from './label-fields.tsx'
import styles from './recipe-composer.module.css'
import { platformsWithFactoryImage, platformsWithSetupFlag, type RecipeDraft } from './recipe-draft.ts'
import type { Shelf } from './version-menu.ts'

interface RecipeOptionsProps {
  readonly library: Shelf
  readonly draft: RecipeDraft
  readonly onChange: (changes: Partial<RecipeDraft>) => void
}

export function RecipeOptions({ library, draft, onChange }: RecipeOptionsProps) {
  const count = countSet(draft)
  return (
    <details className={styles['more']}>
      <summary>{count === 0 ? recipeTexts.more : recipeTexts.moreChanged(count)}</summary>
      <div className={styles['options']}>
        {draft.job === 'flash' && draft.kind === 'particle' && (
          <FlashOptions library={library} draft={draft} onChange={onChange} />
        )}
        {draft.job === 'flash' && draft.kind === 'devices' && (
          <CheckField label={recipeTexts.force} isOn={draft.force} onChange={(force) => onChange({ force })} />
        )}
        <div className={styles['content']}>
          <TextField
            label={recipeTexts.limitBoards}
            type="number"
            min={1}
            value={draft.limitBoards}
            hint={recipeTexts.limitBoardsHint}
            onChange={(limitBoards) => onChange({ limitBoards })}
          />
          <TextField
            label={recipeTexts.notAfter}
            type="datetime-local"
            value={draft.notAfter}
            onChange={(notAfter) => onChange({ notAfter })}
          />
        </div>
        <LabelFields fields={draft.label} onChange={(label) => onChange({ label })} />
      </div>
    </details>
  )
}

const verifyChoices = [
  { value: 'read-back', label: recipeTexts.verify['read-back'] },
  { value: 'reported', label: recipeTexts.verify.reported },
]
const setupChoices = [
  { value: 'keep', label: recipeTexts.setups.keep },
  { value: 'done', label: recipeTexts.setups.done },
  { value: 'not-done', label: recipeTexts.setups['not-done'] },
]

function FlashOptions({ library, draft, onChange }: RecipeOptionsProps) {
  const withFactory = platformsWithFactoryImage(draft)
  const withSetup = platformsWithSetupFlag(draft, library)
  return (
    <>
      <ChoiceField
        label={recipeTexts.verifyChoice}
        value={draft.verify}
        choices={verifyChoices}
        onChange={(verify) => onChange({ verify: verify as RecipeDraft['verify'] })}
      />
      <CheckField label={recipeTexts.force} isOn={draft.force} onChange={(force) => onChange({ force })} />
      {withFactory.length > 0 && (
        <CheckField
          label={
            withFactory.length === draft.platforms.length
              ? recipeTexts.factoryImage
              : recipeTexts.factoryImageOn(withFactory.join(', '))
          }
          isOn={draft.factoryImage === 'user'}
          onChange={(isOn) => onChange({ factoryImage: isOn ? 'user' : 'keep' })}
        />
      )}
      {withSetup.length > 0 && (
        <ChoiceField
          label={
            withSetup.length === draft.platforms.length ? recipeTexts.setup : recipeTexts.setupOn(withSetup.join(', '))
          }
          value={draft.setup}
          choices={setupChoices}
          onChange={(setup) => onChange({ setup: setup as RecipeDraft['setup'] })}
        />
      )}
    </>
  )
}

function countSet(draft: RecipeDraft): number {
  const common = [draft.limitBoards !== '', draft.notAfter !== '', draft.label.length > 0]
  if (draft.kind === 'devices') return [...common, draft.job === 'flash' && draft.force].filter(Boolean).length
  const ofFlash = [draft.verify !== 'read-back', draft.force, draft.factoryImage !== 'keep', draft.setup !== 'keep']
  return [...common, ...(draft.job === 'flash' ? ofFlash : [])].filter(Boolean).length
}
