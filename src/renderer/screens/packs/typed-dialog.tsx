// A question that only a typed name answers: a slip of a glove must not do what it asks about.
import { useState } from 'react'
import type { FaultReport } from '../../../shared/fault/fault.ts'
import { packs } from '../../text/packs.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/fields.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { useDialogKeys } from '../frame/use-dialog-keys.ts'
import styles from './packs.module.css'

interface TypedDialogProps {
  readonly title: string
  readonly help: string
  readonly label: string
  /** What has to be typed. */
  readonly wanted: string
  readonly confirm: string
  readonly fault: FaultReport | null
  readonly onClose: () => void
  readonly onConfirm: (typed: string) => void
}

export function TypedDialog({ title, help, label, wanted, confirm, fault, onClose, onConfirm }: TypedDialogProps) {
  const [typed, setTyped] = useState('')
  useDialogKeys({ Escape: onClose })
  return (
    <Dialog
      title={title}
      role="alertdialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{packs.cancel}</Button>
          <Button kind="danger" isDisabled={typed.trim() !== wanted} onPress={() => onConfirm(typed.trim())}>
            {confirm}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        {fault !== null && <FaultNotice fault={fault} />}
        <p>{help}</p>
        <TextField label={label} value={typed} maxLength={80} onChange={setTyped} />
      </div>
    </Dialog>
  )
}
