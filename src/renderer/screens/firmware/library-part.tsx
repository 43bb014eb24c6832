// The firmware library: bring files in, see what came of each, and what sets there are.
import type { FirmwareSet } from '../../../shared/model/firmware-view.ts'
import { useAct } from '../../station/use-answer.ts'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { ImportPanel } from './import-panel.tsx'
import styles from './library-part.module.css'
import { SetTable } from './set-table.tsx'

interface LibraryPartProps {
  readonly sets: readonly FirmwareSet[] | null
  readonly onChange: () => void
}

export function LibraryPart({ sets, onChange }: LibraryPartProps) {
  const act = useAct()
  const remove = async (setId: string) => {
    await act.run('removeFirmware', { setId })
    onChange()
  }
  return (
    <div className={styles['part']}>
      <ImportPanel onImported={onChange} />
      {act.fault !== null && <FaultNotice fault={act.fault} onDismiss={act.clear} />}
      {sets !== null && <SetTable sets={sets} onRemove={(setId) => void remove(setId)} />}
    </div>
  )
}
