// A visit to one board in DFU mode: opens it, brings it home, learns its memories, and then reads, writes, compares and
// leaves, one operation at a time. The machines decide; drive.ts acts. It must not know modules, plans or jobs.
import { Fault } from '../../../shared/fault/fault.ts'
import type { Clock } from '../ports.ts'
import { type DfuDescriptors, parseDfuDescriptors } from './descriptors.ts'
import { eraseMemory, surveyWrite, type WriteJob, type WriteReport, writeMemory } from './download.ts'
import { type DfuDevice, drive, readInterfaceName, sha256Hasher } from './drive.ts'
import { createErasedSectors } from './erased-sectors.ts'
import { type DfuFamilyName, dfuFamilies } from './families.ts'
import { home } from './home.ts'
import { type LeaveReport, leaveDfu } from './leave.ts'
import { type LookReport, lookAt } from './look.ts'
import { isLocked, isMemoryMap, type MemoryMap, parseMemoryMap } from './memory-map.ts'
import { type DfuListener, meter } from './progress.ts'
import type { SessionState } from './session-state.ts'
import { type CompareReport, compareMemory, readMemory } from './upload.ts'
import { newVisit, run, type Visit } from './visit.ts'

export interface DfuOptions {
  readonly clock: Clock
  /** Aborts whatever the session waits for; the operation then throws and nothing more is sent. */
  readonly signal: AbortSignal
  readonly family: DfuFamilyName
}

export interface DfuPlace {
  readonly alternate: number
  readonly address: number
  readonly onProgress?: DfuListener
}
export interface WriteRequest extends DfuPlace {
  readonly data: Uint8Array
  /** False writes without erasing (DCT); true, the default, erases what the map says is erasable and not yet blank. */
  readonly erase?: boolean
  /** Sectors that a look at the same data has found to hold it already: they are left alone. */
  readonly held?: LookReport['held']
}
export interface LookRequest extends DfuPlace {
  readonly expected: Uint8Array
  /** False where it is known that the range holds something else: only a blank end can spare an erase then. */
  readonly mayHold: boolean
}
export interface CompareRequest extends DfuPlace {
  readonly expected: Uint8Array
  /** Stop at the first block that differs and is not blank; default false. */
  readonly stopEarly?: boolean
}
export interface RangeRequest extends DfuPlace {
  readonly sizeBytes: number
}

/**
 * One operation at a time. Every operation throws Faults: USB_* of the seam, DFU_*, DEVICE_PROTECTED, JOB_ABORTED.
 * After a fault the session may be used again; the next operation first brings the board back to dfuIDLE.
 */
export interface DfuSession {
  readonly descriptors: DfuDescriptors
  /** True when every memory the board announces is locked (security mode). */
  readonly isLocked: boolean
  /** Transfers sent to the board since the session was opened. */
  readonly transfers: number
  /** Throws DFU_PROTOCOL when the board has no such alternate setting or its name is no memory map. */
  memory(alternate: number): MemoryMap
  /** Reads as much of the range as promises to spare erasing and writing it; which sectors hold their bytes. */
  look(request: LookRequest): Promise<LookReport>
  write(request: WriteRequest): Promise<WriteReport>
  /** Erases the sectors the range touches, unless known to be blank; gives the number of bytes erased. */
  erase(request: RangeRequest): Promise<number>
  compare(request: CompareRequest): Promise<CompareReport>
  read(request: RangeRequest): Promise<Uint8Array>
  /** Starts the firmware; afterwards only close() may be called. `address` matters to generic devices only. */
  leave(address: number): Promise<LeaveReport>
  /** Releases and closes the device. Never throws; sends no DFU request. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens the device, claims its DFU interface, brings it to dfuIDLE. On a fault the device is closed again. */
export async function openDfu(device: DfuDevice, options: DfuOptions): Promise<DfuSession> {
  await device.open(options.signal)
  try {
    const descriptors = parseDfuDescriptors(device.configuration())
    await device.claim(descriptors.interfaceNumber)
    const visit = boardVisit(device, descriptors, options)
    await drive(home(visit.state), visit.link)
    for (const { alternate, stringIndex } of descriptors.alternates) {
      const name = await readInterfaceName(visit.link, stringIndex)
      if (name !== null) visit.names.set(alternate, name)
    }
    return sessionOf(visit, descriptors)
  } catch (thrown) {
    await device.close()
    throw thrown
  }
}

/** A visit, and the names of the memories. */
type BoardVisit = Visit & { readonly names: Map<number, string> }

function boardVisit(device: DfuDevice, descriptors: DfuDescriptors, { family, clock, signal }: DfuOptions): BoardVisit {
  const facts = dfuFamilies[family]
  const state: SessionState = {
    family: facts,
    blockBytes: facts.blockBytes ?? descriptors.transferBytes,
    erased: createErasedSectors(),
    phase: 'unknown',
    promptAt: new Set(),
    bornStalls: 0,
    alternate: null,
  }
  const { interfaceNumber } = descriptors
  return Object.assign(newVisit(state, { device, interfaceNumber, clock, signal }), {
    names: new Map<number, string>(),
  })
}

function sessionOf(visit: BoardVisit, descriptors: DfuDescriptors): DfuSession {
  const { link, state } = visit
  const memory = (alternate: number) => memoryOf(visit, alternate)
  const close = () => link.device.close()
  return {
    descriptors,
    get isLocked() {
      const maps = [...visit.names.values()].filter(isMemoryMap).map(parseMemoryMap)
      return maps.length > 0 && maps.every(isLocked)
    },
    get transfers() {
      return visit.transfers
    },
    memory,
    look: async ({ alternate, address, expected, mayHold, onProgress }) => {
      const job = { map: memory(alternate), alternate, address, expected, mayHold, hasher: sha256Hasher() }
      return run(visit, lookAt(state, job), meter(onProgress, { read: expected.length }))
    },
    write: (request) => write(visit, request),
    erase: async ({ alternate, address, sizeBytes, onProgress }) => {
      const job = { map: memory(alternate), alternate, address, sizeBytes }
      return run(visit, eraseMemory(state, job), meter(onProgress, { erased: sizeBytes }))
    },
    compare: async ({ alternate, address, expected, stopEarly = false, onProgress }) => {
      const job = { map: memory(alternate), alternate, address, expected, stopEarly, hasher: sha256Hasher() }
      return run(visit, compareMemory(state, job), meter(onProgress, { read: expected.length }))
    },
    read: (request) => read(visit, request),
    leave: (address) => run(visit, leaveDfu(state, address), () => {}),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function write(visit: BoardVisit, request: WriteRequest): Promise<WriteReport> {
  const { alternate, address, data, erase = true, held = new Set(), onProgress } = request
  const job: WriteJob = { map: memoryOf(visit, alternate), alternate, address, data, erase, held }
  const { dueBytes, runBytes } = surveyWrite(visit.state, job)
  return run(visit, writeMemory(visit.state, job), meter(onProgress, { erased: dueBytes, written: runBytes }))
}

async function read(visit: BoardVisit, request: RangeRequest): Promise<Uint8Array> {
  const { alternate, address, sizeBytes, onProgress } = request
  const job = { map: memoryOf(visit, alternate), alternate, address, sizeBytes }
  const bytes = new Uint8Array(sizeBytes)
  const machine = readMemory(visit.state, job, (at, block) => {
    bytes.set(block, at - address)
    return 'go on'
  })
  await run(visit, machine, meter(onProgress, { read: sizeBytes }))
  return bytes
}

function memoryOf(visit: BoardVisit, alternate: number): MemoryMap {
  const name = visit.names.get(alternate)
  if (name !== undefined) return parseMemoryMap(name)
  throw new Fault('DFU_PROTOCOL', `the board names no memory for alternate setting ${alternate}`)
}
