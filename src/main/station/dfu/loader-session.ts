// A visit to any device in DFU mode that is no Particle board: plain DFU or DfuSe, as its descriptors and its habits say.
// One operation at a time; the machines decide, drive.ts acts. It must not know files, recipes or jobs.
import { Fault } from '../../../shared/fault/fault.ts'
import type { DfuProtocol } from '../../../shared/model/dfu-identity.ts'
import type { DfuDevice } from './drive.ts'
import type { DfuFacts } from './facts.ts'
import type { Loader } from './loader.ts'
import { type LoaderLeave, leaveLoader, resetLoader } from './loader-leave.ts'
import type { LoaderMemory } from './loader-memories.ts'
import { factsToServe, type LoaderOptions, meet, namesOf } from './loader-open.ts'
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
import type { CompareReport } from './upload.ts'

/**
 * One operation at a time. Every operation throws Faults: USB_* of the seam, DFU_*, READ_PROTECTED, JOB_ABORTED. After a
 * fault the session may be used again; the next operation first brings the device back to dfuIDLE.
 */
export interface LoaderSession {
  readonly protocol: DfuProtocol
  /** Of its first DFU interface, as the habits correct them. */
  readonly descriptors: DfuFacts
  /** Those of further DFU interfaces come behind those of the first, with numbers that go on. */
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
  const facts = factsToServe(device, options)
  await device.open(options.signal)
  try {
    const loaders: Loader[] = []
    for (const each of facts) loaders.push(await namesOf(device, each, options))
    const [first, ...others] = loaders
    if (!first) throw new Fault('INTERNAL', 'no DFU interface to open')
    await meet(first)
    return sessionOf(first, others)
  } catch (thrown) {
    await device.close()
    throw thrown
  }
}

/** One DFU interface, and what its alternate settings are numbered from. */
interface Room {
  readonly loader: Loader
  readonly firstNumber: number
}

function sessionOf(first: Loader, others: readonly Loader[]): LoaderSession {
  const { facts, protocol, visit } = first
  const rooms = roomsOf([first, ...others])
  let current: Room = { loader: first, firstNumber: 0 }
  const alone = oneAtATime()
  /** Does something with a memory, in the interface that it is behind. */
  const at = <R extends Place, T>(request: R, act: (loader: Loader, own: R) => Promise<T>): Promise<T> =>
    alone(async () => {
      current = roomOf(rooms, request.alternate) ?? current
      const { loader, firstNumber } = current
      if (!loader.isMet) await meet(loader)
      return act(loader, { ...request, alternate: request.alternate - firstNumber })
    })
  const close = () => visit.link.device.close()
  return {
    protocol,
    descriptors: facts,
    memories: rooms.flatMap(numbered),
    canUpload: facts.canUpload,
    canDownload: facts.canDownload,
    isManifestationTolerant: facts.isManifestationTolerant,
    transferBytes: facts.transferBytes,
    get transfers() {
      return rooms.reduce((sum, { loader }) => sum + loader.visit.transfers, 0)
    },
    write: (request) => at(request, writeLoader),
    compare: (request) => at(request, compareLoader),
    read: (request) => at(request, readLoader),
    massErase: (alternate) => at({ alternate }, (loader, own) => eraseLoader(loader, own.alternate)),
    readUnprotect: () => alone(() => unprotectLoader(current.loader)),
    leave: (address) => alone(() => leaveLoader(current.loader, address)),
    reset: () => alone(() => resetLoader(current.loader)),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Rejects with INTERNAL what is begun while something else is under way. */
function oneAtATime(): <T>(act: () => Promise<T>) => Promise<T> {
  let isBusy = false
  return async (act) => {
    if (isBusy) throw new Fault('INTERNAL', 'a DFU operation is already running on this device')
    isBusy = true
    try {
      return await act()
    } finally {
      isBusy = false
    }
  }
}

type Place = { readonly alternate: number }

function roomsOf(loaders: readonly Loader[]): readonly Room[] {
  let firstNumber = 0
  return loaders.map((loader) => {
    const room = { loader, firstNumber }
    firstNumber += 1 + Math.max(-1, ...loader.memories.map(({ alternate }) => alternate))
    return room
  })
}

function numbered({ loader, firstNumber }: Room): readonly LoaderMemory[] {
  return loader.memories.map((memory) => ({ ...memory, alternate: memory.alternate + firstNumber }))
}

function roomOf(rooms: readonly Room[], number: number): Room | undefined {
  return rooms.find((room) => numbered(room).some(({ alternate }) => alternate === number))
}
