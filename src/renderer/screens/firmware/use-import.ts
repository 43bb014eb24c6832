// One import from chosen files to its report: reads them, sends them, follows the progress that the station tells.
import { useEffect, useState } from 'react'
import { asFault, type FaultReport, reportOf } from '../../../shared/fault/fault.ts'
import type { ImportProgress, ImportReport } from '../../../shared/model/firmware-view.ts'
import type { DoorLink } from '../../station/link.ts'
import { useStation } from '../../station/station-context.tsx'
import type { ChosenFile } from './chosen-files.ts'
import { base64Of, packUploads, type Uploads } from './upload-batches.ts'

export type ImportState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy'; readonly progress: ImportProgress | null }
  | { readonly kind: 'done'; readonly report: ImportReport; readonly remarks: readonly string[] }
  | { readonly kind: 'faulted'; readonly fault: FaultReport }

export interface Import {
  readonly state: ImportState
  readonly start: (choose: () => Promise<readonly ChosenFile[]>) => Promise<void>
}

export function useImport(onImported: () => void): Import {
  const { link } = useStation()
  const [state, setState] = useState<ImportState>({ kind: 'idle' })
  useEffect(
    () => link.watch('imports', (progress) => setState((now) => (now.kind === 'busy' ? { ...now, progress } : now))),
    [link],
  )
  const start = async (choose: () => Promise<readonly ChosenFile[]>) => {
    setState({ kind: 'busy', progress: null })
    try {
      const uploads = packUploads(await choose())
      const report = await sendAll(link, uploads)
      setState({ kind: 'done', report, remarks: uploads.remarks })
    } catch (thrown) {
      setState({ kind: 'faulted', fault: reportOf(asFault(thrown)) })
    }
    onImported()
  }
  return { state, start }
}

/** One batch after the other; their reports become one. */
async function sendAll(link: DoorLink, { batches }: Uploads): Promise<ImportReport> {
  let whole: ImportReport = { imported: [], refused: [] }
  for (const batch of batches) {
    const files = await Promise.all(
      batch.map(async ({ path, file }) => ({ path, contentBase64: await base64Of(file) })),
    )
    const report = await link.call('importFiles', { files })
    whole = { imported: [...whole.imported, ...report.imported], refused: [...whole.refused, ...report.refused] }
  }
  return whole
}
