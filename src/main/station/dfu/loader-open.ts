// How a loader is met: its names are read, it is brought to dfuIDLE, and asked for its protocol where that is not plain. A
// device with several DFU interfaces has a loader behind each; only that which is used is met whole.
import { Fault } from '../../../shared/fault/fault.ts'
import type { Clock } from '../ports.ts'
import { type DfuDevice, readStringBytes, resetBus } from './drive.ts'
import { createErasedSectors } from './erased-sectors.ts'
import { type DfuFacts, detachIndexOf, readAllDfuFacts, readDfuFacts, refuseOtherProtocol } from './facts.ts'
import type { DfuHabits } from './habits.ts'
import { home } from './home.ts'
import { type Loader, textOf } from './loader.ts'
import { loaderFamily } from './loader-family.ts'
import { loaderMemories, type NamedAlternate } from './loader-memories.ts'
import type { SessionState } from './session-state.ts'
import { newVisit, run } from './visit.ts'
import { askProtocol, plainlyTold } from './which-protocol.ts'

export interface LoaderOptions {
  readonly clock: Clock
  /** Aborts whatever the session waits for; the operation then throws and nothing more is sent. */
  readonly signal: AbortSignal
  readonly habits: DfuHabits
  /** Of several DFU interfaces that one only; by default all that are in DFU mode. */
  readonly interfaceNumber?: number
}

/** The interfaces to be served, the first of them first. Throws DFU_PROTOCOL when there is none, DFU_OTHER_PROTOCOL. */
export function factsToServe(device: DfuDevice, { habits, interfaceNumber }: LoaderOptions): readonly DfuFacts[] {
  const all = readAllDfuFacts(device, habits)
  const first =
    interfaceNumber === undefined
      ? readDfuFacts(device, habits)
      : all.find((each) => each.interfaceNumber === interfaceNumber)
  if (!first) throw new Fault('DFU_PROTOCOL', `${device.portPath}: the device has no such DFU interface`)
  refuseOtherProtocol(device, first)
  if (interfaceNumber !== undefined || first.mode !== 'dfu') return [first]
  return [first, ...all.filter((each) => each.mode === 'dfu' && each.interfaceNumber !== first.interfaceNumber)]
}

/** What is known of a loader before the first request of DFU: its descriptors, and the names of its memories. */
export async function namesOf(device: DfuDevice, facts: DfuFacts, options: LoaderOptions): Promise<Loader> {
  const { clock, signal, habits } = options
  const named: NamedAlternate[] = []
  for (const each of facts.alternates) {
    named.push({ ...each, name: textOf(await readStringBytes(device, each.stringIndex, signal)) })
  }
  const serial = habits.gd32 ? await readStringBytes(device, device.serialNumberIndex, signal) : null
  const memories = loaderMemories(named, habits.gd32 ? { serialNumber: lettersOf(serial) } : null)
  const protocol = 'dfu'
  const state: SessionState = {
    family: loaderFamily(facts, habits, protocol),
    blockBytes: facts.transferBytes,
    erased: createErasedSectors(),
    phase: 'unknown',
    promptAt: new Set(),
    bornStalls: 0,
    // A device with one setting is in it, and may refuse to be told so (USB 2.0, section 9.4.10).
    alternate: memories.length === 1 && memories[0]?.alternate === 0 ? 0 : null,
  }
  const { interfaceNumber } = facts
  const visit = newVisit(state, { device, interfaceNumber, clock, signal, detachIndex: detachIndexOf(facts, habits) })
  return { visit, facts, habits, memories, protocol, blank: new Set(), isMet: false, hasMoved: false }
}

/** Throws DFU_PROTOCOL and DFU_STUCK_BUSY of a loader that does not come to dfuIDLE. */
export async function meet(loader: Loader): Promise<void> {
  const { device, interfaceNumber } = loader.visit.link
  await device.claim(interfaceNumber)
  await comeHome(loader)
  await settleProtocol(loader)
  loader.isMet = true
}

async function settleProtocol(loader: Loader): Promise<void> {
  const { visit, facts, habits } = loader
  loader.protocol = plainlyTold(loader) ?? (await run(visit, askProtocol(visit.state, facts), () => {}))
  visit.state.family = loaderFamily(facts, habits, loader.protocol)
}

/** Of a string that may have one byte a letter or two. */
function lettersOf(bytes: Uint8Array | null): string | null {
  return (
    bytes &&
    [...bytes]
      .filter((byte) => byte !== 0)
      .map((byte) => String.fromCharCode(byte))
      .join('')
  )
}

/** A device that hangs, or waits for a bus reset since somebody else's download, is given one: the next try finds it well. */
async function comeHome({ visit }: Loader): Promise<void> {
  try {
    await run(visit, home(visit.state), () => {})
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== 'DFU_STUCK_BUSY') throw thrown
    await resetBus(visit.link)
    throw new Fault(thrown.code, `${thrown.detail}; it was given a bus reset`, { cause: thrown })
  }
}
