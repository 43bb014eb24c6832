// What this computer has and lacks for real boards, with the remedy for each lack.
import type { DoctorFinding } from '../../../shared/contract/contract.ts'
import { useAnswer } from '../../station/use-answer.ts'
import { settings as texts } from '../../text/settings.ts'
import { Button } from '../../ui/button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Panel } from '../../ui/panel.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import styles from './settings-screen.module.css'

export function DoctorPanel() {
  const answer = useAnswer('examineStation', {})
  return (
    <Panel
      title={texts.doctor}
      actions={
        <Button isDisabled={answer.isAsking} onPress={answer.refresh}>
          {texts.examine}
        </Button>
      }
    >
      {answer.fault !== null && <FaultNotice fault={answer.fault} />}
      <ul className={styles['findings']}>
        {answer.value?.map((finding) => (
          <Finding key={`${finding.name} ${finding.detail}`} finding={finding} />
        ))}
      </ul>
    </Panel>
  )
}

function Finding({ finding }: { readonly finding: DoctorFinding }) {
  return (
    <li className={styles['finding']} data-ok={finding.ok}>
      <Glyph name={finding.ok ? 'check' : 'triangle'} />
      <div>
        <strong>{finding.name}</strong>: {finding.ok ? texts.good : texts.amiss}. {finding.detail}
        {finding.remedy !== null && <p className={styles['remedy']}>{finding.remedy}</p>}
      </div>
    </li>
  )
}
