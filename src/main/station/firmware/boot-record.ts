// The master boot record of an nRF52840, which an imported HEX brought. It is Nordic's and the same for every board of
// the chip; one that came with the platform itself is preferred.
import { Fault } from '../../../shared/fault/fault.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import { platformOf } from '../platforms/platforms.ts'
import type { AssetSource } from './library-assets.ts'
import { sha256Of } from './module-suffix.ts'

/** FIRMWARE_CORRUPT when its file is damaged. */
export async function bootRecordOf(platform: PlatformName, source: AssetSource): Promise<Uint8Array | null> {
  if (platformOf(platform).mcu !== 'nrf52840') return null
  const [holder] = source.sets
    .filter(({ bootRecord }) => bootRecord !== null)
    .toSorted(
      (a, b) => Number(b.platform === platform) - Number(a.platform === platform) || b.importedAt - a.importedAt,
    )
  if (!holder?.bootRecord) return null
  const bytes = await source.readFile(holder.bootRecord)
  if (bytes !== null && sha256Of(bytes) === holder.bootRecord) return bytes
  throw new Fault('FIRMWARE_CORRUPT', `the master boot record of ${holder.source} is damaged or gone`)
}
