// The filter of History: any id, the result, the platform, the days.
import { platformNames } from '../../../shared/model/platform.ts'
import { outcomes } from '../../../shared/model/record.ts'
import { history } from '../../text/history.ts'
import { outcomeLook } from '../../text/outcome-look.ts'
import { recipeTexts } from '../../text/recipe.ts'
import { Button } from '../../ui/button.tsx'
import { ChoiceField, TextField } from '../../ui/fields.tsx'
import styles from './history-screen.module.css'
import { emptyFields, type FilterFields, isEmpty } from './record-filter.ts'

interface FilterBarProps {
  readonly fields: FilterFields
  readonly onChange: (fields: FilterFields) => void
}

const outcomeChoices = [
  { value: '', label: history.anyOutcome },
  ...[...outcomes, 'open' as const].map((outcome) => ({ value: outcome, label: outcomeLook(outcome).word })),
]
const jobChoices = [
  { value: '', label: history.anyJob },
  ...(['flash', 'verify', 'identify'] as const).map((job) => ({ value: job, label: recipeTexts.jobNames[job] })),
]
const platformChoices = [
  { value: '', label: history.anyPlatform },
  ...platformNames.map((name) => ({ value: name, label: name })),
]

export function FilterBar({ fields, onChange }: FilterBarProps) {
  const change = (changes: Partial<FilterFields>) => onChange({ ...fields, ...changes })
  return (
    <search className={styles['filter']}>
      <TextField
        label={history.search}
        type="search"
        value={fields.text}
        hint={history.searchHelp}
        maxLength={200}
        onChange={(text) => change({ text })}
      />
      <ChoiceField
        label={history.outcome}
        value={fields.outcome}
        choices={outcomeChoices}
        onChange={(outcome) => change({ outcome })}
      />
      <ChoiceField label={history.job} value={fields.job} choices={jobChoices} onChange={(job) => change({ job })} />
      <ChoiceField
        label={history.platform}
        value={fields.platform}
        choices={platformChoices}
        onChange={(platform) => change({ platform })}
      />
      <TextField label={history.from} type="date" value={fields.from} onChange={(from) => change({ from })} />
      <TextField label={history.to} type="date" value={fields.to} onChange={(to) => change({ to })} />
      <Button isDisabled={isEmpty(fields)} onPress={() => onChange(emptyFields(''))}>
        {history.clear}
      </Button>
    </search>
  )
}
