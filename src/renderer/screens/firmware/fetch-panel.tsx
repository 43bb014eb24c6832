// Fetches user firmware from an address into the library, once, by an engineer; with the SHA-256 it must have, so that
// nobody can slip another file in.
import { useState } from 'react'
import type { FetchedFirmware } from '../../../shared/model/firmware-view.ts'
import { useAct } from '../../station/use-answer.ts'
import { firmware } from '../../text/firmware.ts'
import { bytesText } from '../../text/format.ts'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import styles from './library-part.module.css'

interface Fetched {
  readonly firmware: FetchedFirmware
  readonly isPinned: boolean
}

export function FetchPanel({ onFetched }: { readonly onFetched: () => void }) {
  const act = useAct()
  const [url, setUrl] = useState('')
  const [typed, setTyped] = useState('')
  const [fetched, setFetched] = useState<Fetched | null>(null)
  const sha256 = typed.trim().toLowerCase()
  const isSha = sha256 === '' || /^[0-9a-f]{64}$/.test(sha256)
  const start = async () => {
    setFetched(null)
    const answer = await act.run('fetchFirmware', { url: url.trim(), sha256: sha256 === '' ? null : sha256 })
    if (answer !== null) setFetched({ firmware: answer, isPinned: sha256 !== '' })
    onFetched()
  }
  return (
    <Panel title={firmware.fetchTitle}>
      <p>{firmware.fetchHelp}</p>
      <div className={styles['fetch']}>
        <TextField
          label={firmware.url}
          type="url"
          value={url}
          hint={firmware.urlHint}
          maxLength={2000}
          onChange={setUrl}
        />
        <TextField
          label={firmware.pinned}
          value={typed}
          hint={firmware.pinnedHint}
          maxLength={80}
          takesScans
          onChange={setTyped}
        />
        <Button isDisabled={act.isBusy || url.trim() === '' || !isSha} onPress={() => void start()}>
          {firmware.fetch}
        </Button>
      </div>
      {!isSha && <p className={styles['lacking']}>{firmware.notSha}</p>}
      {act.isBusy && <p role="status">{firmware.fetching}</p>}
      {act.fault !== null && <FaultNotice fault={act.fault} onDismiss={act.clear} />}
      {fetched !== null && <FetchedFacts {...fetched} />}
    </Panel>
  )
}

function FetchedFacts({ firmware: file, isPinned }: Fetched) {
  return (
    <>
      <Notice tone={isPinned ? 'good' : 'warn'}>
        {firmware.fetched(file.isNew)} {!isPinned && firmware.unpinned}
      </Notice>
      <Facts
        rows={[
          { name: firmware.platform, value: file.platform },
          { name: firmware.size, value: bytesText(file.sizeBytes) },
          { name: firmware.hash, value: file.sha256, isMono: true },
          { name: firmware.userHash, value: file.userSha256, isMono: true },
          { name: firmware.fetchedFrom, value: file.url, isMono: true },
        ]}
      />
    </>
  )
}
