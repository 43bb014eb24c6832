// The DFU devices on the bus that are no Particle boards: who they are, from ids and descriptors, and what they say when
// asked. Asked are those that a recipe names and the one on the port that the person names; no other is opened.
import { asFault, type FaultReport, reportOf } from '../../shared/fault/fault.ts'
import { type DfuIdentity, usbIdText } from '../../shared/model/dfu-identity.ts'
import type { DeviceTarget } from '../../shared/model/firmware-view.ts'
import { known, unreadable } from '../../shared/model/identity.ts'
import type { PortPath } from '../../shared/model/ids.ts'
import { deviceKind } from '../station/devices/device-kind.ts'
import { identifyDevice } from '../station/devices/identify-device.ts'
import { instancesOf } from '../station/devices/instance-ids.ts'
import { deviceTargetFor } from '../station/devices/match.ts'
import { habitsOf } from '../station/devices/quirk-book.ts'
import { isSharedLoader } from '../station/devices/shared-loaders.ts'
import { dfuVersions, readDfuFacts } from '../station/dfu/facts.ts'
import type { UsbDevice } from '../station/usb/usb-port.ts'
import type { BusTools } from './with-bus.ts'

export interface SeenDevice {
  readonly board: DfuIdentity
  /** Nobody named it: it was not opened, and this is what its descriptors say. */
  readonly isLeftAlone: boolean
  /** What of its descriptors was taken otherwise, in sentences. */
  readonly notes: readonly string[]
  /** Why it could not be asked. */
  readonly fault: FaultReport | null
}

export interface Asked {
  readonly named: readonly DeviceTarget[]
  readonly port: PortPath | null
}

const notOpened = 'left alone: not opened'

/** In the order of their ports. */
export async function lookAtDevices(tools: BusTools, asked: Asked): Promise<readonly SeenDevice[]> {
  const seen: SeenDevice[] = []
  for (const device of tools.bus.devices().toSorted(byPort)) {
    const isNamed = device.portPath === asked.port || deviceTargetFor(asked.named, instancesOf(device)) !== null
    const kind = deviceKind(device, tools.quirks)
    if (kind === 'particle' || (kind === 'other' && !isNamed)) continue
    seen.push(isNamed ? await askDevice(device, tools) : { ...fromDescriptors(device, tools), fault: null })
  }
  return withTwins(seen)
}

async function askDevice(device: UsbDevice, tools: BusTools): Promise<SeenDevice> {
  const { clock, signal, quirks } = tools
  const told = { ...fromDescriptors(device, tools), isLeftAlone: false }
  try {
    return { ...told, board: await identifyDevice(device, { clock, signal, book: quirks }), fault: null }
  } catch (thrown) {
    signal.throwIfAborted()
    return { ...told, fault: reportOf(asFault(thrown)) }
  }
}

function fromDescriptors(device: UsbDevice, { quirks: book }: BusTools): Omit<SeenDevice, 'fault'> {
  const { portPath, vendorId, productId, deviceRelease } = device
  const { habits, quirks } = habitsOf(book, device)
  const facts = readDfuFacts(device, habits)
  const isDfu = facts?.mode === 'dfu'
  const protocol = facts?.version === dfuVersions.dfuse ? 'dfuse' : 'dfu'
  const board: DfuIdentity = {
    ...{ kind: 'dfu', portPath, mode: isDfu ? 'dfu' : 'normal', vendorId, productId, revision: deviceRelease },
    ...{ manufacturer: unreadable(notOpened), productName: unreadable(notOpened), serialNumber: unreadable(notOpened) },
    twins: [],
    protocol: isDfu && !facts.isOtherProtocol ? known(protocol) : unreadable(isDfu ? 'no DFU' : 'its program runs'),
    canUpload: facts?.canUpload ?? false,
    canDownload: facts?.canDownload ?? false,
    memories: isDfu ? facts.alternates.map(({ alternate }) => ({ alternate, name: null })) : [],
    ...{ instances: instancesOf(device), quirks, isSharedLoader: isSharedLoader(device) },
  }
  return { board, isLeftAlone: true, notes: facts?.notes ?? [] }
}

/** Known only of those that were asked; a bench that watches knows more. */
function withTwins(seen: readonly SeenDevice[]): readonly SeenDevice[] {
  return seen.map((each) => {
    const twins = seen.filter((other) => other !== each && isSame(other.board, each.board))
    return { ...each, board: { ...each.board, twins: twins.map(({ board }) => board.portPath) } }
  })
}

function isSame(one: DfuIdentity, other: DfuIdentity): boolean {
  const hasSerials = one.serialNumber.known && other.serialNumber.known
  return hasSerials && one.serialNumber.value === other.serialNumber.value && usbIdText(one) === usbIdText(other)
}

function byPort(one: UsbDevice, other: UsbDevice): number {
  return one.portPath.localeCompare(other.portPath, 'en', { numeric: true })
}
