// Which USB port each slot is: learnt by plugging a board in, forgotten when the bench is rebuilt.
import { useEffect, useRef } from 'react'
import { useStationView } from '../../station/use-bench.ts'
import { settings as texts } from '../../text/settings.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useKeys } from '../frame/keyboard-context.tsx'
import styles from './settings-screen.module.css'
import type { SettingsPanelProps } from './settings-screen.tsx'

export function PortsPanel({
  settings,
  ask,
  isBusy,
  onLearnt,
}: SettingsPanelProps & { readonly onLearnt: () => void }) {
  const station = useStationView()
  const learning = station?.learningSlot ?? null
  const stray = station?.strayPorts ?? []
  const learn = (slot: number | null) => ask((run) => run('learnPort', { slot }))
  useWhenLearnt(learning, onLearnt)
  useKeys((key) => {
    if (key !== 'Escape' || learning === null) return false
    learn(null)
    return true
  })
  return (
    <Panel title={texts.ports}>
      <p>
        {texts.portsHelp} {settings.learnsPorts && texts.learnsPorts}
      </p>
      {station?.isSimulated === true && <Notice tone="plain">{texts.simulatedPorts}</Notice>}
      {stray.length > 0 && <Notice tone="warn">{texts.stray(stray.join(', '))}</Notice>}
      {learning !== null && (
        <Notice tone="plain" actions={<Button onPress={() => learn(null)}>{texts.cancelLearning}</Button>}>
          {texts.learning(learning)}
        </Notice>
      )}
      <ul className={styles['ports']}>
        {settings.slots.map((port, place) => (
          <PortRow
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is the slot.
            key={place}
            slot={place + 1}
            port={port}
            isLearning={learning === place + 1}
            isBusy={isBusy}
            onLearn={() => learn(place + 1)}
            onForget={() => ask((run) => run('forgetPort', { slot: place + 1 }))}
          />
        ))}
      </ul>
    </Panel>
  )
}

interface PortRowProps {
  readonly slot: number
  readonly port: string | null
  readonly isLearning: boolean
  readonly isBusy: boolean
  readonly onLearn: () => void
  readonly onForget: () => void
}

function PortRow({ slot, port, isLearning, isBusy, onLearn, onForget }: PortRowProps) {
  return (
    <li className={styles['port']} data-learning={isLearning || undefined}>
      <strong>{texts.slot(slot)}</strong>
      <code>{port ?? texts.noPort}</code>
      <Button label={texts.learnOf(slot)} isDisabled={isBusy || isLearning} onPress={onLearn}>
        {texts.learn}
      </Button>
      <Button label={texts.forgetOf(slot)} isDisabled={isBusy || port === null} onPress={onForget}>
        {texts.forget}
      </Button>
    </li>
  )
}

/** The settings are read again when a slot has stopped waiting: its port may be known now. */
function useWhenLearnt(learning: number | null, onLearnt: () => void): void {
  const before = useRef(learning)
  useEffect(() => {
    const wasLearning = before.current !== null
    before.current = learning
    if (wasLearning && learning === null) onLearnt()
  }, [learning, onLearnt])
}
