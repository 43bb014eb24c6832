// What one visit to a loader knows and remembers, and how its machines are run: an error of the maker's own is told in the
// maker's words, which are in a string of the device.
import { Fault } from '../../../shared/fault/fault.ts'
import { cleanText } from '../../../shared/model/clean-text.ts'
import type { DfuProtocol } from '../../../shared/model/dfu-identity.ts'
import { vendorTextOf } from './dfu-faults.ts'
import { readStringBytes } from './drive.ts'
import type { DfuFacts } from './facts.ts'
import type { DfuHabits } from './habits.ts'
import type { LoaderMemory } from './loader-memories.ts'
import type { Dfu, DfuNews } from './machine.ts'
import { run, type Visit } from './visit.ts'

/** Everything one session holds; its parts change while it lives. */
export interface Loader {
  readonly visit: Visit
  readonly facts: DfuFacts
  readonly habits: DfuHabits
  readonly memories: readonly LoaderMemory[]
  /** Settled before the first operation. */
  protocol: DfuProtocol
  /** Alternate settings that were erased as a whole in this visit. */
  readonly blank: Set<number>
  /** Its interface is claimed, it is in dfuIDLE, and its protocol is known. */
  isMet: boolean
  /** A download or an upload was made. */
  hasMoved: boolean
}

export async function work<T>({ visit }: Loader, machine: Dfu<T>, takeNews: (news: DfuNews) => void): Promise<T> {
  try {
    return await run(visit, machine, takeNews)
  } catch (thrown) {
    const stringIndex = thrown instanceof Fault ? vendorTextOf(thrown) : null
    if (!(thrown instanceof Fault) || stringIndex === null) throw thrown
    const { device, signal } = visit.link
    const text = await readStringBytes(device, stringIndex, signal).then(textOf, () => null)
    if (signal.aborted || text === null) throw thrown
    throw new Fault(thrown.code, `${thrown.detail}, "${text}"`, { cause: thrown })
  }
}

/** A string descriptor in UTF-16, up to a zero, without what a screen would obey; null when there is nothing in it. */
export function textOf(bytes: Uint8Array | null): string | null {
  if (!bytes) return null
  const [text = ''] = new TextDecoder('utf-16le').decode(bytes.subarray(0, bytes.length & ~1)).split('\0')
  return cleanText(text) || null
}
