// Brings firmware into the library: by file chooser, by folder chooser, by dropping. Every refusal is one line.
import { DropZone } from 'react-aria-components'
import type { ImportProgress } from '../../../shared/model/firmware-view.ts'
import { firmware } from '../../text/firmware.ts'
import { FilePicker } from '../../ui/file-picker.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { droppedFiles, pickedFiles } from './chosen-files.ts'
import { ImportResult } from './import-result.tsx'
import styles from './library-part.module.css'
import type { UploadKind } from './upload-kinds.ts'
import { type ImportState, useImport } from './use-import.ts'

interface ImportPanelProps<Taken> {
  readonly kind: UploadKind<Taken>
  readonly onImported: () => void
}

export function ImportPanel<Taken>({ kind, onImported }: ImportPanelProps<Taken>) {
  const { state, start } = useImport(kind, onImported)
  const isBusy = state.kind === 'busy'
  const pick = (files: readonly File[]) => void start(() => Promise.resolve(pickedFiles(files)))
  return (
    <Panel title={kind.title}>
      <DropZone
        className={styles['drop'] ?? ''}
        isDisabled={isBusy}
        aria-label={kind.help}
        onDrop={(event) => void start(() => droppedFiles(event.items))}
      >
        <p>{kind.help}</p>
        <FilePicker label={firmware.chooseFiles} accept={kind.accept} isDisabled={isBusy} onPick={pick} />
        <FilePicker label={firmware.chooseFolder} isFolder isDisabled={isBusy} onPick={pick} />
      </DropZone>
      <ImportNews state={state} kind={kind} />
    </Panel>
  )
}

function ImportNews<Taken>({ state, kind }: { readonly state: ImportState<Taken>; readonly kind: UploadKind<Taken> }) {
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
          <ImportResult report={state.report} kind={kind} />
        </>
      )
  }
}

function Busy({ progress }: { readonly progress: ImportProgress | null }) {
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
