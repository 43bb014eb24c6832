// What a device on a port is to this bench, from ids, descriptors and the recipe alone: nothing is opened to find out, for it
// may be the computer's own Bluetooth chip.
import { Fault, type FaultReport, reportOf } from '../../../shared/fault/fault.ts'
import { usbIdText } from '../../../shared/model/dfu-identity.ts'
import type { DeviceTarget, ResolvedRecipe } from '../../../shared/model/firmware-view.ts'
import { isDfuRecipe } from '../../../shared/model/recipe-kind.ts'
import { type DeviceKind, deviceKind } from '../devices/device-kind.ts'
import { instancesOf } from '../devices/instance-ids.ts'
import { deviceTargetFor } from '../devices/match.ts'
import type { QuirkBook } from '../devices/quirk-file.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { bystanderText, unnamedText } from './bystander.ts'

/** What the bench goes by; both may change while a device stands there. */
export interface Rules {
  recipe(): ResolvedRecipe | null
  quirks(): QuirkBook
}

/** A board that is back this soon has reset itself; nobody has hands that quick. */
export const resetSettlesMs = 4_000

export type Standing =
  | { readonly kind: 'particle' }
  /** The recipe names it, whatever its interfaces are: it may be asked who it is. */
  | { readonly kind: 'device'; readonly target: DeviceTarget }
  /** It speaks DFU and the recipe is not for it: refused in a slot, and never opened. */
  | { readonly kind: 'wrong'; readonly fault: FaultReport }
  /** No business of the bench: never opened either. */
  | { readonly kind: 'bystander'; readonly text: string }

/** `kin`: name of the entry that this device belongs to where that is settled, for another may name its loader, too. */
export function standingOf(device: UsbDevice, { recipe, quirks }: Rules, kin: string | null = null): Standing {
  const chosen = recipe()
  const target = namedBy(chosen, device, kin)
  if (target) return { kind: 'device', target }
  const kind = deviceKind(device, quirks())
  if (kind === 'particle') return { kind }
  return unnamed(device, kind, chosen)
}

/** Whether a slot may learn the port of this device, and whether it is a stray without one. */
export function isBoardHere(device: UsbDevice, rules: Rules): boolean {
  const kind = deviceKind(device, rules.quirks())
  return kind === 'particle' || (kind === 'dfu device' && namedBy(rules.recipe(), device) !== null)
}

/** The entry of the recipe for this device, by its ids: `kin` where that one names it, else the first that does. */
export function namedBy(
  recipe: ResolvedRecipe | null,
  device: Pick<UsbDevice, 'vendorId' | 'productId' | 'deviceRelease'>,
  kin: string | null = null,
): DeviceTarget | null {
  if (!recipe) return null
  const instances = instancesOf(device)
  const settled = recipe.devices.filter(({ wish }) => wish.name === kin)
  return deviceTargetFor(settled, instances) ?? deviceTargetFor(recipe.devices, instances)
}

/** Two standings that have the same consequences: a recipe that came anew, or another that names the device alike. */
export function isSameStanding(one: Standing, other: Standing): boolean {
  return wordsOf(one) === wordsOf(other)
}

function unnamed(device: UsbDevice, kind: DeviceKind, recipe: ResolvedRecipe | null): Standing {
  if (kind === 'other') return { kind: 'bystander', text: bystanderText(device) }
  if (!recipe) return { kind: 'bystander', text: unnamedText(device) }
  return { kind: 'wrong', fault: reportOf(wrongProduct(device, recipe)) }
}

/** Both identities: who is in the slot, and whom the recipe is for. */
function wrongProduct(device: UsbDevice, { recipe }: ResolvedRecipe): Fault {
  const wanted = isDfuRecipe(recipe)
    ? recipe.devices.map(({ name, match }) => `${name} (${match.join(', ')})`)
    : recipe.platforms.map((platform) => `Particle ${platform}`)
  const detail = `${usbIdText(device)} is in the slot and ${recipe.name} is for ${wanted.join(', ')}: left alone`
  return new Fault('DEVICE_UNKNOWN', detail)
}

function wordsOf(standing: Standing): string {
  if (standing.kind === 'device') return `device ${standing.target.wish.name} ${standing.target.wish.loader}`
  if (standing.kind === 'wrong') return standing.fault.detail
  return standing.kind === 'bystander' ? standing.text : standing.kind
}
