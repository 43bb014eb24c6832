// The names that a device goes by in recipes and quirks: its instance ids, the most specific first, each with its GUID.
import type { DfuInstance } from '../../../shared/model/dfu-identity.ts'
import { deviceTexts } from '../../text/device.ts'
import table from '../../ui/table.module.css'

export function InstanceTable({ instances }: { readonly instances: readonly DfuInstance[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
    <section className={table['scroll']} tabIndex={0} aria-label={deviceTexts.instanceTable}>
      <table className={table['table']}>
        <thead>
          <tr>
            <th scope="col">{deviceTexts.instance}</th>
            <th scope="col">{deviceTexts.guid}</th>
          </tr>
        </thead>
        <tbody>
          {instances.map(({ instanceId, guid }) => (
            <tr key={instanceId}>
              <td className={table['mono']}>{instanceId}</td>
              <td className={table['mono']}>{guid}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
