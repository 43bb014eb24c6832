// What only a device that is no Particle board has: memories with their maps, and the names it goes by in recipes.
import type { DfuIdentity } from '../../../shared/model/dfu-identity.ts'
import { deviceTexts } from '../../text/device.ts'
import { Panel } from '../../ui/panel.tsx'
import { InstanceTable } from './instance-table.tsx'
import { MemoryTable } from './memory-table.tsx'

export function DeviceParts({ device }: { readonly device: DfuIdentity }) {
  return (
    <>
      {device.memories.length > 0 && (
        <Panel title={deviceTexts.memories}>
          <MemoryTable memories={device.memories} />
        </Panel>
      )}
      <Panel title={deviceTexts.instances}>
        <InstanceTable instances={device.instances} />
      </Panel>
    </>
  )
}
