// Form fields with their names above them: text, choice and switch, high enough for gloves.
import { type ReactNode, useId } from 'react'
import styles from './fields.module.css'

interface TextFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly type?: 'text' | 'search' | 'date' | 'datetime-local' | 'number' | 'url'
  readonly hint?: string
  readonly min?: number
  readonly max?: number
  readonly maxLength?: number
  /** What a scanner types here stays here; everywhere else it is a command or a search. */
  readonly takesScans?: boolean
}

export function TextField({ label, value, onChange, type = 'text', hint, takesScans, ...rest }: TextFieldProps) {
  const id = useId()
  return (
    <div className={styles['field']} data-grows={hint !== undefined || undefined}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        value={value}
        placeholder={hint}
        autoComplete="off"
        spellCheck={false}
        data-takes-scans={takesScans ? '' : undefined}
        onChange={(event) => onChange(event.target.value)}
        {...rest}
      />
    </div>
  )
}

interface ChoiceFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly choices: readonly Choice[]
}

interface Choice {
  readonly value: string
  readonly label: string
  /** Choices of one group stand together below its name. */
  readonly group?: string
}

export function ChoiceField({ label, value, onChange, choices }: ChoiceFieldProps) {
  const id = useId()
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {[...Map.groupBy(choices, (choice) => choice.group)].map(([group, members]) =>
          group === undefined ? (
            <Options key="" choices={members} />
          ) : (
            <optgroup key={group} label={group}>
              <Options choices={members} />
            </optgroup>
          ),
        )}
      </select>
    </div>
  )
}

function Options({ choices }: Pick<ChoiceFieldProps, 'choices'>) {
  return choices.map((choice) => (
    <option key={choice.value} value={choice.value}>
      {choice.label}
    </option>
  ))
}

interface CheckFieldProps {
  readonly label: ReactNode
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
  readonly isDisabled?: boolean
}

export function CheckField({ label, isOn, onChange, isDisabled }: CheckFieldProps) {
  return (
    <label className={styles['check']}>
      <input
        type="checkbox"
        checked={isOn}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{label}</span>
    </label>
  )
}
