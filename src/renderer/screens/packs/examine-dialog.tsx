// What a pack holds and who signed it, before anything of it is taken. An unknown key can be trusted from here, by its
// own deliberate way; what stays without trust is taken for simulated boards alone.
import { useState } from 'react'
import type { CallInput } from '../../../shared/contract/contract.ts'
import type { PackFacts, PacksView } from '../../../shared/model/pack-view.ts'
import { useAct } from '../../station/use-answer.ts'
import { packs } from '../../text/packs.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Facts } from '../../ui/facts.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { useDialogKeys } from '../frame/use-dialog-keys.ts'
import { PackBadge } from './pack-badge.tsx'
import { packRows } from './pack-rows.ts'
import styles from './packs.module.css'
import { TrustDialog } from './trust-dialog.tsx'

export interface ExaminedPack {
  readonly facts: PackFacts
  readonly upload: CallInput<'importPack'>
}

interface ExamineDialogProps {
  readonly examined: ExaminedPack
  readonly onClose: () => void
  readonly onExamined: (examined: ExaminedPack) => void
  readonly onTaken: (view: PacksView) => void
}

export function ExamineDialog({ examined, onClose, onExamined, onTaken }: ExamineDialogProps) {
  const act = useAct()
  const [isTrusting, setIsTrusting] = useState(false)
  const { facts, upload } = examined
  useDialogKeys({ Escape: onClose })
  const take = async () => {
    const after = await act.run('importPack', upload)
    if (after !== null) onTaken(after)
  }
  const lookAgain = async () => {
    setIsTrusting(false)
    const again = await act.run('examinePack', upload)
    if (again !== null) onExamined({ facts: again, upload })
  }
  if (isTrusting && facts.signer !== null) {
    return <TrustDialog signer={facts.signer} onClose={() => setIsTrusting(false)} onTrusted={() => void lookAgain()} />
  }
  return (
    <Dialog
      title={packs.examineTitle(facts.name)}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{packs.cancel}</Button>
          {facts.standing === 'untrusted' && <Button onPress={() => setIsTrusting(true)}>{packs.trustFirst}</Button>}
          <Button kind={facts.fault === null ? 'main' : 'plain'} isDisabled={act.isBusy} onPress={() => void take()}>
            {facts.fault === null ? packs.take : packs.takeForBench}
          </Button>
        </>
      }
    >
      <div className={styles['examined']}>
        <PackBadge standing={facts.standing} />
        {act.fault !== null && <FaultNotice fault={act.fault} />}
        {facts.fault !== null && <FaultNotice fault={facts.fault} />}
        <Facts rows={packRows(facts)} />
      </div>
    </Dialog>
  )
}
