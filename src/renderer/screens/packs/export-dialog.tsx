// Makes one signed file of a recipe and all that it needs, for other stations.
import { useState } from 'react'
import type { ExportResult } from '../../../shared/contract/contract.ts'
import type { RecipeView } from '../../../shared/model/firmware-view.ts'
import { useAct, useAnswer } from '../../station/use-answer.ts'
import { packs } from '../../text/packs.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { CheckField, TextField } from '../../ui/fields.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { useDialogKeys } from '../frame/use-dialog-keys.ts'
import { fetchDownload } from '../history/fetch-download.ts'
import styles from './packs.module.css'

interface ExportDialogProps {
  readonly view: RecipeView
  readonly onClose: () => void
  readonly onExported: (result: ExportResult) => void
}

export function ExportDialog({ view, onClose, onExported }: ExportDialogProps) {
  const act = useAct()
  const watch = useAnswer('listPacks', {}).value?.watch ?? null
  const [name, setName] = useState(view.recipe.name)
  const [version, setVersion] = useState('')
  const [author, setAuthor] = useState('')
  const [intoWatchedFolder, setIntoFolder] = useState(false)
  useDialogKeys({ Escape: onClose })
  const isVersion = version.trim() === '' || (Number.isSafeInteger(Number(version)) && Number(version) >= 1)
  const takeOut = async () => {
    const result = await act.run('exportPack', {
      recipeId: view.recipeId,
      name: name.trim(),
      ...(version.trim() === '' ? {} : { version: Number(version) }),
      author: author.trim(),
      intoWatchedFolder,
    })
    if (result === null) return
    if (result.kind === 'download') fetchDownload(result.url)
    onExported(result)
  }
  return (
    <Dialog
      title={packs.exportTitle(view.recipe.name)}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{packs.cancel}</Button>
          <Button
            kind="main"
            isDisabled={name.trim() === '' || !isVersion || act.isBusy}
            onPress={() => void takeOut()}
          >
            {packs.export}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <p>{packs.exportHelp}</p>
        {act.fault !== null && <FaultNotice fault={act.fault} />}
        <TextField label={packs.exportName} value={name} maxLength={80} onChange={setName} />
        <TextField
          label={packs.exportVersion}
          type="number"
          min={1}
          value={version}
          hint={packs.exportVersionHint}
          onChange={setVersion}
        />
        <TextField label={packs.author} value={author} maxLength={60} onChange={setAuthor} />
        {watch !== null && watch.path !== null && (
          <CheckField label={packs.intoFolder} isOn={intoWatchedFolder} onChange={setIntoFolder} />
        )}
      </div>
    </Dialog>
  )
}
