// The operations of a loader session: plain DFU and DfuSe under one set of requests, and what must be refused before a byte
// moves.

import { Fault } from '../../../shared/fault/fault.ts'
import { addressText } from '../../../shared/model/address.ts'
import { surveyWrite, type WriteJob, writeMemory } from './download.ts'
import { sha256Hasher } from './drive.ts'
import { type Loader, work } from './loader.ts'
import type { LoaderMemory } from './loader-memories.ts'
import type { Ending } from './manifest.ts'
import { endOfReadable, type MemoryMap } from './memory-map.ts'
import { downloadPlain } from './plain-download.ts'
import { comparePlain, mostUploadBytes, uploadPlain } from './plain-upload.ts'
import { type DfuListener, meter } from './progress.ts'
import { type CompareReport, compareMemory, readMemory } from './upload.ts'
import { eraseAll, removeProtection } from './whole-memory.ts'

export interface LoaderPlace {
  readonly alternate: number
  /** null for plain DFU, which has none. */
  readonly address: number | null
  readonly onProgress?: DfuListener
}
export interface WriteLoaderRequest extends LoaderPlace {
  readonly data: Uint8Array
  /** DfuSe: false where the device erases by itself, or the bytes go to memory that needs no erase. */
  readonly erase: boolean
}
export interface CompareLoaderRequest extends LoaderPlace {
  readonly expected: Uint8Array
  /** Stop at the first block that differs, for DfuSe at the first that is not blank besides; default false. */
  readonly stopEarly?: boolean
}
export interface ReadLoaderRequest extends LoaderPlace {
  readonly sizeBytes: number | null
}

/** How a plain download ended; DfuSe has no manifestation in a write, and ends in "idle". */
export interface LoaderWriteReport extends Ending {
  readonly writtenBytes: number
  readonly erasedBytes: number
}

export async function writeLoader(loader: Loader, request: WriteLoaderRequest): Promise<LoaderWriteReport> {
  if (!loader.facts.canDownload)
    throw new Fault('DFU_DOWNLOAD_UNSUPPORTED', 'the device says that it takes no download')
  const memory = memoryOf(loader, request.alternate)
  loader.hasMoved = true
  return loader.protocol === 'dfuse' ? writeDfuse(loader, memory, request) : writePlain(loader, request)
}

async function writePlain(loader: Loader, request: WriteLoaderRequest): Promise<LoaderWriteReport> {
  const { visit } = loader
  const { alternate, address, data, onProgress } = request
  refuseAddress(address)
  const machine = downloadPlain(visit.state, { alternate, data })
  const ending = await work(loader, machine, meter(onProgress, { written: data.length }))
  return { ...ending, writtenBytes: data.length, erasedBytes: 0 }
}

async function writeDfuse(
  loader: Loader,
  memory: LoaderMemory,
  request: WriteLoaderRequest,
): Promise<LoaderWriteReport> {
  const { visit, blank } = loader
  const { alternate, data, erase, onProgress } = request
  if (!memory.map && erase && !blank.has(alternate)) {
    throw new Fault(
      'DFU_NO_MEMORY_MAP',
      `alternate setting ${alternate}, ${nameOf(memory)}: what to erase is not known`,
    )
  }
  const job: WriteJob = { map: mapOf(memory), alternate, address: addressOf(request), data, erase }
  const { dueBytes, runBytes } = surveyWrite(visit.state, job)
  const takeNews = meter(onProgress, { erased: dueBytes, written: runBytes })
  const { bornStalls } = visit.state
  const { writtenBytes, erasedBytes } = await work(loader, writeMemory(visit.state, job), takeNews)
  const isConfirmed = visit.state.bornStalls === bornStalls
  return { writtenBytes, erasedBytes, ended: 'idle', lastState: 'dfuDNLOAD-IDLE', isConfirmed }
}

export async function compareLoader(loader: Loader, request: CompareLoaderRequest): Promise<CompareReport> {
  const { visit, protocol } = loader
  const { alternate, expected, stopEarly = false, onProgress } = request
  const memory = readable(loader, alternate)
  const takeNews = meter(onProgress, { read: expected.length })
  if (protocol === 'dfu') {
    refuseAddress(request.address)
    return work(loader, comparePlain(visit.state, { alternate, expected, stopEarly, hasher: sha256Hasher() }), takeNews)
  }
  const job = { map: mapOf(memory), alternate, address: addressOf(request), expected, hasher: sha256Hasher() }
  return work(loader, compareMemory(visit.state, { ...job, stopEarly }), takeNews)
}

export async function readLoader(loader: Loader, request: ReadLoaderRequest): Promise<Uint8Array> {
  const { visit, protocol } = loader
  const { alternate, sizeBytes, onProgress } = request
  const memory = readable(loader, alternate)
  if (protocol === 'dfuse') return readDfuse(loader, memory, request)
  refuseAddress(request.address)
  const totals = sizeBytes === null ? {} : { read: sizeBytes }
  const blocks = await work(loader, uploadPlain(visit.state, { alternate, sizeBytes }), meter(onProgress, totals))
  const bytes = Buffer.concat(blocks)
  if (sizeBytes === null || bytes.length === sizeBytes) return bytes
  throw new Fault('DFU_PROTOCOL', `the device ended its upload after ${bytes.length} of ${sizeBytes} bytes`)
}

async function readDfuse(loader: Loader, memory: LoaderMemory, request: ReadLoaderRequest): Promise<Uint8Array> {
  const { visit } = loader
  const map = mapOf(memory)
  const address = request.address ?? memory.map?.segments[0]?.startAddress ?? addressOf(request)
  const sizeBytes = request.sizeBytes ?? readableFrom(memory, address)
  const bytes = new Uint8Array(sizeBytes)
  const machine = readMemory(visit.state, { map, alternate: memory.alternate, address, sizeBytes }, (at, block) => {
    bytes.set(block, at - address)
    return 'go on'
  })
  await work(loader, machine, meter(request.onProgress, { read: sizeBytes }))
  return bytes
}

/** How many bytes may be read from there on without a gap. */
function readableFrom(memory: LoaderMemory, address: number): number {
  if (!memory.map) throw new Fault('DFU_NO_MEMORY_MAP', `${nameOf(memory)}: how much there is to read is not known`)
  const end = endOfReadable(memory.map, address)
  if (end === address)
    throw new Fault('DFU_ADDRESS_FORBIDDEN', `${nameOf(memory)}: nothing to read at ${addressText(address)}`)
  const sizeBytes = end - address
  if (sizeBytes <= mostUploadBytes) return sizeBytes
  throw new Fault('DFU_ADDRESS_FORBIDDEN', `${nameOf(memory)}: ${sizeBytes} bytes are too many to read at once`)
}

export async function eraseLoader(loader: Loader, alternate: number): Promise<void> {
  const { visit, blank } = loader
  const memory = memoryOf(loader, alternate)
  mustBeDfuse(loader, 'mass erase')
  await work(loader, eraseAll(visit.state, alternate), () => {})
  blank.add(memory.alternate)
  visit.state.erased.markAllErased(alternate)
}

export async function unprotectLoader(loader: Loader): Promise<'gone' | 'idle'> {
  const { visit, memories } = loader
  mustBeDfuse(loader, 'removal of the read protection')
  const alternate = visit.state.alternate ?? memories[0]?.alternate ?? 0
  return work(loader, removeProtection(visit.state, alternate), () => {})
}

function mustBeDfuse({ protocol }: Loader, act: string): void {
  if (protocol !== 'dfuse') throw new Fault('DFU_PROTOCOL', `${act}: plain DFU knows no such command`)
}

function readable(loader: Loader, alternate: number): LoaderMemory {
  const { facts, habits } = loader
  if (!facts.canUpload) {
    const why = habits.ignoreUpload ? 'its uploads are known to be broken' : 'it says so in its descriptors'
    throw new Fault('DFU_UPLOAD_UNSUPPORTED', `the device cannot upload: ${why}`)
  }
  const memory = memoryOf(loader, alternate)
  loader.hasMoved = true
  return memory
}

function memoryOf({ memories }: Loader, alternate: number): LoaderMemory {
  const memory = memories.find((each) => each.alternate === alternate)
  if (memory) return memory
  throw new Fault('DFU_PROTOCOL', `the device has no alternate setting ${alternate}`)
}

/** Where a memory has no map nothing is known to be barred, and nothing can be erased sector by sector. */
const unknownMap: MemoryMap = {
  name: '',
  segments: [
    { startAddress: 0, sectorBytes: 2 ** 32, sectorCount: 1, isReadable: true, isErasable: false, isWritable: true },
  ],
}

function mapOf({ map }: LoaderMemory): MemoryMap {
  return map ?? unknownMap
}

function nameOf({ name }: LoaderMemory): string {
  return name === null ? 'a memory without a name' : `memory "${name}"`
}

function addressOf({ address }: LoaderPlace): number {
  if (address === null) throw new Fault('INTERNAL', 'DfuSe was asked to work without an address')
  return address
}

function refuseAddress(address: number | null): void {
  if (address !== null) throw new Fault('INTERNAL', `plain DFU was asked to work at address ${addressText(address)}`)
}
