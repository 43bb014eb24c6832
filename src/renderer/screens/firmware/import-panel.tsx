// Brings firmware into the library: by file chooser, by folder chooser, by dropping. Every refusal is one line.
import { DropZone } from 'react-aria-components'
import { firmware } from '../../text/firmware.ts'
import { FilePicker } from '../../ui/file-picker.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { droppedFiles, pickedFiles } from './chosen-files.ts'
import { ImportResult } from './import-result.tsx'
import styles from './library-part.module.css'
import { type ImportState, useImport } from './use-import.ts'

export function ImportPanel({ onImported }: { readonly onImported: () => void }) {
  const { state, start } = useImport(onImported)
  const isBusy = state.kind === 'busy'
  const pick = (files: readonly File[]) => void start(() => Promise.resolve(pickedFiles(files)))
  return (
    <Panel title={firmware.importTitle}>
      <DropZone
        className={styles['drop'] ?? ''}
        isDisabled={isBusy}
        aria-label={firmware.importHelp}
        onDrop={(event) => void start(() => droppedFiles(event.items))}
      >
        <p>{firmware.importHelp}</p>
        <FilePicker label={firmware.chooseFiles} accept=".zip,.bin,.hex" isDisabled={isBusy} onPick={pick} />
        <FilePicker label={firmware.chooseFolder} isFolder isDisabled={isBusy} onPick={pick} />
      </DropZone>
      <ImportNews state={state} />
    </Panel>
  )
}

function ImportNews({ state }: { readonly state: ImportState }) {
  switch (state.kind) {
    case 'idle':
      return null
    case 'busy':
      return <Busy progress={state.progress} />
    case 'faulted':
      return <FaultNotice fault={state.fault} />
    case 'done':
      return (
        <>
          {state.remarks.map((remark) => (
            <Notice key={remark} tone="warn">
              {remark}
            </Notice>
          ))}
          <ImportResult report={state.report} />
        </>
      )
  }
}

function Busy({ progress }: Pick<Extract<ImportState, { kind: 'busy' }>, 'progress'>) {
  const isKnown = progress !== null && progress.total > 0 && progress.file !== null
  return (
    <div className={styles['progress']} role="status">
      <p className={styles['names']}>
        {isKnown ? firmware.importing(progress.done, progress.total, progress.file ?? '') : firmware.reading}
      </p>
      <ProgressBar fraction={isKnown ? progress.done / progress.total : 0} label={firmware.importLabel} />
    </div>
  )
}
