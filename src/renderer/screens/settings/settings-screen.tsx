// Settings: the bench and its ports, who works here, simulated boards, sound, and whether this computer is ready.
import type { Settings } from '../../../shared/model/settings.ts'
import { type Act, useAct, useAnswer } from '../../station/use-answer.ts'
import { settings as texts } from '../../text/settings.ts'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { BenchPanel } from './bench-panel.tsx'
import { DoctorPanel } from './doctor-panel.tsx'
import { OperatorPanel } from './operator-panel.tsx'
import { PortsPanel } from './ports-panel.tsx'
import styles from './settings-screen.module.css'
import { SimulationPanel } from './simulation-panel.tsx'
import { SoundPanel } from './sound-panel.tsx'

/** What each panel gets: the settings as they are, and a way to ask for others. */
export interface SettingsPanelProps {
  readonly settings: Settings
  readonly isBusy: boolean
  /** Shows the answer when it comes. */
  readonly ask: (answer: (run: Act['run']) => Promise<Settings | null>) => void
}

export function SettingsScreen() {
  const answer = useAnswer('readSettings', {})
  const act = useAct()
  const settings = answer.value
  if (settings === null) return answer.fault === null ? <p>{texts.reading}</p> : <FaultNotice fault={answer.fault} />
  const ask: SettingsPanelProps['ask'] = (question) =>
    void question(act.run).then((after) => {
      if (after !== null) answer.replace(after)
    })
  const panel = { settings, ask, isBusy: act.isBusy }
  return (
    <div className={styles['screen']}>
      {act.fault !== null && <FaultNotice fault={act.fault} onDismiss={act.clear} isFloating />}
      <div className={styles['column']}>
        <BenchPanel {...panel} />
        <PortsPanel {...panel} onLearnt={answer.refresh} />
      </div>
      <div className={styles['column']}>
        <OperatorPanel {...panel} />
        <SimulationPanel {...panel} />
        <SoundPanel />
        <DoctorPanel />
      </div>
    </div>
  )
}
