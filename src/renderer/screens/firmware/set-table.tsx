// The sets of the library: platform, Device OS version, whether it is complete, and its modules behind a fold.
import type { FirmwareSet } from '../../../shared/model/firmware-view.ts'
import { moduleName } from '../../../shared/model/module.ts'
import { firmware } from '../../text/firmware.ts'
import { stampText } from '../../text/format.ts'
import { Button } from '../../ui/button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { HexWish } from './hex-dialog.tsx'
import styles from './library-part.module.css'
import { ModuleFiles } from './module-files.tsx'
import rows from './set-table.module.css'

interface SetTableProps {
  readonly sets: readonly FirmwareSet[]
  readonly onRemove: (setId: string) => void
  readonly onExportHex: (wish: HexWish) => void
}

export function SetTable({ sets, onRemove, onExportHex }: SetTableProps) {
  return (
    <Panel title={firmware.sets}>
      {sets.length === 0 && <p>{firmware.noLibrary}</p>}
      <ul>
        {sets.map((set) => (
          <li key={set.setId} className={rows['set']}>
            <details>
              <summary className={rows['head']}>
                <strong>
                  {set.platform ?? firmware.anyPlatform} {set.deviceOsVersion ?? firmware.noVersion}
                  {set.modules.some((module) => module.isSynthetic) && (
                    <span className={rows['synthetic']} title={firmware.syntheticHelp}>
                      {firmware.synthetic}
                    </span>
                  )}
                </strong>
                <Completeness set={set} />
                <span className={rows['fold']}>{firmware.modules(set.modules.length)}</span>
                <span className={rows['soft']}>{set.source}</span>
                <span className={rows['soft']}>{stampText(set.importedAt)}</span>
              </summary>
              <ModuleFiles modules={set.modules} />
            </details>
            <div className={rows['buttons']}>
              <HexButton set={set} onExportHex={onExportHex} />
              <Button label={`${firmware.remove}: ${set.source}`} onPress={() => onRemove(set.setId)}>
                {firmware.remove}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** Only a whole set of Device OS makes a flash that starts. */
function HexButton({ set, onExportHex }: { readonly set: FirmwareSet } & Pick<SetTableProps, 'onExportHex'>) {
  const { platform, deviceOsVersion: deviceOs, missing } = set
  if (platform === null || deviceOs === null || missing.length > 0) return null
  return (
    <Button label={firmware.exportHexOf(`${platform} ${deviceOs}`)} onPress={() => onExportHex({ platform, deviceOs })}>
      {firmware.exportHex}
    </Button>
  )
}

function Completeness({ set }: { readonly set: FirmwareSet }) {
  const isComplete = set.missing.length === 0
  return (
    <span className={styles['state']}>
      <Glyph name={isComplete ? 'check' : 'triangle'} />
      {isComplete ? firmware.complete : firmware.missing(set.missing.map(moduleName).join(', '))}
    </span>
  )
}
