// The firmware library: bring files in, see what came of each, and what sets there are; take a set out as Intel HEX.
import { useState } from 'react'
import type { CallOutput } from '../../../shared/contract/contract.ts'
import { useAct } from '../../station/use-answer.ts'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { FetchPanel } from './fetch-panel.tsx'
import { HexDialog, type HexWish } from './hex-dialog.tsx'
import { ImportPanel } from './import-panel.tsx'
import styles from './library-part.module.css'
import { userModulesOf } from './recipe-draft.ts'
import { SetTable } from './set-table.tsx'
import { firmwareUploads } from './upload-kinds.ts'

interface LibraryPartProps {
  readonly library: CallOutput<'listFirmware'> | null
  readonly onChange: () => void
}

export function LibraryPart({ library, onChange }: LibraryPartProps) {
  const act = useAct()
  const [wish, setWish] = useState<HexWish | null>(null)
  const remove = async (setId: string) => {
    await act.run('removeFirmware', { setId })
    onChange()
  }
  return (
    <div className={styles['part']}>
      <ImportPanel kind={firmwareUploads} onImported={onChange} />
      <FetchPanel onFetched={onChange} />
      {act.fault !== null && <FaultNotice fault={act.fault} onDismiss={act.clear} />}
      {library !== null && (
        <SetTable sets={library.sets} onRemove={(setId) => void remove(setId)} onExportHex={setWish} />
      )}
      {wish !== null && library !== null && (
        <HexDialog wish={wish} users={userModulesOf(library, wish.platform)} onClose={() => setWish(null)} />
      )}
    </div>
  )
}
