// Whom this station trusts, and with which key it signs its own packs.
import type { KeysView } from '../../../shared/model/pack-view.ts'
import { useAct } from '../../station/use-answer.ts'
import { stampText } from '../../text/format.ts'
import { packs } from '../../text/packs.ts'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Panel } from '../../ui/panel.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import styles from './packs.module.css'

interface KeysPanelProps {
  readonly keys: KeysView
  readonly onChange: () => void
}

export function KeysPanel({ keys, onChange }: KeysPanelProps) {
  const act = useAct()
  const untrust = async (fingerprint: string) => {
    await act.run('untrustKey', { fingerprint })
    onChange()
  }
  return (
    <Panel title={packs.keys}>
      {act.fault !== null && <FaultNotice fault={act.fault} onDismiss={act.clear} />}
      <Facts
        rows={[
          keys.own === null
            ? { name: packs.ownKey, value: packs.noOwnKey, isMissing: true }
            : { name: packs.ownKey, value: keys.own.fingerprint, isMono: true },
        ]}
      />
      <h3>{packs.trustedKeys}</h3>
      {keys.trusted.length === 0 && <p>{packs.noTrusted}</p>}
      <ul className={styles['list']}>
        {keys.trusted.map((key) => (
          <li key={key.publicKey} className={styles['key']}>
            <span>
              <strong>{key.name}</strong>
              <code className={styles['mono']}>{key.fingerprint}</code>
              <span className={styles['soft']}>
                {packs.since} {stampText(key.trustedAt)}
              </span>
            </span>
            <Button
              label={packs.untrustOf(key.name)}
              isDisabled={act.isBusy}
              onPress={() => void untrust(key.fingerprint)}
            >
              {packs.untrust}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
