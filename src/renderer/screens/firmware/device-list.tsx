// The devices of a recipe in the composer: as many as it is for, in the order in which they are compared.
import { useAnswer } from '../../station/use-answer.ts'
import { deviceRecipe } from '../../text/device-recipe.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { type DeviceDraft, emptyDevice } from './device-draft.ts'
import { DeviceFields } from './device-fields.tsx'
import type { RecipeDraft } from './recipe-draft.ts'

interface DeviceListProps {
  readonly draft: RecipeDraft
  readonly onChange: (changes: Partial<RecipeDraft>) => void
}

/** What a recipe may hold. */
const mostDevices = 32

export function DeviceList({ draft: { devices, job }, onChange }: DeviceListProps) {
  const shelf = useAnswer('listImages', {})
  const change = (place: number, changes: Partial<DeviceDraft>) =>
    onChange({ devices: devices.map((device, other) => (other === place ? { ...device, ...changes } : device)) })
  const remove = (place: number) => onChange({ devices: devices.filter((_, other) => other !== place) })
  return (
    <>
      {shelf.fault !== null && <FaultNotice fault={shelf.fault} />}
      <p>{deviceRecipe.matchHelp}</p>
      {devices.map((device, place) => (
        <DeviceFields
          // biome-ignore lint/suspicious/noArrayIndexKey: a device has no name yet while it is being written.
          key={place}
          at={place + 1}
          device={device}
          job={job}
          files={shelf.value?.files ?? []}
          onChange={(changes) => change(place, changes)}
          onRemove={devices.length > 1 ? () => remove(place) : null}
        />
      ))}
      <div>
        <Button
          isDisabled={devices.length >= mostDevices}
          onPress={() => onChange({ devices: [...devices, emptyDevice] })}
        >
          {deviceRecipe.addDevice}
        </Button>
      </div>
    </>
  )
}
