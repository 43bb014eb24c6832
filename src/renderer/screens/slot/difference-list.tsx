// The differences of a verified board, large: what it has, and what the recipe says.
import { slotTexts } from '../../text/slot.ts'
import { Panel } from '../../ui/panel.tsx'
import table from '../../ui/table.module.css'
import type { Difference } from './differences.ts'
import styles from './module-table.module.css'

export function DifferenceList({ differences }: { readonly differences: readonly Difference[] }) {
  return (
    <Panel title={slotTexts.differences}>
      <table className={`${table['table']} ${styles['differences']}`} aria-label={slotTexts.differences}>
        <thead>
          <tr>
            <th scope="col">{slotTexts.module}</th>
            <th scope="col">{slotTexts.boardHas}</th>
            <th scope="col">{slotTexts.recipeSays}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ module, found, wanted, reason }) => (
            <tr key={module}>
              <th scope="row">{module}</th>
              <td>
                {found}
                {reason !== null && <span className={styles['reason']}>{reason}</span>}
              </td>
              <td>{wanted}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
