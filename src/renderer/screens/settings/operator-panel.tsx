// Who works here. It goes into every record from now on.
import { useState } from 'react'
import { settings as texts } from '../../text/settings.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Panel } from '../../ui/panel.tsx'
import styles from './settings-screen.module.css'
import type { SettingsPanelProps } from './settings-screen.tsx'

export function OperatorPanel({ settings, ask, isBusy }: SettingsPanelProps) {
  const [name, setName] = useState(settings.operator ?? '')
  const save = (to: string | null) => ask((run) => run('setOperator', { name: to }))
  const trimmed = name.trim()
  return (
    <Panel title={texts.operator}>
      <p>{texts.operatorHelp}</p>
      <form
        className={styles['line']}
        onSubmit={(event) => {
          event.preventDefault()
          save(trimmed === '' ? null : trimmed)
        }}
      >
        <TextField label={texts.operatorName} value={name} onChange={setName} maxLength={60} takesScans />
        <Button isDisabled={isBusy || trimmed === '' || trimmed === settings.operator} onPress={() => save(trimmed)}>
          {texts.saveOperator}
        </Button>
        <Button
          isDisabled={isBusy || settings.operator === null}
          onPress={() => {
            setName('')
            save(null)
          }}
        >
          {texts.clearOperator}
        </Button>
      </form>
    </Panel>
  )
}
