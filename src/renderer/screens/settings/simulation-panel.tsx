// Simulated boards in place of real USB, for training and demonstration.
import { useState } from 'react'
import { useBench } from '../../station/use-bench.ts'
import { settings as texts } from '../../text/settings.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import styles from './settings-screen.module.css'
import type { SettingsPanelProps } from './settings-screen.tsx'

export function SimulationPanel({ settings, ask, isBusy }: SettingsPanelProps) {
  const { simulation } = settings
  const isRunSimulated = useBench((mirror) => mirror.station()?.isSimulated === true) && !simulation.on
  const [boards, setBoards] = useState(simulation.boards)
  const [speed, setSpeed] = useState(String(simulation.speed))
  const isGood = boards.trim() !== '' && speed.trim() !== '' && Number(speed) >= 0 && Number(speed) <= 1000
  const apply = () => ask((run) => run('setSimulation', { on: true, boards: boards.trim(), speed: Number(speed) }))
  return (
    <Panel title={texts.simulation}>
      <p>{texts.simulationHelp}</p>
      {isRunSimulated && <Notice tone="plain">{texts.simulatedRun}</Notice>}
      <div className={styles['line']}>
        <TextField label={texts.boards} value={boards} hint={texts.boardsHint} maxLength={200} onChange={setBoards} />
        <TextField label={texts.speed} type="number" min={0} max={1000} value={speed} onChange={setSpeed} />
      </div>
      <div className={styles['line']}>
        <Button isDisabled={isBusy || !isGood} onPress={apply}>
          {simulation.on ? texts.changeSimulation : texts.applySimulation}
        </Button>
        {simulation.on && (
          <Button isDisabled={isBusy} onPress={() => ask((run) => run('setSimulation', { on: false }))}>
            {texts.endSimulation}
          </Button>
        )}
      </div>
    </Panel>
  )
}
