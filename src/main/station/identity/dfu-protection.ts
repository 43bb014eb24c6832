// Whether a board in DFU mode is locked, from what its bootloader announces: a state string since Device OS 6.1.2, and
// before that only the letters of its memory maps. It sends no DFU request.
import { Fault } from '../../../shared/fault/fault.ts'
import { known, type Readable, unreadable } from '../../../shared/model/identity.ts'
import { parseDfuDescriptors } from '../dfu/descriptors.ts'
import { isLocked, isMemoryMap, parseMemoryMap } from '../dfu/memory-map.ts'
import { readStringDescriptor } from '../usb/string-descriptor.ts'
import type { RequestLink } from './control-request.ts'
import { printable } from './raw-requests.ts'

const stateStringIndex = 0xfa
const timeoutMs = 1_000
/** o: open. s: service mode, the protection is overridden for a while. p: protected. */
const statePattern = /^sm=([ops])/

/** Throws USB_GONE and JOB_ABORTED; whatever else fails is a reason. */
export async function readDfuProtection(link: RequestLink): Promise<Readable<boolean>> {
  try {
    const state = statePattern.exec((await readString(link, stateStringIndex)) ?? '')?.[1]
    return known(state === undefined ? await isLockedByLetters(link) : state === 'p')
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code === 'USB_GONE' || link.signal.aborted) throw thrown
    return unreadable(thrown.detail)
  }
}

async function isLockedByLetters(link: RequestLink): Promise<boolean> {
  const maps = []
  for (const { stringIndex } of parseDfuDescriptors(link.device.configuration()).alternates) {
    const name = await readString(link, stringIndex)
    if (name !== null && isMemoryMap(name)) maps.push(parseMemoryMap(name))
  }
  if (maps.length === 0) throw new Fault('DFU_PROTOCOL', 'the bootloader announces no memory')
  return maps.every(isLocked)
}

/** Null when the board has no such string: older bootloaders stall. */
async function readString(link: RequestLink, index: number): Promise<string | null> {
  try {
    const text = await readStringDescriptor(link.device, index, { timeoutMs, signal: link.signal })
    return text === null ? null : printable(text)
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'USB_STALL') return null
    throw thrown
  }
}
