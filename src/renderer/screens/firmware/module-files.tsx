// Module files of the library: what each is, where it goes, how large it is, and its hash.
import { addressText } from '../../../shared/model/address.ts'
import { type FirmwareModule, moduleName } from '../../../shared/model/module.ts'
import { firmware } from '../../text/firmware.ts'
import { bytesText } from '../../text/format.ts'
import { Hash } from '../../ui/hash.tsx'
import table from '../../ui/table.module.css'

export function ModuleFiles({ modules }: { readonly modules: readonly FirmwareModule[] }) {
  return (
    <div className={table['scroll']}>
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">{firmware.module}</th>
            <th scope="col" className={table['number']}>
              {firmware.version}
            </th>
            <th scope="col">{firmware.address}</th>
            <th scope="col" className={table['number']}>
              {firmware.size}
            </th>
            <th scope="col">{firmware.hash}</th>
            <th scope="col">{firmware.source}</th>
          </tr>
        </thead>
        <tbody>
          {modules.map((module) => (
            <tr key={module.sha256}>
              <th scope="row">{moduleName(module)}</th>
              <td className={table['number']}>{module.version}</td>
              <td className={table['mono']}>{addressText(module.startAddress)}</td>
              <td className={table['number']} title={`${module.sizeBytes}`}>
                {bytesText(module.sizeBytes)}
              </td>
              <td>
                <Hash sha256={module.sha256} />
              </td>
              <td className={table['soft']}>
                {module.source}
                {module.isSynthetic && `, ${firmware.synthetic}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
