// Who is this board? Opens it, reads what its mode lets it say, closes it. Only the device ID must be readable; every
// other value that is missing carries its reason. It must not know recipes or jobs.

import { Fault } from '../../../shared/fault/fault.ts'
import { usbIdText } from '../../../shared/model/dfu-identity.ts'
import { type ParticleIdentity, type Readable, unreadable } from '../../../shared/model/identity.ts'
import type { DeviceId } from '../../../shared/model/ids.ts'
import { platformOf } from '../platforms/platforms.ts'
import type { Clock } from '../ports.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import type { RequestLink } from './control-request.ts'
import { readDfuProtection } from './dfu-protection.ts'
import { readNormalIdentity } from './normal-identity.ts'
import { rawDeviceId } from './raw-requests.ts'
import { getDeviceId } from './requests.ts'
import { serialDeviceId, type UsbIdentity, usbIdentityOf } from './usb-identity.ts'

export interface IdentifyOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** How long the board may take until it gives its device ID; default 3000. */
  readonly timeoutMs?: number
  /** An earlier reading: what its modem said is not asked again of the same board, for that takes seconds. */
  readonly before?: ParticleIdentity
}

const defaultTimeoutMs = 3_000

/**
 * Throws DEVICE_UNKNOWN for what is no served Particle board, BOARD_WITHOUT_ID for one that is too old to have a device ID
 * on USB, IDENTITY_UNREADABLE when there is none for another reason, BOARD_SILENT when it answers nothing, USB_* when the board cannot be opened or leaves, JOB_ABORTED. The device must be closed before, and is closed afterwards.
 */
export async function identify(device: UsbDevice, options: IdentifyOptions): Promise<ParticleIdentity> {
  const usb = usbIdentityOf(device)
  if (usb.kind !== 'board') throw unknownDevice(device)
  return withOpen(device, options, async (link) => {
    const deviceId = await deviceIdOf(link, options)
    const facts = {
      kind: 'particle',
      portPath: device.portPath,
      mode: usb.mode,
      platform: usb.platform,
      deviceId,
    } as const
    return usb.mode === 'dfu'
      ? { ...facts, ...(await readLoaderIdentity(link)) }
      : { ...facts, ...(await readNormalIdentity(link, usb.platform, sameBoard(deviceId, options.before))) }
  })
}

function sameBoard(deviceId: DeviceId, before: ParticleIdentity | undefined): ParticleIdentity | null {
  return before?.deviceId === deviceId ? before : null
}

/** Only the device ID, as fast as the board gives it. Throws as identify() does. */
export async function readDeviceId(device: UsbDevice, options: IdentifyOptions): Promise<DeviceId> {
  if (usbIdentityOf(device).kind !== 'board') throw unknownDevice(device)
  return withOpen(device, options, (link) => deviceIdOf(link, options))
}

/** Opens a device for control requests, runs the act, closes it whatever happens. No interface is claimed. */
export async function withOpen<T>(
  device: UsbDevice,
  { clock, signal }: Pick<IdentifyOptions, 'clock' | 'signal'>,
  act: (link: RequestLink) => Promise<T>,
): Promise<T> {
  await device.open(signal)
  try {
    return await act({ device, clock, signal })
  } finally {
    await device.close()
  }
}

/** The serial string; where that is a constant (Device OS before 0.6.0), the board is asked for its ID. */
async function deviceIdOf(link: RequestLink, options: IdentifyOptions): Promise<DeviceId> {
  const { device, clock, signal } = link
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
  const usb = usbIdentityOf(device)
  try {
    const id = await serialDeviceId(device, { clock, signal, timeoutMs })
    if (id) return id
    if (usb.kind === 'board' && usb.mode === 'normal') return await rawDeviceId(link).catch(() => getDeviceId(link))
  } catch (thrown) {
    const isOurs = thrown instanceof Fault && thrown.code !== 'USB_GONE' && !signal.aborted
    throw isOurs ? noAnswer(thrown, usb, timeoutMs) : thrown
  }
  if (isGen2(usb)) throw withoutId()
  throw new Fault('IDENTITY_UNREADABLE', 'the serial string is no device ID, and a bootloader cannot be asked')
}

function noAnswer(cause: Fault, usb: UsbIdentity, timeoutMs: number): Fault {
  if (cause.code === 'USB_STALL' && isGen2(usb)) return withoutId(cause)
  const code = cause.code === 'USB_TIMEOUT' ? 'BOARD_SILENT' : 'IDENTITY_UNREADABLE'
  return new Fault(code, `no device ID in ${timeoutMs} ms: ${cause.detail}`, { cause })
}

/** The one family that was ever sold without the device ID in its serial string. */
function isGen2(usb: UsbIdentity): boolean {
  return usb.kind === 'board' && platformOf(usb.platform).mcu === 'stm32f2'
}

function withoutId(cause?: Fault): Fault {
  const why = 'the serial string is the same on every board, as before Device OS 0.6.0, and no request is known'
  return new Fault('BOARD_WITHOUT_ID', why, { cause })
}

type LoaderIdentity = Omit<ParticleIdentity, 'kind' | 'portPath' | 'mode' | 'platform' | 'deviceId'>

async function readLoaderIdentity(link: RequestLink): Promise<LoaderIdentity> {
  const silent: Readable<never> = unreadable('board is in DFU mode')
  return {
    serialNumber: silent,
    iccid: silent,
    imei: silent,
    deviceOsVersion: silent,
    modules: silent,
    assets: silent,
    ncpVersion: silent,
    isListening: silent,
    setupDone: silent,
    answersRequests: silent,
    ncpModuleVersion: silent,
    isProtected: await readDfuProtection(link),
  }
}

function unknownDevice(device: UsbDevice): Fault {
  const usb = usbIdentityOf(device)
  return new Fault('DEVICE_UNKNOWN', usb.kind === 'refused' ? usb.reason : `${usbIdText(device)} is no Particle board`)
}
