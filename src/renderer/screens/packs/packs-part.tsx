// Recipe packs: which there are, how one comes in, whom this station trusts, which folder it watches, and the lock.
import { useState } from 'react'
import type { PackFacts, PacksView } from '../../../shared/model/pack-view.ts'
import { type Act, useAct } from '../../station/use-answer.ts'
import { packs } from '../../text/packs.ts'
import { FilePicker } from '../../ui/file-picker.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { base64Of } from '../firmware/upload-batches.ts'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { ExamineDialog, type ExaminedPack } from './examine-dialog.tsx'
import { FolderPanel } from './folder-panel.tsx'
import { KeysPanel } from './keys-panel.tsx'
import { LockPanel } from './lock-panel.tsx'
import { PackRow } from './pack-row.tsx'
import styles from './packs.module.css'

interface PacksPartProps {
  readonly view: PacksView
  readonly onChange: (view: PacksView) => void
  readonly onRefresh: () => void
}

export function PacksPart({ view, onChange, onRefresh }: PacksPartProps) {
  const act = useAct()
  const [news, setNews] = useState<string | null>(null)
  const [examined, setExamined] = useState<ExaminedPack | null>(null)
  const examine = async (file: File) => {
    setNews(null)
    const upload = { fileName: file.name, contentBase64: await base64Of(file) }
    const facts = await act.run('examinePack', upload)
    if (facts !== null) setExamined({ facts, upload })
  }
  const takenNow = ({ name, version }: PackFacts, after: PacksView) => {
    setNews(packs.taken(name, version))
    setExamined(null)
    onChange(after)
  }
  return (
    <div className={styles['part']}>
      {act.fault !== null && <FaultNotice fault={act.fault} onDismiss={act.clear} />}
      {news !== null && <Notice tone="good">{news}</Notice>}
      <Panel
        title={packs.title}
        actions={
          <FilePicker
            label={packs.open}
            accept=".dfupack"
            isDisabled={act.isBusy}
            onPick={([file]) => {
              if (file !== undefined) void examine(file)
            }}
          />
        }
      >
        <p>{view.packs.length === 0 ? `${packs.none} ${packs.help}` : packs.help}</p>
        <PackList packs={view.packs} act={act} onChange={onChange} />
      </Panel>
      <TrustPanels view={view} onChange={onChange} onRefresh={onRefresh} />
      {examined !== null && (
        <ExamineDialog
          examined={examined}
          onClose={() => setExamined(null)}
          onExamined={setExamined}
          onTaken={(after) => takenNow(examined.facts, after)}
        />
      )}
    </div>
  )
}

function TrustPanels({ view, onChange, onRefresh }: PacksPartProps) {
  return (
    <div className={styles['columns']}>
      <FolderPanel watch={view.watch} onChange={onChange} />
      <div className={styles['part']}>
        <KeysPanel keys={view.keys} onChange={onRefresh} />
        <LockPanel isLocked={view.onlySignedPacks} onChange={onChange} />
      </div>
    </div>
  )
}

interface PackListProps {
  readonly packs: PacksView['packs']
  readonly act: Act
  readonly onChange: (view: PacksView) => void
}

function PackList({ packs: all, act, onChange }: PackListProps) {
  const show = (answer: Promise<PacksView | null>) =>
    void answer.then((after) => {
      if (after !== null) onChange(after)
    })
  return (
    <ul className={styles['list']}>
      {all.map((pack) => (
        <PackRow
          key={pack.packId}
          pack={pack}
          isBusy={act.isBusy}
          onUse={(focus) => show(act.run('choosePack', { packId: pack.packId, focus }))}
          onRemove={() => show(act.run('removePack', { packId: pack.packId }))}
        />
      ))}
    </ul>
  )
}
