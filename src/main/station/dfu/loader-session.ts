// A visit to any device in DFU mode that is no Particle board: plain DFU or DfuSe, as its descriptors and its habits say.
// One operation at a time; the machines decide, drive.ts acts. It must not know files, recipes or jobs.
import { Fault } from '../../../shared/fault/fault.ts'
import type { DfuProtocol } from '../../../shared/model/dfu-identity.ts'
import type { Clock } from '../ports.ts'
import { type DfuDevice, readStringBytes, resetBus } from './drive.ts'
import { createErasedSectors } from './erased-sectors.ts'
import { type DfuFacts, detachIndexOf, readAllDfuFacts, readDfuFacts, refuseOtherProtocol } from './facts.ts'
import type { DfuHabits } from './habits.ts'
import { home } from './home.ts'
import { type Loader, textOf } from './loader.ts'
import { loaderFamily } from './loader-family.ts'
import { type LoaderLeave, leaveLoader, resetLoader } from './loader-leave.ts'
import { type LoaderMemory, loaderMemories, type NamedAlternate } from './loader-memories.ts'
import {
  type CompareLoaderRequest,
  compareLoader,
  eraseLoader,
  type LoaderWriteReport,
  type ReadLoaderRequest,
  readLoader,
  unprotectLoader,
  type WriteLoaderRequest,
  writeLoader,
} from './loader-work.ts'
import type { SessionState } from './session-state.ts'
import type { CompareReport } from './upload.ts'
import { newVisit, run } from './visit.ts'
import { askProtocol, plainlyTold } from './which-protocol.ts'

export interface LoaderOptions {
  readonly clock: Clock
  /** Aborts whatever the session waits for; the operation then throws and nothing more is sent. */
  readonly signal: AbortSignal
  readonly habits: DfuHabits
  /** Of several DFU interfaces that one; by default the one in DFU mode, else the first. */
  readonly interfaceNumber?: number
}

/**
 * One operation at a time. Every operation throws Faults: USB_* of the seam, DFU_*, READ_PROTECTED, JOB_ABORTED. After a
 * fault the session may be used again; the next operation first brings the device back to dfuIDLE.
 */
export interface LoaderSession {
  readonly protocol: DfuProtocol
  /** As the habits correct them. */
  readonly descriptors: DfuFacts
  readonly memories: readonly LoaderMemory[]
  readonly canUpload: boolean
  readonly canDownload: boolean
  readonly isManifestationTolerant: boolean
  /** Bytes of a whole block. */
  readonly transferBytes: number
  /** Transfers sent to the device since the session was opened. */
  readonly transfers: number
  /**
   * Plain DFU (`address` null): the whole download with its manifestation; unless that ended in "idle" only reset() and
   * close() may follow. DfuSe: erases as its map says, then writes. Throws DFU_DOWNLOAD_UNSUPPORTED, and DFU_NO_MEMORY_MAP
   * where it is not known what to erase.
   */
  write(request: WriteLoaderRequest): Promise<LoaderWriteReport>
  /** Throws DFU_UPLOAD_UNSUPPORTED. For plain DFU the offset from the first byte stands for the address. */
  compare(request: CompareLoaderRequest): Promise<CompareReport>
  /** `sizeBytes` null: plain DFU until the device has no more, DfuSe to the end of the memory that the map tells. */
  read(request: ReadLoaderRequest): Promise<Uint8Array>
  /** DfuSe: erases everything behind an alternate setting; a write to it afterwards erases nothing. */
  massErase(alternate: number): Promise<void>
  /** DfuSe: removes the read protection, and with it all contents. gone: the device resets itself. */
  readUnprotect(): Promise<'gone' | 'idle'>
  /** Starts the program; afterwards only close() may be called. `address`: where a DfuSe device starts it. */
  leave(address: number | null): Promise<LoaderLeave>
  /** A bus reset: afterwards only close() may be called. That the device vanishes is no error. */
  reset(): Promise<void>
  /** Releases and closes the device. Never throws; sends no DFU request. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Opens the device, claims its DFU interface, brings it to dfuIDLE. On a fault the device is closed again. Throws
 * DFU_OTHER_PROTOCOL of what is no DFU, DFU_PROTOCOL of what has no DFU interface or does not come to dfuIDLE.
 */
export async function openLoader(device: DfuDevice, options: LoaderOptions): Promise<LoaderSession> {
  const facts = factsFor(device, options)
  await device.open(options.signal)
  try {
    await device.claim(facts.interfaceNumber)
    const loader = await meet(device, facts, options)
    await comeHome(loader)
    await settleProtocol(loader)
    return sessionOf(loader)
  } catch (thrown) {
    await device.close()
    throw thrown
  }
}

function factsFor(device: DfuDevice, { habits, interfaceNumber }: LoaderOptions): DfuFacts {
  const facts =
    interfaceNumber === undefined
      ? readDfuFacts(device, habits)
      : readAllDfuFacts(device, habits).find((each) => each.interfaceNumber === interfaceNumber)
  if (!facts) throw new Fault('DFU_PROTOCOL', `${device.portPath}: the device has no such DFU interface`)
  refuseOtherProtocol(device, facts)
  return facts
}

/** Everything that is known of a loader before the first request of DFU. */
async function meet(device: DfuDevice, facts: DfuFacts, { clock, signal, habits }: LoaderOptions): Promise<Loader> {
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
    // A device with one setting is in it, and may refuse to be told so (USB 2.0, section 9.4.10).
    alternate: memories.length === 1 && memories[0]?.alternate === 0 ? 0 : null,
  }
  const { interfaceNumber } = facts
  const visit = newVisit(state, { device, interfaceNumber, clock, signal, detachIndex: detachIndexOf(facts, habits) })
  return { visit, facts, habits, memories, protocol, blank: new Set(), hasMoved: false }
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

function sessionOf(loader: Loader): LoaderSession {
  const { visit, facts, memories, protocol } = loader
  const close = () => visit.link.device.close()
  return {
    protocol,
    descriptors: facts,
    memories,
    canUpload: facts.canUpload,
    canDownload: facts.canDownload,
    isManifestationTolerant: facts.isManifestationTolerant,
    transferBytes: facts.transferBytes,
    get transfers() {
      return visit.transfers
    },
    write: (request) => writeLoader(loader, request),
    compare: (request) => compareLoader(loader, request),
    read: (request) => readLoader(loader, request),
    massErase: (alternate) => eraseLoader(loader, alternate),
    readUnprotect: () => unprotectLoader(loader),
    leave: (address) => leaveLoader(loader, address),
    reset: () => resetLoader(loader),
    close,
    [Symbol.asyncDispose]: close,
  }
}
