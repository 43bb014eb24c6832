// How many slots the bench has, and whether boards start by themselves.
import { useState } from 'react'
import { maxSlots } from '../../../shared/model/bench-size.ts'
import { settings as texts } from '../../text/settings.ts'
import { Button } from '../../ui/button.tsx'
import { CheckField, TextField } from '../../ui/fields.tsx'
import { Panel } from '../../ui/panel.tsx'
import styles from './settings-screen.module.css'
import type { SettingsPanelProps } from './settings-screen.tsx'

export function BenchPanel({ settings, ask, isBusy }: SettingsPanelProps) {
  const [typed, setTyped] = useState(String(settings.slots.length))
  const count = Number(typed)
  const isGood = Number.isInteger(count) && count >= 1 && count <= maxSlots
  return (
    <Panel title={texts.bench}>
      <div className={styles['line']}>
        <TextField label={texts.slotCount} type="number" min={1} max={maxSlots} value={typed} onChange={setTyped} />
        <Button
          isDisabled={!isGood || isBusy || count === settings.slots.length}
          onPress={() => ask((run) => run('setSlotCount', { count }))}
        >
          {texts.setCount}
        </Button>
      </div>
      <CheckField
        label={texts.autoStart}
        isOn={settings.autoStart}
        onChange={(on) => ask((run) => run('setAutoStart', { on }))}
      />
    </Panel>
  )
}
