// The label data of a recipe: names and texts, as many as are wanted.
import { recipeTexts } from '../../text/recipe.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import styles from './recipe-composer.module.css'
import type { LabelField } from './recipe-draft.ts'

interface LabelFieldsProps {
  readonly fields: readonly LabelField[]
  readonly onChange: (fields: readonly LabelField[]) => void
}

export function LabelFields({ fields, onChange }: LabelFieldsProps) {
  const change = (at: number, changes: Partial<LabelField>) =>
    onChange(fields.map((field, place) => (place === at ? { ...field, ...changes } : field)))
  return (
    <fieldset className={styles['platforms']}>
      <legend>{recipeTexts.label}</legend>
      <p>{recipeTexts.labelHelp}</p>
      {fields.map((field, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a field has no name yet while it is being written.
        <div key={at} className={styles['labelField']}>
          <TextField
            label={recipeTexts.labelName(at + 1)}
            value={field.name}
            maxLength={40}
            onChange={(name) => change(at, { name })}
          />
          <TextField
            label={recipeTexts.labelText(at + 1)}
            value={field.text}
            maxLength={200}
            takesScans
            onChange={(text) => change(at, { text })}
          />
          <Button
            label={recipeTexts.removeLabel(at + 1)}
            onPress={() => onChange(fields.filter((_, place) => place !== at))}
          >
            ✕
          </Button>
        </div>
      ))}
      <div>
        <Button onPress={() => onChange([...fields, { name: '', text: '' }])}>{recipeTexts.addLabel}</Button>
      </div>
    </fieldset>
  )
}
