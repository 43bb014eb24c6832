// What is known of a DFU device that is no Particle board, one fact a line; what could not be read says why.
import { type DfuIdentity, revisionText, usbIdText } from '../../../shared/model/dfu-identity.ts'
import { deviceTexts } from '../../text/device.ts'
import { slotTexts } from '../../text/slot.ts'
import type { FactRow } from '../../ui/facts.tsx'
import { readable } from './readable-row.ts'

/** Who it is. */
export function identityRows(device: DfuIdentity): readonly FactRow[] {
  return [
    readable(deviceTexts.product, device.productName),
    readable(deviceTexts.manufacturer, device.manufacturer),
    { name: deviceTexts.ids, value: usbIdText(device), isMono: true },
    ...serialRows(device),
  ]
}

/** The serial number, and whether it tells this device from others. */
function serialRows({ serialNumber, twins, portPath }: DfuIdentity): readonly FactRow[] {
  const serial = readable(slotTexts.serial, serialNumber)
  if (serialNumber.known && twins.length === 0) return [serial]
  const words = serialNumber.known ? deviceTexts.notUnique(twins.join(', '), portPath) : deviceTexts.noSerial(portPath)
  return [serial, { name: deviceTexts.whoDecides, value: words }]
}

/** How it answers now, and what it can do. */
export function abilityRows(device: DfuIdentity): readonly FactRow[] {
  const loader = { name: deviceTexts.loaderRevision, value: revisionText(device.revision), isMono: true }
  return [
    { name: slotTexts.mode, value: deviceTexts.modes[device.mode] },
    ...(device.mode === 'dfu' ? [loader] : []),
    readable(deviceTexts.protocol, device.protocol, (protocol) => deviceTexts.protocols[protocol]),
    { name: deviceTexts.upload, value: device.canUpload ? deviceTexts.canUpload : deviceTexts.cannotUpload },
    { name: deviceTexts.download, value: device.canDownload ? slotTexts.yes : slotTexts.no },
    ...(device.isSharedLoader ? [{ name: deviceTexts.loader, value: deviceTexts.sharedLoader }] : []),
    device.quirks.length === 0
      ? { name: deviceTexts.quirks, value: deviceTexts.noQuirks }
      : { name: deviceTexts.quirks, value: device.quirks.join(', '), isMono: true },
  ]
}

/** bcdDevice of its own program as text; null where only its loader answers. */
export function programRevision({ mode, revision }: DfuIdentity): string | null {
  return mode === 'normal' ? revisionText(revision) : null
}

/** Such a version, or why there is none. */
export function revisionRow(name: string, revision: string | null, reason: string): FactRow {
  return revision === null ? { name, value: reason, isMissing: true } : { name, value: revision, isMono: true }
}
