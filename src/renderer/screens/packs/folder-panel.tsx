// The shared folder from which new packs are taken: which one, and what became of each file in it.
import { useState } from 'react'
import type { PacksView, WatchedPack, WatchView } from '../../../shared/model/pack-view.ts'
import { useAct } from '../../station/use-answer.ts'
import { stampText } from '../../text/format.ts'
import { packs } from '../../text/packs.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Glyph, type GlyphName } from '../../ui/glyph.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import table from '../../ui/table.module.css'
import { FaultNotice } from '../frame/fault-notice.tsx'
import styles from './packs.module.css'

interface FolderPanelProps {
  readonly watch: WatchView
  readonly onChange: (view: PacksView) => void
}

export function FolderPanel({ watch, onChange }: FolderPanelProps) {
  const act = useAct()
  const [typed, setTyped] = useState(watch.path ?? '')
  const set = async (path: string | null) => {
    const after = await act.run('watchFolder', { path })
    if (after !== null) onChange(after)
  }
  return (
    <Panel title={packs.folder}>
      <p>{packs.folderHelp}</p>
      {act.fault !== null && <FaultNotice fault={act.fault} onDismiss={act.clear} />}
      <div className={styles['row']}>
        <TextField label={packs.path} value={typed} hint={packs.pathHint} maxLength={1000} onChange={setTyped} />
        <Button
          isDisabled={act.isBusy || typed.trim() === '' || typed.trim() === watch.path}
          onPress={() => void set(typed.trim())}
        >
          {packs.watch}
        </Button>
        {watch.path !== null && (
          <Button isDisabled={act.isBusy} onPress={() => void set(null)}>
            {packs.stopWatching}
          </Button>
        )}
      </div>
      {watch.path === null ? <p>{packs.notWatched}</p> : <Watched watch={watch} />}
    </Panel>
  )
}

function Watched({ watch }: { readonly watch: WatchView }) {
  return (
    <>
      {watch.problem !== null && <Notice tone="warn">{watch.problem}</Notice>}
      <p className={styles['soft']}>
        {watch.lookedAt === null ? packs.notLooked : packs.lookedAt(stampText(watch.lookedAt))}
      </p>
      {watch.packs.length > 0 && <WatchedTable packs={watch.packs} />}
    </>
  )
}

const glyphs: Readonly<Record<WatchedPack['state'], GlyphName>> = {
  taken: 'check',
  known: 'double-check',
  older: 'slash',
  refused: 'octagon',
  copying: 'play',
}

function WatchedTable({ packs: files }: { readonly packs: readonly WatchedPack[] }) {
  return (
    <table className={`${table['table']} ${styles['watched']}`} aria-label={packs.watchedTable}>
      <thead>
        <tr>
          <th scope="col">{packs.file}</th>
          <th scope="col">{packs.state}</th>
          <th scope="col">{packs.detail}</th>
          <th scope="col">{packs.at}</th>
        </tr>
      </thead>
      <tbody>
        {files.map((pack) => (
          <tr key={pack.file}>
            <th scope="row">{pack.file}</th>
            <td>
              <span className={styles['state']} data-state={pack.state}>
                <Glyph name={glyphs[pack.state]} />
                {packs.watchedStates[pack.state]}
              </span>
            </td>
            <td>
              {pack.detail}
              {pack.fault !== null && <span className={styles['soft']}> {pack.fault.code}</span>}
            </td>
            <td className={table['mono']}>{stampText(pack.at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
