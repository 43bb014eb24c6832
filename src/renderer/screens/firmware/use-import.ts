// One import from chosen files to its report: reads them, sends them, follows the progress that the station tells.
import { useEffect, useState } from 'react'
import { asFault, type FaultReport, reportOf } from '../../../shared/fault/fault.ts'
import type { ImportProgress } from '../../../shared/model/firmware-view.ts'
import type { DoorLink } from '../../station/link.ts'
import { useStation } from '../../station/station-context.tsx'
import type { ChosenFile } from './chosen-files.ts'
import { base64Of, packUploads, type Uploads } from './upload-batches.ts'
import type { TakenFiles, UploadKind } from './upload-kinds.ts'

export type ImportState<Taken> =
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy'; readonly progress: ImportProgress | null }
  | { readonly kind: 'done'; readonly report: TakenFiles<Taken>; readonly remarks: readonly string[] }
  | { readonly kind: 'faulted'; readonly fault: FaultReport }

export interface Import<Taken> {
  readonly state: ImportState<Taken>
  readonly start: (choose: () => Promise<readonly ChosenFile[]>) => Promise<void>
}

export function useImport<Taken>(kind: UploadKind<Taken>, onImported: () => void): Import<Taken> {
  const { link } = useStation()
  const [state, setState] = useState<ImportState<Taken>>({ kind: 'idle' })
  useEffect(
    () => link.watch('imports', (progress) => setState((now) => (now.kind === 'busy' ? { ...now, progress } : now))),
    [link],
  )
  const start = async (choose: () => Promise<readonly ChosenFile[]>) => {
    setState({ kind: 'busy', progress: null })
    try {
      const uploads = packUploads(await choose(), kind)
      const report = await sendAll(link, kind, uploads)
      setState({ kind: 'done', report, remarks: uploads.remarks })
    } catch (thrown) {
      setState({ kind: 'faulted', fault: reportOf(asFault(thrown)) })
    }
    onImported()
  }
  return { state, start }
}

/** One batch after the other; their reports become one. */
async function sendAll<Taken>(
  link: DoorLink,
  kind: UploadKind<Taken>,
  { batches }: Uploads,
): Promise<TakenFiles<Taken>> {
  let whole: TakenFiles<Taken> = { imported: [], refused: [] }
  for (const batch of batches) {
    const files = await Promise.all(
      batch.map(async ({ path, file }) => ({ path, contentBase64: await base64Of(file) })),
    )
    const report = await kind.send(link, { files })
    whole = { imported: [...whole.imported, ...report.imported], refused: [...whole.refused, ...report.refused] }
  }
  return whole
}
