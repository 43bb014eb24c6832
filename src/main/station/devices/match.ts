// Whom a recipe names: the first of its devices that has one of the names of what is plugged in. Nothing else is ever
// opened, so a name must say which product it is.
import { Fault } from '../../../shared/fault/fault.ts'
import type { DfuInstance } from '../../../shared/model/dfu-identity.ts'
import type { DeviceTarget } from '../../../shared/model/firmware-view.ts'
import { usbIdentityOf } from '../identity/usb-identity.ts'
import { productName } from './instance-ids.ts'
import { isGuid } from './quirk-file.ts'

/** The first target that names a device with these instances (`instancesOf`, or those of its identity); null if none. */
export function deviceTargetFor(
  targets: readonly DeviceTarget[],
  instances: readonly DfuInstance[],
): DeviceTarget | null {
  const names = new Set(instances.flatMap(({ instanceId, guid }) => [instanceId, guid]))
  return targets.find(({ wish }) => wish.match.some((name) => names.has(normalMatch(name)))) ?? null
}

/**
 * One name of a recipe's `match` as instances have it: "0483:df11" and "usb\\vid_0483&pid_df11" become an instance id, a
 * GUID gets small letters. Throws RECIPE_INVALID for another form, for a whole vendor, and for a Particle board.
 */
export function normalMatch(name: string): string {
  const text = name.trim()
  if (isGuid(text)) return text.toLowerCase()
  const short = /^([0-9a-f]{4}):([0-9a-f]{4})$/i.exec(text)
  const long = /^USB\\VID_([0-9A-F]{4})&PID_([0-9A-F]{4})(&REV_[0-9A-F]{4})?$/i.exec(text)
  const [, vendor, product, revision = ''] = short ?? long ?? []
  if (vendor === undefined || product === undefined)
    throw refusal(name, 'it is neither "0483:df11" nor an instance id nor a GUID')
  const ids = { vendorId: Number.parseInt(vendor, 16), productId: Number.parseInt(product, 16) }
  if (usbIdentityOf(ids).kind === 'board') throw refusal(name, 'it is a Particle board, which has recipes of its own')
  return productName(ids) + revision.toUpperCase()
}

function refusal(name: string, why: string): Fault {
  return new Fault('RECIPE_INVALID', `a device cannot be named "${name}": ${why}`)
}
