// All modules of a board as it reported them before or after a job, or why it could not.
import { moduleName, validityText } from '../../../shared/model/module.ts'
import type { ModuleReading } from '../../../shared/model/record.ts'
import { history } from '../../text/history.ts'
import { slotTexts } from '../../text/slot.ts'
import { Hash } from '../../ui/hash.tsx'
import table from '../../ui/table.module.css'

interface ReadingTableProps {
  readonly caption: string
  readonly modules: readonly ModuleReading[]
  readonly reason: string | null
}

export function ReadingTable({ caption, modules, reason }: ReadingTableProps) {
  if (reason !== null) return <p className={table['soft']}>{`${caption}: ${slotTexts.unreadable(reason)}`}</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
    <section className={table['scroll']} tabIndex={0} aria-label={caption}>
      <table className={table['table']}>
        <caption className={table['caption']}>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{slotTexts.module}</th>
            <th scope="col" className={table['number']}>
              {slotTexts.version}
            </th>
            <th scope="col">{history.validity}</th>
            <th scope="col">{history.reportedHash}</th>
          </tr>
        </thead>
        <tbody>
          {modules.map((module) => (
            <tr key={moduleName(module)}>
              <th scope="row">{moduleName(module)}</th>
              <td className={table['number']}>{module.version}</td>
              <td>{validityText(module)}</td>
              <td>{module.suffixSha256 === null ? history.noHash : <Hash sha256={module.suffixSha256} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
