// Writes a set of the library as one Intel HEX file for a programmer, with the user firmware that is chosen here.
import { useState } from 'react'
import type { CallOutput } from '../../../shared/contract/contract.ts'
import type { FirmwareModule } from '../../../shared/model/module.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import { useAct } from '../../station/use-answer.ts'
import { firmware } from '../../text/firmware.ts'
import { shortHash } from '../../text/format.ts'
import { recipeTexts } from '../../text/recipe.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ChoiceField } from '../../ui/fields.tsx'
import { Notice } from '../../ui/notice.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { useDialogKeys } from '../frame/use-dialog-keys.ts'
import { exportWords } from '../history/export-words.ts'
import { fetchDownload } from '../history/fetch-download.ts'
import styles from './recipe-composer.module.css'

/** A release of one platform. */
export interface HexWish {
  readonly platform: PlatformName
  readonly deviceOs: string
}

interface HexDialogProps {
  readonly wish: HexWish
  /** User firmware of the platform. */
  readonly users: readonly FirmwareModule[]
  readonly onClose: () => void
}

export function HexDialog({ wish, users, onClose }: HexDialogProps) {
  const act = useAct()
  const [user, setUser] = useState('')
  const [result, setResult] = useState<CallOutput<'exportHex'> | null>(null)
  useDialogKeys({ Escape: onClose })
  const takeOut = async () => {
    const answer = await act.run('exportHex', { ...wish, user: user === '' ? null : user })
    if (answer?.kind === 'download') fetchDownload(answer.url)
    setResult(answer)
  }
  const choices = users.map((module) => ({
    value: module.sha256 as string,
    label: recipeTexts.moduleChoice(module.source, module.version, shortHash(module.sha256)),
  }))
  return (
    <Dialog
      title={firmware.hexTitle(`${wish.platform} ${wish.deviceOs}`)}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{firmware.close}</Button>
          <Button kind="main" isDisabled={act.isBusy} onPress={() => void takeOut()}>
            {firmware.export}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <p>{firmware.hexHelp}</p>
        {act.fault !== null && <FaultNotice fault={act.fault} />}
        <ChoiceField
          label={recipeTexts.user}
          value={user}
          choices={[{ value: '', label: firmware.hexUserOfSet }, ...choices]}
          onChange={setUser}
        />
        {result !== null && result.kind !== 'cancelled' && <Written result={result} />}
      </div>
    </Dialog>
  )
}

function Written({ result }: { readonly result: Exclude<CallOutput<'exportHex'>, { kind: 'cancelled' }> }) {
  return (
    <>
      <Notice tone="good">{exportWords(result)}</Notice>
      {result.notes.length > 0 && (
        <Notice tone="warn">
          {firmware.hexNotes}
          <ul>
            {result.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  )
}
