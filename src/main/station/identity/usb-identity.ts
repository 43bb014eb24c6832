// What USB alone says of a board: platform and mode from vendor and product id, device ID from the serial string. It
// must not know Device OS requests.

import { Fault } from '../../../shared/fault/fault.ts'
import { usbIdText } from '../../../shared/model/dfu-identity.ts'
import type { BoardMode } from '../../../shared/model/identity.ts'
import { type DeviceId, parseDeviceId } from '../../../shared/model/ids.ts'
import { type PlatformName, platformNameOf } from '../../../shared/model/platform.ts'
import { otherPlatformName } from '../platforms/platforms.ts'
import type { Clock } from '../ports.ts'
import { readStringDescriptor } from '../usb/string-descriptor.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { printable } from './raw-requests.ts'

/** board: one the station can talk to. refused: a Particle device it cannot. stranger: anything else on the bus. */
export type UsbIdentity =
  | { readonly kind: 'board'; readonly platform: PlatformName; readonly mode: BoardMode }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'stranger' }

export type UsbIds = Pick<UsbDevice, 'vendorId' | 'productId'>

const particleVendor = 0x2b04
/** The first product, before Particle had a vendor id of its own. */
const coreVendor = 0x1d50
const coreProducts: readonly number[] = [0x607d, 0x607f]
/** Qualcomm's emergency download mode, in which a Tachyon takes its firmware: no DFU, and no Particle id. */
const tachyonDownload = { vendorId: 0x05c6, productId: 0x9008 }
const modeMask = 0xf000
const modes: Readonly<Record<number, BoardMode>> = { 49152: 'normal', 53248: 'dfu' }
const stringTimeoutMs = 1_000
const retryPauseMs = 50

export function usbIdentityOf({ vendorId, productId }: UsbIds): UsbIdentity {
  if (vendorId === coreVendor && coreProducts.includes(productId)) return refused('Core', { vendorId, productId })
  if (vendorId === tachyonDownload.vendorId && productId === tachyonDownload.productId) {
    return refused('Tachyon in its download mode', { vendorId, productId })
  }
  if (vendorId !== particleVendor) return { kind: 'stranger' }
  const platformId = productId & ~modeMask
  const platform = platformNameOf(platformId)
  const mode = modes[productId & modeMask]
  if (platform && mode) return { kind: 'board', platform, mode }
  return refused(otherPlatformName(platformId) ?? `unknown platform ${platformId}`, { vendorId, productId })
}

/** True for every Particle device, also for those that identify() then refuses by name. */
export function isBoard(ids: UsbIds): boolean {
  return usbIdentityOf(ids).kind !== 'stranger'
}

/**
 * The device ID in the serial string of an open device, retried until the deadline: right after its arrival a board may
 * not answer yet. Null when the string is none, as before Device OS 0.6.0. Throws the last fault past the deadline.
 */
export async function serialDeviceId(
  device: UsbDevice,
  wait: { readonly clock: Clock; readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<DeviceId | null> {
  const deadline = wait.clock.monotonic() + wait.timeoutMs
  for (;;) {
    try {
      const options = { timeoutMs: Math.min(stringTimeoutMs, wait.timeoutMs), signal: wait.signal }
      const text = await readStringDescriptor(device, device.serialNumberIndex, options)
      return text === null ? null : parseDeviceId(printable(text))
    } catch (thrown) {
      const isFinal = !(thrown instanceof Fault) || thrown.code === 'USB_GONE' || wait.signal.aborted
      if (isFinal || wait.clock.monotonic() >= deadline) throw thrown
      await wait.clock.sleep(retryPauseMs, wait.signal)
    }
  }
}

function refused(name: string, ids: UsbIds): UsbIdentity {
  return { kind: 'refused', reason: `${name} (${usbIdText(ids)}) is not served` }
}
