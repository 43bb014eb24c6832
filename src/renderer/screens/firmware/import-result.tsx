// What came of an import: the sets that were taken, and each refusal on one line with its file and reason.
import type { FirmwareSet, ImportReport } from '../../../shared/model/firmware-view.ts'
import { firmware } from '../../text/firmware.ts'
import { Notice } from '../../ui/notice.tsx'
import table from '../../ui/table.module.css'
import styles from './library-part.module.css'

export function ImportResult({ report }: { readonly report: ImportReport }) {
  const { imported, refused } = report
  return (
    <>
      {imported.length > 0 && (
        <Notice tone="good">
          {firmware.imported(imported.length)}: {imported.map(setText).join(', ')}
        </Notice>
      )}
      {refused.length > 0 && (
        <>
          <Notice tone="fail">{firmware.refusedCount(refused.length)}</Notice>
          <table className={`${table['table']} ${styles['refusals']}`} aria-label={firmware.refused}>
            <thead>
              <tr>
                <th scope="col">{firmware.file}</th>
                <th scope="col">{firmware.reason}</th>
                <th scope="col">{firmware.detail}</th>
              </tr>
            </thead>
            <tbody>
              {refused.map((refusal) => (
                <tr key={`${refusal.file} ${refusal.reason} ${refusal.detail}`}>
                  <td>{refusal.file}</td>
                  <td className={table['mono']}>{refusal.reason}</td>
                  <td>{refusal.detail}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </>
  )
}

function setText(set: FirmwareSet): string {
  return `${set.platform ?? firmware.anyPlatform} ${set.deviceOsVersion ?? firmware.noVersion}`
}
