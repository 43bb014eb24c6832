// What a record keeps of the board itself: modules and readings of a Particle board, pieces and memories of any other device.
import type { DfuIdentity } from '../../../shared/model/dfu-identity.ts'
import type { LedgerRecord } from '../../../shared/model/record.ts'
import { deviceTexts } from '../../text/device.ts'
import { history } from '../../text/history.ts'
import { slotTexts } from '../../text/slot.ts'
import { Panel } from '../../ui/panel.tsx'
import { DeviceParts } from '../slot/device-parts.tsx'
import { ImageTable } from '../slot/image-table.tsx'
import { ModuleTable } from '../slot/module-table.tsx'
import { ReadingTable } from './reading-table.tsx'

/** Of a Particle board: its modules through the job, and as it reported them before and after. */
export function ModuleParts({ record }: { readonly record: LedgerRecord }) {
  const { closing } = record
  return (
    <>
      {closing !== null && closing.modules.length > 0 && (
        <Panel title={slotTexts.modules}>
          <ModuleTable modules={closing.modules} />
        </Panel>
      )}
      <Panel title={history.readings}>
        <ReadingTable
          caption={history.readingsBefore}
          modules={record.modulesBefore}
          reason={record.modulesBeforeReason}
        />
        {closing !== null && (
          <ReadingTable
            caption={history.readingsAfter}
            modules={closing.modulesAfter}
            reason={closing.modulesAfterReason}
          />
        )}
      </Panel>
    </>
  )
}

/** Of any other device: the pieces of its image through the job, its memories and its names. */
export function ImageParts({
  record: { closing },
  device,
}: {
  readonly record: LedgerRecord
  readonly device: DfuIdentity
}) {
  return (
    <>
      {closing !== null && closing.images.length > 0 && (
        <Panel title={deviceTexts.images}>
          <ImageTable images={closing.images} />
        </Panel>
      )}
      <DeviceParts device={device} />
    </>
  )
}
