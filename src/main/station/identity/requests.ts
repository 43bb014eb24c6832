// The control requests a station sends, typed: one function a request, over the device-os-protobuf messages. What a
// message lacks is said as null; it must not guess.
import DeviceOSProtobuf from '@particle/device-os-protobuf'
import { Fault } from '../../../shared/fault/fault.ts'
import type { BoardAsset, BoardAssets } from '../../../shared/model/identity.ts'
import { type DeviceId, parseDeviceId, parseSha256 } from '../../../shared/model/ids.ts'
import type { ReportedModule } from '../../../shared/model/module.ts'
import { controlRequest, type RequestLink } from './control-request.ts'
import { reportedModules } from './reported-modules.ts'
import { type RequestType, requestTypes } from './request-types.ts'

const { definitions } = DeviceOSProtobuf

/** Throws CONTROL_REQUEST_FAILED, also when the answer is no device ID; allowed in security mode. */
export async function getDeviceId(link: RequestLink): Promise<DeviceId> {
  const type = requestTypes.getDeviceId
  const { id } = await ask(link, type, definitions.GetDeviceIdReply)
  const parsed = parseDeviceId(id)
  if (!parsed) throw new Fault('CONTROL_REQUEST_FAILED', `${type.name}: "${id}" is no device ID`)
  return parsed
}

/** The serial number of the label, null when the board has none stored. */
export async function getSerialNumber(link: RequestLink): Promise<string | null> {
  const { serial } = await ask(link, requestTypes.getSerialNumber, definitions.GetSerialNumberReply)
  return serial.trim() || null
}

/** Release text such as "4.0.2", null when the board gives an empty one. */
export async function getSystemVersion(link: RequestLink): Promise<string | null> {
  const { version } = await ask(link, requestTypes.getSystemVersion, definitions.GetSystemVersionReply)
  return version.trim() || null
}

export async function getModuleInfo(link: RequestLink): Promise<readonly ReportedModule[]> {
  const reply = await ask(link, requestTypes.getModuleInfo, definitions.GetModuleInfoReply)
  return reportedModules(reply.modules, reply.modulesDeprecated)
}

/** ICCID and, from Device OS 5.8.0, IMEI as the modem says them; null where it says nothing. Switches the modem on. */
export async function getIccid(link: RequestLink): Promise<{ iccid: string | null; imei: string | null }> {
  const { iccid, imei } = await ask(link, requestTypes.getIccid, definitions.cellular.GetIccidReply)
  return { iccid: iccid.trim() || null, imei: imei.trim() || null }
}

export interface ProtectedState {
  readonly state: boolean
  /** Service mode: the protection is overridden for a while, and the board can be served. */
  readonly overridden: boolean
}

/** Security mode, Device OS 6.1.1 and later; older ones refuse the request with -120. */
export function decodeProtectedState(body: Uint8Array): ProtectedState {
  const reply = decodeReply(requestTypes.getProtectedState, body, definitions.GetProtectedStateReply)
  return { state: reply.state, overridden: reply.overridden ?? false }
}

export async function getSystemCapabilities(link: RequestLink): Promise<{ compressedOta: boolean }> {
  const { flags } = await ask(link, requestTypes.getSystemCapabilities, definitions.GetSystemCapabilitiesReply)
  return { compressedOta: (flags & definitions.SystemCapabilityFlag.COMPRESSED_OTA) !== 0 }
}

export async function getDeviceMode(link: RequestLink): Promise<'normal' | 'listening'> {
  const { mode } = await ask(link, requestTypes.getDeviceMode, definitions.GetDeviceModeReply)
  return mode === definitions.DeviceMode.LISTENING_MODE ? 'listening' : 'normal'
}

/** The network processor beside the chip (Argon, Tracker): module version 0 where it has none that answers. */
export async function getNcpVersion(link: RequestLink): Promise<{ version: string | null; moduleVersion: number }> {
  const type = requestTypes.getNcpFirmwareVersion
  const { version, moduleVersion } = await ask(link, type, definitions.GetNcpFirmwareVersionReply)
  return { version: version.trim() || null, moduleVersion }
}

/** Assets on the board and those its user firmware names; Device OS 5.6.0 and later, older ones refuse with -120. */
export function decodeAssetInfo(body: Uint8Array): BoardAssets {
  const { available, required } = decodeReply(requestTypes.getAssetInfo, body, definitions.GetAssetInfoReply)
  return { available: available.map(assetOf), required: required.map(assetOf) }
}

interface WireAsset {
  readonly hash?: Uint8Array | null
  readonly name?: string | null
  readonly size?: number | null
}

function assetOf({ hash, name, size }: WireAsset): BoardAsset {
  const sha256 = parseSha256(Buffer.from(hash ?? []).toString('hex'))
  if (sha256) return { name: name ?? '', sha256, sizeBytes: size ?? 0 }
  throw new Fault('CONTROL_REQUEST_FAILED', `${requestTypes.getAssetInfo.name}: "${name}" has no SHA-256`)
}

/** The set-up flag of Gen 3 boards below Device OS 4.0.0; later ones always say true. */
export async function isSetupDone(link: RequestLink): Promise<boolean> {
  return (await ask(link, requestTypes.isSetupDone, definitions.IsDeviceSetupDoneReply)).done
}

/** From Device OS 4.0.0 on true changes nothing and false is refused with -120. */
export async function setSetupDone(link: RequestLink, done: boolean): Promise<void> {
  const payload = definitions.SetDeviceSetupDoneRequest.encode({ done }).finish()
  await controlRequest(link, requestTypes.setSetupDone, payload)
}

/** Listening mode: Device OS leaves the network and the application alone, and answers USB at once. */
export async function startListening(link: RequestLink): Promise<void> {
  await controlRequest(link, requestTypes.startListening)
}

export async function stopListening(link: RequestLink): Promise<void> {
  await controlRequest(link, requestTypes.stopListening)
}

/** Asks for DFU mode: the board resets one second after this resolves and comes back with another product id. */
export async function enterDfu(link: RequestLink): Promise<void> {
  await controlRequest(link, requestTypes.enterDfu)
}

/** Asks for a reset, which comes one second after this resolves. */
export async function resetBoard(link: RequestLink): Promise<void> {
  await controlRequest(link, requestTypes.reset)
}

/** A request without fields whose reply is one message. */
async function ask<T>(link: RequestLink, type: RequestType, message: { decode(bytes: Uint8Array): T }): Promise<T> {
  const body = await controlRequest(link, type)
  return decodeReply(type, body, message)
}

/** Throws CONTROL_REQUEST_FAILED when the bytes are not the message. */
export function decodeReply<T>(type: RequestType, body: Uint8Array, message: { decode(bytes: Uint8Array): T }): T {
  try {
    return message.decode(body)
  } catch (thrown) {
    throw new Fault('CONTROL_REQUEST_FAILED', `${type.name}: the reply cannot be read`, { cause: thrown })
  }
}
