// The differences of a verified board, large: what differs, how, and what the recipe says.
import { slotTexts } from '../../text/slot.ts'
import { Panel } from '../../ui/panel.tsx'
import table from '../../ui/table.module.css'
import type { Difference } from './differences.ts'
import styles from './module-table.module.css'

export function DifferenceList({ differences }: { readonly differences: readonly Difference[] }) {
  return (
    <Panel title={slotTexts.differences(differences.length)}>
      <table className={`${table['table']} ${styles['differences']}`} aria-label={slotTexts.differenceTable}>
        <thead>
          <tr>
            <th scope="col">{slotTexts.what}</th>
            <th scope="col">{slotTexts.boardHas}</th>
            <th scope="col">{slotTexts.recipeSays}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ name, text, found, wanted }) => (
            <tr key={`${name} ${text}`}>
              <th scope="row">{name}</th>
              <td>
                {found ?? text}
                {found !== null && <span className={styles['reason']}>{text}</span>}
              </td>
              <td className={styles['wanted']}>{wanted ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
