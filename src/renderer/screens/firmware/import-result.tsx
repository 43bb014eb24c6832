// What came of an import: what was taken, and each refusal on one line with its file and reason.
import { firmware } from '../../text/firmware.ts'
import { Notice } from '../../ui/notice.tsx'
import table from '../../ui/table.module.css'
import styles from './library-part.module.css'
import type { TakenFiles, UploadKind } from './upload-kinds.ts'

interface ImportResultProps<Taken> {
  readonly report: TakenFiles<Taken>
  readonly kind: UploadKind<Taken>
}

export function ImportResult<Taken>({ report, kind }: ImportResultProps<Taken>) {
  const { imported, refused } = report
  return (
    <>
      {imported.length > 0 && <Notice tone="good">{kind.taken(imported)}</Notice>}
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
