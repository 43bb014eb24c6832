// The modules as the board itself reports them, before any job.
import { moduleName, type ReportedModule } from '../../../shared/model/module.ts'
import { bytesText } from '../../text/format.ts'
import { slotTexts } from '../../text/slot.ts'
import table from '../../ui/table.module.css'

export function ReportedModules({ modules }: { readonly modules: readonly ReportedModule[] }) {
  return (
    <div className={table['scroll']}>
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">{slotTexts.module}</th>
            <th scope="col" className={table['number']}>
              {slotTexts.version}
            </th>
            <th scope="col" className={table['number']}>
              {slotTexts.bytes}
            </th>
            <th scope="col">{slotTexts.check}</th>
          </tr>
        </thead>
        <tbody>
          {modules.map((module) => (
            <tr key={`${moduleName(module)} ${module.store}`}>
              <th scope="row">
                {moduleName(module)}
                {module.store !== 'main' && ` (${module.store})`}
              </th>
              <td className={table['number']}>{module.version}</td>
              <td className={table['number']}>{bytesText(module.sizeBytes)}</td>
              <td>{module.integrity}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
