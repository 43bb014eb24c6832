// Each module through a job: what the board had, what the recipe wants, what it has now, and how that was proven.
import { moduleName } from '../../../shared/model/module.ts'
import type { ModuleRecord } from '../../../shared/model/record.ts'
import { shortHash, versionText } from '../../text/format.ts'
import { slotTexts } from '../../text/slot.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Hash } from '../../ui/hash.tsx'
import table from '../../ui/table.module.css'
import styles from './module-table.module.css'

export function ModuleTable({ modules }: { readonly modules: readonly ModuleRecord[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
    <section className={table['scroll']} tabIndex={0} aria-label={slotTexts.moduleTable}>
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">{slotTexts.module}</th>
            <th scope="col" className={table['number']}>
              {slotTexts.before}
            </th>
            <th scope="col" className={table['number']}>
              {slotTexts.target}
            </th>
            <th scope="col" className={table['number']}>
              {slotTexts.after}
            </th>
            <th scope="col">{slotTexts.done}</th>
            <th scope="col">{slotTexts.proof}</th>
            <th scope="col">{slotTexts.hash}</th>
          </tr>
        </thead>
        <tbody>
          {modules.map((module) => (
            <ModuleRow key={moduleName(module)} module={module} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function ModuleRow({ module }: { readonly module: ModuleRecord }) {
  return (
    <tr>
      <th scope="row">{moduleName(module)}</th>
      <td className={table['number']}>{versionText(module.before)}</td>
      <td className={table['number']}>→ {module.target}</td>
      <td className={table['number']}>{versionText(module.after)}</td>
      <td>
        {slotTexts.actions[module.action]}
        {module.reason !== null && <span className={styles['reason']}>{module.reason}</span>}
      </td>
      <td>
        <ProofCell module={module} />
      </td>
      <td>
        <Hash sha256={module.sha256} />
      </td>
    </tr>
  )
}

function ProofCell({ module }: { readonly module: ModuleRecord }) {
  const isProven = module.proof !== 'none'
  return (
    <span className={styles['proof']} data-proven={isProven}>
      <Glyph name={isProven ? 'check' : 'slash'} />
      <span>
        {slotTexts.proofs[module.proof]}
        {module.readBackSha256 !== null && module.readBackSha256 !== module.sha256 && module.proof === 'none' && (
          <span className={styles['reason']}>{slotTexts.readBackOther(shortHash(module.readBackSha256))}</span>
        )}
      </span>
    </span>
  )
}
