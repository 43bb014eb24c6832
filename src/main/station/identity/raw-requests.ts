// Vendor requests of Device OS that need no protocol state: one control transfer each, answered even in security mode.
import { Fault } from '../../../shared/fault/fault.ts'
import { type DeviceId, parseDeviceId } from '../../../shared/model/ids.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import { platformOf } from '../platforms/platforms.ts'
import type { RequestLink } from './control-request.ts'

const rawRequest = 0x50
const vendorIn = 0xc0
const vendorOut = 0x40
const deviceIdType = 20
const versionType = 30
const resetType = 40
const deviceIdBytes = 24
const versionBytes = 64
const timeoutMs = 2_000

/** The device ID; upper case on the wire. Throws IDENTITY_UNREADABLE when the answer is none, USB_* of the seam. */
export async function rawDeviceId(link: RequestLink): Promise<DeviceId> {
  const text = await readText(link, deviceIdType, deviceIdBytes)
  const id = parseDeviceId(text)
  if (!id) throw new Fault('IDENTITY_UNREADABLE', `request 20 answers "${text}"`)
  return id
}

/** The Device OS version, such as "6.2.0". Throws USB_* of the seam. */
export function rawSystemVersion(link: RequestLink): Promise<string> {
  return readText(link, versionType, versionBytes)
}

/**
 * Resets the board at once (Device OS 2.0.0 and later). The board is gone before it answers, and RTL boards never
 * answer an OUT request without data although they obey it: so no answer is no failure, and the detach is the proof.
 */
export async function rawReset(link: RequestLink, platform: PlatformName): Promise<void> {
  const setup = { requestType: vendorOut, request: rawRequest, value: 0, index: resetType }
  const data = new Uint8Array(platformOf(platform).mcu === 'rtl872x' ? 1 : 0)
  try {
    await link.device.controlOut(setup, data, { timeoutMs, signal: link.signal })
  } catch (thrown) {
    if (!isNoAnswer(thrown) || link.signal.aborted) throw thrown
  }
}

async function readText(link: RequestLink, type: number, lengthBytes: number): Promise<string> {
  const setup = { requestType: vendorIn, request: rawRequest, value: 0, index: type }
  const bytes = await link.device.controlIn(setup, lengthBytes, { timeoutMs, signal: link.signal })
  return printable(Buffer.from(bytes).toString('latin1'))
}

/** Only what can be printed: some boards pad with zeros or worse. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '').trim()
}

function isNoAnswer(thrown: unknown): boolean {
  return thrown instanceof Fault && ['USB_GONE', 'USB_TIMEOUT', 'USB_FAILED'].includes(thrown.code)
}
