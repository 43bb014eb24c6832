// Trusting a key on purpose: its fingerprint, as a person heard it from who holds the key, must be typed and must match.
import { useState } from 'react'
import type { PackKey } from '../../../shared/model/pack-view.ts'
import { useAct } from '../../station/use-answer.ts'
import { packs } from '../../text/packs.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Notice } from '../../ui/notice.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { useDialogKeys } from '../frame/use-dialog-keys.ts'
import { sameFingerprint } from './fingerprints.ts'
import styles from './packs.module.css'

interface TrustDialogProps {
  readonly signer: PackKey
  readonly onClose: () => void
  readonly onTrusted: () => void
}

export function TrustDialog({ signer, onClose, onTrusted }: TrustDialogProps) {
  const act = useAct()
  const [name, setName] = useState('')
  const [heard, setHeard] = useState('')
  useDialogKeys({ Escape: onClose })
  const isSame = sameFingerprint(heard, signer.fingerprint)
  const isWhole = heard.replaceAll(/[^0-9A-Za-z]/g, '').length >= signer.fingerprint.replaceAll('-', '').length
  const trust = async () => {
    const keys = await act.run('trustKey', { name: name.trim(), publicKey: signer.publicKey })
    if (keys !== null) onTrusted()
  }
  return (
    <Dialog
      title={packs.trustTitle}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{packs.cancel}</Button>
          <Button kind="danger" isDisabled={!isSame || name.trim() === '' || act.isBusy} onPress={() => void trust()}>
            {packs.confirmTrust}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        {act.fault !== null && <FaultNotice fault={act.fault} />}
        <p>
          {packs.shownFingerprint} <strong className={styles['fingerprint']}>{signer.fingerprint}</strong>
        </p>
        <p>{packs.trustHelp}</p>
        <TextField label={packs.heard} value={heard} hint={packs.heardHint} maxLength={40} onChange={setHeard} />
        {isWhole && !isSame && <Notice tone="fail">{packs.different}</Notice>}
        <TextField label={packs.keyOf} value={name} hint={packs.keyOfHint} maxLength={60} onChange={setName} />
      </div>
    </Dialog>
  )
}
