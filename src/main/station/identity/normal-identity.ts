// What a board says of itself while Device OS runs. Each value is asked for alone: one that fails becomes a reason and
// spoils no other. Only a board that leaves, or a stop, ends the reading.
import { gte, valid } from 'semver'
import { Fault } from '../../../shared/fault/fault.ts'
import {
  type BoardAssets,
  type BoardIdentity,
  known,
  type Readable,
  unreadable,
} from '../../../shared/model/identity.ts'
import { type Iccid, parseIccid } from '../../../shared/model/ids.ts'
import type { ReportedModule } from '../../../shared/model/module.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import { platformOf } from '../platforms/platforms.ts'
import { readStringDescriptor } from '../usb/string-descriptor.ts'
import { exchange, type RequestLink, resultFault } from './control-request.ts'
import { rawSystemVersion } from './raw-requests.ts'
import { requestTypes } from './request-types.ts'
import {
  decodeAssetInfo,
  decodeProtectedState,
  getIccid,
  getModuleInfo,
  getNcpVersion,
  getSerialNumber,
  getSystemVersion,
} from './requests.ts'
import { resultCodes } from './result-codes.ts'

const stringTimeoutMs = 1_000
/** The first Device OS that gives the IMEI with the ICCID, release candidates included. */
const tellsImeiFrom = '5.8.0-0'

export type NormalIdentity = Omit<BoardIdentity, 'portPath' | 'mode' | 'platform' | 'deviceId'>

/**
 * The ICCID comes last, for the modem may take half a minute; without it a board is identified all the same. `before` is
 * an earlier reading of the same board.
 */
export async function readNormalIdentity(
  link: RequestLink,
  platform: PlatformName,
  before: BoardIdentity | null,
): Promise<NormalIdentity> {
  const isProtected = await attempt(link, () => readProtection(link))
  const deviceOsVersion = await attempt(link, () => readVersion(link))
  const serialNumber = await attempt(link, async () => given(await getSerialNumber(link), 'no serial number is stored'))
  const modules = await attempt(link, async () => known(await getModuleInfo(link)))
  const assets = await attempt(link, () => readAssets(link, platform))
  const ncpModuleVersion = await attempt(link, () => readNcpVersion(link, platform, modules))
  const said = before && simSaidBefore(before, deviceOsVersion)
  const sim = platformOf(platform).isCellular ? (said ?? (await readSim(link, deviceOsVersion))) : wifiOnly
  return { serialNumber, deviceOsVersion, modules, assets, ncpModuleVersion, isProtected, ...sim }
}

type Sim = Pick<BoardIdentity, 'iccid' | 'imei'>

const wifiOnly: Sim = { iccid: unreadable('not a cellular board'), imei: unreadable('not a cellular board') }

/** Null when the modem must be asked: it said nothing before, or this Device OS may let it say more. */
function simSaidBefore({ iccid, imei, deviceOsVersion }: BoardIdentity, version: Readable<string>): Sim | null {
  if (!iccid.known) return null
  const sameOs = version.known && deviceOsVersion.known && version.value === deviceOsVersion.value
  if (imei.known || sameOs) return { iccid, imei }
  return mayTellImei(version) ? null : { iccid, imei: unreadable(noImei(version)) }
}

/** A version that cannot be read or compared may be any. */
function mayTellImei(version: Readable<string>): boolean {
  return !version.known || valid(version.value) === null || gte(version.value, tellsImeiFrom)
}

function noImei(version: Readable<string>): string {
  return `${version.known ? `Device OS ${version.value}` : 'Device OS'} does not report IMEI`
}

async function readSim(link: RequestLink, version: Readable<string>): Promise<Sim> {
  const reply = await attempt(link, async () => known(await getIccid(link)))
  if (!reply.known) return { iccid: reply, imei: reply }
  return { iccid: readIccid(reply.value.iccid), imei: given(reply.value.imei, noImei(version)) }
}

function readIccid(text: string | null): Readable<Iccid> {
  if (text === null) return unreadable('the modem reports no ICCID: no SIM?')
  const iccid = parseIccid(text)
  return iccid ? known(iccid) : unreadable(`the modem reports "${text}", which is no ICCID`)
}

/** Device OS before 5.6.0 does not know the request. */
async function readAssets(link: RequestLink, platform: PlatformName): Promise<Readable<BoardAssets>> {
  const { title, maxAssetBytes } = platformOf(platform)
  if (maxAssetBytes === null) return unreadable(`a ${title} stores no assets`)
  const type = requestTypes.getAssetInfo
  const { result, body } = await exchange(link, type)
  if (result === resultCodes.notSupported) return unreadable('this Device OS does not list its assets')
  if (result < 0) throw resultFault(type, result)
  return known(decodeAssetInfo(body))
}

/** A Device OS that no longer updates it (Tracker from 5.6.0) does not list it among its modules; it is asked then. */
async function readNcpVersion(
  link: RequestLink,
  platform: PlatformName,
  modules: Readable<readonly ReportedModule[]>,
): Promise<Readable<number>> {
  const { title, modules: places } = platformOf(platform)
  if (!places.some(({ kind }) => kind === 'ncp')) return unreadable(`a ${title} has no network processor`)
  const listed = modules.known ? modules.value.find(({ kind, store }) => kind === 'ncp' && store === 'main') : undefined
  return known(listed?.version ?? (await getNcpVersion(link)).moduleVersion)
}

/** Security mode came with Device OS 6.1.1: a board that does not know the request cannot be in it. */
async function readProtection(link: RequestLink): Promise<Readable<boolean>> {
  const type = requestTypes.getProtectedState
  const { result, body } = await exchange(link, type)
  if (result === resultCodes.notSupported) return known(false)
  if (result < 0) throw resultFault(type, result)
  const { state, overridden } = decodeProtectedState(body)
  return known(state && !overridden)
}

/** A board in security mode refuses the request, but answers the raw one. */
async function readVersion(link: RequestLink): Promise<Readable<string>> {
  try {
    return given(await getSystemVersion(link), 'Device OS reports no version')
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== 'DEVICE_PROTECTED') throw thrown
    return given((await rawSystemVersion(link)) || null, 'Device OS reports no version')
  }
}

/**
 * Device OS may be too busy for one request, and its USB stack still tells a string; where that is silent too, nothing
 * will come of asking on. Throws IDENTITY_UNREADABLE then.
 */
async function mustStillAnswer({ device, signal }: RequestLink, silence: Fault): Promise<void> {
  try {
    await readStringDescriptor(device, device.serialNumberIndex, { timeoutMs: stringTimeoutMs, signal })
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code === 'USB_GONE' || signal.aborted) throw thrown
    // A stall, or a string that makes no sense, is an answer too.
    if (thrown.code !== 'USB_TIMEOUT') return
    throw new Fault('IDENTITY_UNREADABLE', `the board answers nothing any more: ${silence.detail}`, { cause: thrown })
  }
}

function given(text: string | null, reason: string): Readable<string> {
  return text === null ? unreadable(reason) : known(text)
}

/** Turns a failure of one value into its reason; a board that left or hangs, or a stop, is passed on. */
async function attempt<T>(link: RequestLink, read: () => Promise<Readable<T>>): Promise<Readable<T>> {
  try {
    return await read()
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code === 'USB_GONE' || link.signal.aborted) throw thrown
    if (thrown.code === 'USB_TIMEOUT') await mustStillAnswer(link, thrown)
    return unreadable(thrown.code === 'DEVICE_PROTECTED' ? 'board is in security mode' : thrown.detail)
  }
}
