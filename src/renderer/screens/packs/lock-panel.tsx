// The production lock: put on with one press, lifted by typing the name of the station.
import { useState } from 'react'
import type { PacksView } from '../../../shared/model/pack-view.ts'
import { useAct } from '../../station/use-answer.ts'
import { useStationView } from '../../station/use-bench.ts'
import { packs } from '../../text/packs.ts'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { TypedDialog } from './typed-dialog.tsx'

interface LockPanelProps {
  readonly isLocked: boolean
  readonly onChange: (view: PacksView) => void
}

export function LockPanel({ isLocked, onChange }: LockPanelProps) {
  const act = useAct()
  const stationId = useStationView()?.stationId ?? ''
  const [isAsking, setIsAsking] = useState(false)
  const set = async (on: boolean, typed: string) => {
    const after = await act.run('lockToSignedPacks', { on, typed })
    if (after === null) return
    setIsAsking(false)
    onChange(after)
  }
  return (
    <Panel
      title={packs.lock}
      actions={
        isLocked ? (
          <Button isDisabled={act.isBusy} onPress={() => setIsAsking(true)}>
            {packs.unlock}
          </Button>
        ) : (
          <Button isDisabled={act.isBusy} onPress={() => void set(true, '')}>
            {packs.lockNow}
          </Button>
        )
      }
    >
      <p>{isLocked ? packs.lockOn : packs.lockOff}</p>
      {act.fault !== null && !isAsking && <FaultNotice fault={act.fault} onDismiss={act.clear} />}
      {isAsking && (
        <TypedDialog
          title={packs.unlockTitle}
          help={packs.unlockHelp(stationId)}
          label={packs.typed}
          wanted={stationId}
          confirm={packs.confirmUnlock}
          fault={act.fault}
          onClose={() => setIsAsking(false)}
          onConfirm={(typed) => void set(false, typed)}
        />
      )}
    </Panel>
  )
}
