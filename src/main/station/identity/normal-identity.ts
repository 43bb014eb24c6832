// What a board says of itself while Device OS runs: which questions, in which order, and what their answers mean. How a
// failure is borne is in ask-board.ts.
import { gte, valid } from 'semver'
import { Fault } from '../../../shared/fault/fault.ts'
import {
  type BoardAssets,
  known,
  type ParticleIdentity,
  type Readable,
  unreadable,
} from '../../../shared/model/identity.ts'
import { type Iccid, parseIccid } from '../../../shared/model/ids.ts'
import type { PlatformName } from '../../../shared/model/platform.ts'
import { platformOf } from '../platforms/platforms.ts'
import { type Asking, startAsking } from './ask-board.ts'
import { exchange, type RequestLink, resultFault } from './control-request.ts'
import { askListening } from './listen-for-identity.ts'
import { rawSystemVersion } from './raw-requests.ts'
import { requestTypes } from './request-types.ts'
import {
  decodeAssetInfo,
  decodeProtectedState,
  getDeviceMode,
  getIccid,
  getModuleInfo,
  getNcpVersion,
  getSerialNumber,
  getSystemVersion,
  isSetupDone,
} from './requests.ts'
import { resultCodes } from './result-codes.ts'

/** The first Device OS that gives the IMEI with the ICCID, release candidates included. */
const tellsImeiFrom = '5.8.0-0'
/** From here on the set-up flag means nothing any more. */
const ignoresSetupFrom = '4.0.0-0'

export type NormalIdentity = Omit<ParticleIdentity, 'kind' | 'portPath' | 'mode' | 'platform' | 'deviceId'>

/**
 * The ICCID comes last, for the modem may take half a minute; without it a board is identified all the same. `before` is
 * an earlier reading of the same board.
 */
export async function readNormalIdentity(
  link: RequestLink,
  platform: PlatformName,
  before: ParticleIdentity | null,
): Promise<NormalIdentity> {
  const asking = startAsking(link)
  const isProtected = await asking.ask(() => readProtection(link))
  const deviceOsVersion = await asking.ask(() => readVersion(link))
  const isListening = await asking.ask(async () => known((await getDeviceMode(link)) === 'listening'))
  const old = { version: deviceOsVersion, isListening }
  const readSerial = async () => given(await getSerialNumber(link), 'no serial number is stored')
  const serialNumber = await askListening(asking, old, readSerial)
  const modules = await asking.ask(async () => known(await getModuleInfo(link)))
  const assets = await readAssets(asking, platform)
  const ncp = await readNcp(asking, platform, modules)
  const setupDone = await readSetup(asking, platform, deviceOsVersion)
  const said = before && simSaidBefore(before, deviceOsVersion)
  const sim = platformOf(platform).isCellular ? (said ?? (await readSim(asking, old))) : wifiOnly
  const facts = { serialNumber, deviceOsVersion, modules, assets, isListening, setupDone, isProtected }
  return { ...facts, ...ncp, ...sim, answersRequests: asking.answersRequests() }
}

type Sim = Pick<ParticleIdentity, 'iccid' | 'imei'>

const wifiOnly: Sim = { iccid: unreadable('not a cellular board'), imei: unreadable('not a cellular board') }

/** Null when the modem must be asked: it said nothing before, or this Device OS may let it say more. */
function simSaidBefore({ iccid, imei, deviceOsVersion }: ParticleIdentity, version: Readable<string>): Sim | null {
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

interface OldBoard {
  readonly version: Readable<string>
  readonly isListening: Readable<boolean>
}

async function readSim(asking: Asking, old: OldBoard): Promise<Sim> {
  const reply = await askListening(asking, old, async () => known(await getIccid(asking.link)))
  if (!reply.known) return { iccid: reply, imei: reply }
  return { iccid: readIccid(reply.value.iccid), imei: given(reply.value.imei, noImei(old.version)) }
}

type Ncp = Pick<ParticleIdentity, 'ncpVersion' | 'ncpModuleVersion'>

/**
 * Only some platforms have one beside the chip. A Device OS that no longer updates it (Tracker from 5.6.0) does not list
 * it among its modules: then its module version is what it says when asked.
 */
async function readNcp(asking: Asking, platform: PlatformName, modules: ParticleIdentity['modules']): Promise<Ncp> {
  const { title, modules: places } = platformOf(platform)
  const none = unreadable<never>(`the ${title} has no network processor`)
  if (!places.some(({ kind }) => kind === 'ncp')) return { ncpVersion: none, ncpModuleVersion: none }
  const reply = await asking.ask(async () => known(await getNcpVersion(asking.link)))
  const listed = modules.known ? modules.value.find(({ kind, store }) => kind === 'ncp' && store === 'main') : undefined
  return {
    ncpVersion: reply.known ? given(reply.value.version, 'the network processor says no version') : reply,
    ncpModuleVersion: listed ? known(listed.version) : reply.known ? known(reply.value.moduleVersion) : reply,
  }
}

async function readSetup(
  asking: Asking,
  platform: PlatformName,
  version: Readable<string>,
): Promise<Readable<boolean>> {
  const { title, setupDone } = platformOf(platform)
  if (!setupDone) return unreadable(`the ${title} has no set-up flag`)
  if (version.known && valid(version.value) !== null && gte(version.value, ignoresSetupFrom)) {
    return unreadable(`Device OS ${version.value} takes every board for set up`)
  }
  return asking.ask(async () => known(await isSetupDone(asking.link)))
}

function readIccid(text: string | null): Readable<Iccid> {
  if (text === null) return unreadable('the modem reports no ICCID: no SIM?')
  const iccid = parseIccid(text)
  return iccid ? known(iccid) : unreadable(`the modem reports "${text}", which is no ICCID`)
}

/** Device OS before 5.6.0 does not know the request. */
async function readAssets(asking: Asking, platform: PlatformName): Promise<Readable<BoardAssets>> {
  const { title, maxAssetBytes } = platformOf(platform)
  if (maxAssetBytes === null) return unreadable(`the ${title} stores no assets`)
  const type = requestTypes.getAssetInfo
  return asking.ask(async () => {
    const { result, body } = await exchange(asking.link, type)
    if (result === resultCodes.notSupported) return unreadable('this Device OS does not list its assets')
    if (result < 0) throw resultFault(type, result)
    return known(decodeAssetInfo(body))
  })
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

function given(text: string | null, reason: string): Readable<string> {
  return text === null ? unreadable(reason) : known(text)
}
