// Who is this device? Opens it, reads its strings, closes it; ids, modes and abilities are in its descriptors. Only for
// devices that somebody named: nothing else is opened. It must not know recipes or jobs.

import { Fault } from '../../../shared/fault/fault.ts'
import type { DfuIdentity, DfuMemory, DfuProtocol } from '../../../shared/model/dfu-identity.ts'
import { known, type Readable, unreadable, valueOrNull } from '../../../shared/model/identity.ts'
import { type DfuFacts, dfuVersions, readDfuFacts } from '../dfu/facts.ts'
import type { DfuHabits } from '../dfu/habits.ts'
import { loaderMemories } from '../dfu/loader-memories.ts'
import { withOpen } from '../identity/identify.ts'
import type { Clock } from '../ports.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import { readDeviceString, type StringWait } from './device-strings.ts'
import { instancesOf } from './instance-ids.ts'
import { habitsOf } from './quirk-book.ts'
import type { QuirkBook } from './quirk-file.ts'
import { isSharedLoader } from './shared-loaders.ts'

export interface IdentifyDeviceOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly book: QuirkBook
  /** How long all its strings may take together; default 3000. */
  readonly timeoutMs?: number
}

const defaultTimeoutMs = 3_000

/**
 * Its `twins` are empty: who else has these ids and this serial number, only the bench can know. In run-time mode
 * `revision` is the version of its program (bcdDevice). Throws DFU_PROTOCOL for what has no DFU interface, USB_* when it
 * cannot be opened or leaves, JOB_ABORTED; a string that cannot be read is no error. Must be closed before, and is after.
 */
export async function identifyDevice(device: UsbDevice, options: IdentifyDeviceOptions): Promise<DfuIdentity> {
  const { habits, quirks } = habitsOf(options.book, device)
  const facts = readDfuFacts(device, habits)
  if (!facts) throw new Fault('DFU_PROTOCOL', `${device.portPath}: the device has no DFU interface`)
  const isDfu = facts.mode === 'dfu'
  return withOpen(device, options, async ({ clock, signal }) => {
    const wait: StringWait = { clock, signal, deadline: clock.monotonic() + (options.timeoutMs ?? defaultTimeoutMs) }
    const strings = await readStrings(device, wait)
    const memories = isDfu ? await readMemories(device, facts, wait) : []
    return {
      ...plainFacts(device),
      ...strings,
      mode: facts.mode,
      protocol: isDfu ? protocolOf(facts, memories, habits) : unreadable('its own program runs'),
      canUpload: facts.canUpload,
      canDownload: facts.canDownload,
      memories,
      quirks,
    }
  })
}

/** What ids alone say. */
function plainFacts(device: UsbDevice) {
  const { portPath, vendorId, productId, deviceRelease } = device
  const instances = instancesOf(device)
  const isShared = isSharedLoader(device)
  const base = { kind: 'dfu', portPath, vendorId, productId, revision: deviceRelease } as const
  return { ...base, instances, isSharedLoader: isShared, twins: [] }
}

/** The serial number first: if time is short it is the one that matters. */
async function readStrings(device: UsbDevice, wait: StringWait) {
  const serialNumber = await readDeviceString(device, device.serialNumberIndex, wait)
  const productName = await readDeviceString(device, device.productIndex, wait)
  const manufacturer = await readDeviceString(device, device.manufacturerIndex, wait)
  return { serialNumber, productName, manufacturer }
}

async function readMemories(device: UsbDevice, { alternates }: DfuFacts, wait: StringWait) {
  const memories: DfuMemory[] = []
  for (const { alternate, stringIndex } of alternates) {
    memories.push({ alternate, name: valueOrNull(await readDeviceString(device, stringIndex, wait)) })
  }
  return memories
}

/** A memory map in a name is a clue, too: some loaders forget the version of DfuSe. A forced version outweighs it. */
function protocolOf(
  { isOtherProtocol, version }: DfuFacts,
  memories: readonly DfuMemory[],
  { forcedVersion }: DfuHabits,
): Readable<DfuProtocol> {
  if (isOtherProtocol) return unreadable('it speaks FLIP, which is no DFU')
  const named = memories.map((memory) => ({ ...memory, stringIndex: 0 }))
  const hasMap = forcedVersion === null && loaderMemories(named, null).some(({ map }) => map !== null)
  return known(version === dfuVersions.dfuse || hasMap ? 'dfuse' : 'dfu')
}
