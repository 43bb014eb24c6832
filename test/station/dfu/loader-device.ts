// A DFU device for these tests, written from the state tables of USB DFU 1.1 and of DfuSe, with a USB interface to be driven
// through and a clock that only moves when somebody waits. Everything about it can be made to go wrong.
import type { Clock } from '../../../src/main/station/ports.ts'
import type { ControlSetup, TransferOptions, UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { parsePortPath } from '../../../src/shared/model/ids.ts'

export interface LoaderOptions {
  readonly protocol?: 'dfu' | 'dfuse'
  readonly base?: number
  readonly sizeBytes?: number
  readonly sectorBytes?: number
  /** wTransferSize, and by what DfuSe counts blocks. */
  readonly transferBytes?: number
  /** What its descriptor says instead. */
  readonly announcedTransferBytes?: number
  readonly attributes?: number
  readonly version?: number
  /** Interface strings, one an alternate setting; null has none. The first is the memory map under DfuSe. */
  readonly names?: readonly (string | null)[]
  readonly configuration?: Uint8Array
  readonly serialNumber?: Uint8Array | null
  readonly workMs?: number
  readonly pollMs?: number
  readonly manifestMs?: number
  readonly state?: number
  readonly status?: number
  /** After a manifestation that it does not tolerate. */
  readonly ending?: 'answers' | 'stalls' | 'silent' | 'gone'
  readonly isReadProtected?: boolean
  /** DfuSe: answers an upload of block 0; default true. */
  readonly listsCommands?: boolean
}

export type Name =
  | 'DETACH'
  | 'DNLOAD'
  | 'UPLOAD'
  | 'GETSTATUS'
  | 'CLRSTATUS'
  | 'GETSTATE'
  | 'ABORT'
  | 'SELECT'
  | 'STRING'
export interface Seen {
  readonly name: Name
  readonly value: number
  readonly index: number
  readonly lengthBytes: number
}
export type Reply = 'ok' | 'stall' | 'silent' | 'gone' | Uint8Array

const names = ['DETACH', 'DNLOAD', 'UPLOAD', 'GETSTATUS', 'CLRSTATUS', 'GETSTATE', 'ABORT'] as const
const transferMs = 1
const none = new Uint8Array(0)

export class LoaderDevice implements UsbDevice, Clock {
  readonly portPath = parsePortPath('1-1') ?? (undefined as never)
  readonly deviceAddress = 2
  readonly vendorId = 0x1209
  readonly productId = 0x0002
  readonly deviceRelease = 0x0100
  readonly serialNumberIndex = 3
  readonly manufacturerIndex = 0
  readonly productIndex = 0
  readonly memory: Uint8Array
  readonly log: Seen[] = []
  readonly waits: number[] = []
  readonly erasedAt: number[] = []
  readonly claimed: number[] = []
  resets = 0
  isOpen = false
  isGone = false
  elapsedMs = 0
  state: number
  status: number
  stringIndex = 0
  alternate = 0
  pointer = 0
  /** Plain DFU: where a block goes follows from its number, or from what came before. */
  blocksBy: 'number' | 'order' = 'number'
  /** Overrules an answer: gets what would happen, and does it or not. */
  meddle: ((seen: Seen, honest: () => Reply) => Reply) | null = null
  /** What becomes of a block that is to be written: true loses it. */
  loses: ((block: number) => boolean) | null = null
  /** Status with which the work of a block or a command fails. */
  fails: ((block: number, data: Uint8Array) => number) | null = null
  readonly #options: LoaderOptions
  #pending: { readonly block: number; readonly data: Uint8Array } | null = null
  #busyUntilMs = 0
  #erased = new Set<number>()
  #movedBytes = 0

  constructor(options: LoaderOptions = {}) {
    this.#options = options
    this.memory = new Uint8Array(options.sizeBytes ?? 4096).fill(0x5a)
    this.state = options.state ?? 2
    this.status = options.status ?? 0
  }

  get base(): number {
    return this.#options.base ?? 0x08000000
  }
  get transferBytes(): number {
    return this.#options.transferBytes ?? 64
  }
  get sent(): readonly Name[] {
    return this.log.map(({ name }) => name).filter((name) => name !== 'STRING')
  }

  now = (): number => this.elapsedMs
  monotonic = (): number => this.elapsedMs
  sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted()
    this.waits.push(ms)
    this.elapsedMs += ms
  }

  configuration(): Uint8Array {
    const { configuration, protocol = 'dfu', attributes = 0x0b } = this.#options
    if (configuration) return configuration
    const version = this.#options.version ?? (protocol === 'dfuse' ? 0x011a : 0x0110)
    const alternates = this.#names().map((name, at) => interfaceBytes(at, name === null ? 0 : 10 + at))
    return Uint8Array.from([
      ...head,
      ...alternates.flat(),
      ...functionalBytes(attributes, this.#options.announcedTransferBytes ?? this.transferBytes, version),
    ])
  }
  async open(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.isGone) throw gone()
    this.isOpen = true
  }
  async claim(interfaceNumber: number): Promise<void> {
    this.claimed.push(interfaceNumber)
  }
  async release(): Promise<void> {}
  async close(): Promise<void> {
    this.isOpen = false
  }
  async reset(): Promise<void> {
    if (this.isGone) throw gone()
    this.resets += 1
  }
  async selectAlternate(_: number, alternate: number): Promise<void> {
    const seen: Seen = { name: 'SELECT', value: alternate, index: 0, lengthBytes: 0 }
    this.#finish(seen, { timeoutMs: 5000 }, () => {
      if (alternate >= this.#names().length) return 'stall'
      this.alternate = alternate
      return 'ok'
    })
  }
  async controlIn(setup: ControlSetup, lengthBytes: number, options: TransferOptions): Promise<Uint8Array> {
    const seen = seenOf(setup, lengthBytes)
    const reply = this.#finish(seen, options, () => {
      if (seen.name === 'STRING') return this.#string(setup.value & 0xff)
      return this.#request(seen, none)
    })
    return (reply === 'ok' ? none : reply).subarray(0, lengthBytes)
  }
  async controlOut(setup: ControlSetup, data: Uint8Array, options: TransferOptions): Promise<void> {
    const seen = seenOf(setup, data.length)
    this.#finish(seen, options, () => this.#request(seen, data))
  }

  #finish(seen: Seen, { timeoutMs }: { readonly timeoutMs: number }, honest: () => Reply): Uint8Array | 'ok' {
    if (!this.isOpen) throw new Error('a transfer on a device that is not open')
    this.log.push(seen)
    this.elapsedMs += transferMs
    if (this.isGone) throw gone()
    const reply = this.meddle ? this.meddle(seen, honest) : honest()
    if (reply === 'stall') throw new Fault('USB_STALL', seen.name)
    if (reply === 'gone') {
      this.isGone = true
      throw gone()
    }
    if (reply !== 'silent') return reply
    this.elapsedMs += timeoutMs
    throw new Fault('USB_TIMEOUT', seen.name)
  }

  #names(): readonly (string | null)[] {
    const { protocol, names: told } = this.#options
    return told ?? [protocol === 'dfuse' ? this.mapText() : 'Program']
  }
  mapText(letter = 'g'): string {
    const sectorBytes = this.#options.sectorBytes ?? 256
    const count = this.memory.length / sectorBytes
    return `@Flash  /0x${this.base.toString(16).padStart(8, '0')}/${count}*${sectorBytes}B${letter}`
  }
  #string(index: number): Reply {
    const { serialNumber } = this.#options
    if (index === this.serialNumberIndex && serialNumber)
      return Uint8Array.from([serialNumber.length + 2, 3, ...serialNumber])
    const text = index === 99 ? 'the maker says no' : this.#names()[index - 10]
    if (text === undefined || text === null) return 'stall'
    return Uint8Array.from([text.length * 2 + 2, 3, ...Buffer.from(text, 'utf16le')])
  }

  #request(seen: Seen, data: Uint8Array): Reply {
    switch (seen.name) {
      case 'DNLOAD':
        return this.#download(seen.value, data)
      case 'UPLOAD':
        return this.#upload(seen)
      case 'GETSTATUS':
        return this.#getStatus()
      case 'GETSTATE':
        return Uint8Array.of(this.state)
      case 'CLRSTATUS':
        return this.state === 10 ? this.#enter(2) : this.fail(0x0f)
      case 'ABORT':
        return [2, 3, 5, 6, 9].includes(this.state) ? this.#enter(2) : this.fail(0x0f)
      case 'DETACH':
        if (this.state === 0) return this.#enter(1)
        return this.state === 2 ? 'gone' : this.fail(0x0f)
      default:
        return 'stall'
    }
  }

  #download(block: number, data: Uint8Array): Reply {
    if (this.state !== 2 && this.state !== 5) return this.fail(0x0f)
    if (data.length > this.transferBytes) return this.fail(0x0f)
    if (data.length === 0 && this.state === 2 && this.#options.protocol !== 'dfuse') return this.fail(0x0f)
    if (data.length === 0) return this.#enter(6)
    if (this.state === 2) this.#erased.clear()
    if (this.state === 2) this.#movedBytes = 0
    this.#pending = { block, data: data.slice() }
    return this.#enter(3)
  }

  #upload({ value, lengthBytes }: Seen): Reply {
    if (this.state !== 2 && this.state !== 9) return this.fail(0x0f)
    const isDfuse = this.#options.protocol === 'dfuse'
    if (isDfuse && value === 0 && this.#options.listsCommands !== false) {
      this.#enter(2)
      return Uint8Array.of(0x00, 0x21, 0x41, 0x92)
    }
    if (this.#options.isReadProtected) return this.fail(0x0b)
    if (isDfuse && value < 2) return this.fail(0x0e)
    if (this.state === 2) this.#movedBytes = 0
    const from = isDfuse ? this.pointer - this.base + (value - 2) * this.transferBytes : this.#placeOf(value)
    if (isDfuse && (from < 0 || from + lengthBytes > this.memory.length)) return this.fail(0x08)
    const bytes = this.memory.slice(from, from + lengthBytes)
    this.#movedBytes += bytes.length
    this.#enter(bytes.length < lengthBytes ? 2 : 9)
    return bytes
  }

  #getStatus(): Reply {
    const isWorking = this.elapsedMs < this.#busyUntilMs
    if (this.state === 4 && !isWorking) this.#enter(5)
    if (this.state === 3) return this.#begin()
    if (this.state === 6) return this.#manifest()
    if (this.state === 7 && !isWorking) return this.#afterManifest()
    return this.statusReply(this.#options.pollMs ?? 0)
  }

  #begin(): Reply {
    const pending = this.#pending
    this.#pending = null
    const status = pending ? this.#work(pending.block, pending.data) : 0
    if (status !== 0) {
      this.fail(status)
      return this.statusReply(0)
    }
    const { workMs = 0, pollMs = workMs } = this.#options
    this.#busyUntilMs = this.elapsedMs + workMs
    this.#enter(workMs > 0 ? 4 : 5)
    return this.statusReply(pollMs)
  }

  #manifest(): Reply {
    const { manifestMs = 0, pollMs = manifestMs } = this.#options
    this.#busyUntilMs = this.elapsedMs + manifestMs
    this.#enter(7)
    return this.statusReply(pollMs)
  }

  #afterManifest(): Reply {
    if (((this.#options.attributes ?? 0x0b) & 4) !== 0) {
      this.#enter(2)
      return this.statusReply(0)
    }
    const { ending = 'answers' } = this.#options
    if (ending === 'silent' || ending === 'gone') return ending
    if (ending === 'stalls') return 'stall'
    this.#enter(8)
    return this.statusReply(0)
  }

  #work(block: number, data: Uint8Array): number {
    const failure = this.fails?.(block, data) ?? 0
    if (failure !== 0) return failure
    const isDfuse = this.#options.protocol === 'dfuse'
    if (isDfuse && block === 0) return this.#command(data)
    if (this.#options.isReadProtected) return 0x0b
    if (this.loses?.(block)) return 0
    const from = isDfuse ? this.pointer - this.base + (block - 2) * this.transferBytes : this.#placeOf(block)
    this.#movedBytes += data.length
    if (from < 0 || from + data.length > this.memory.length) return 0x08
    if (!isDfuse) this.#eraseFor(from, data.length)
    for (const [at, byte] of data.entries()) this.memory[from + at] = (this.memory[from + at] ?? 0) & byte
    return 0
  }

  #placeOf(block: number): number {
    return this.blocksBy === 'order' ? this.#movedBytes : block * this.transferBytes
  }
  #eraseFor(from: number, sizeBytes: number): void {
    const sectorBytes = this.#options.sectorBytes ?? 256
    for (let at = from - (from % sectorBytes); at < from + sizeBytes; at += sectorBytes) {
      if (this.#erased.has(at)) continue
      this.#erased.add(at)
      this.memory.fill(0xff, at, at + sectorBytes)
    }
  }

  #command(data: Uint8Array): number {
    const address = data.length === 5 ? new DataView(data.buffer).getUint32(1, true) : null
    if (data[0] === 0x21 && address !== null) {
      this.pointer = address
      return 0
    }
    if (data[0] === 0x92 && data.length === 1) {
      this.memory.fill(0xff)
      return 0
    }
    if (data[0] !== 0x41) return 0x0f
    if (address === null) this.memory.fill(0xff)
    else if (address < this.base || address >= this.base + this.memory.length) return 0x01
    else this.#eraseSector(address - this.base)
    return 0
  }

  #eraseSector(offset: number): void {
    const sectorBytes = this.#options.sectorBytes ?? 256
    const start = offset - (offset % sectorBytes)
    this.erasedAt.push(this.base + start)
    this.memory.fill(0xff, start, start + sectorBytes)
  }

  #enter(state: number): Reply {
    this.state = state
    this.status = 0
    return 'ok'
  }
  fail(status: number): Reply {
    this.state = 10
    this.status = status
    return 'stall'
  }
  /** Back on the bus, as after a reset, in dfuIDLE. */
  returns(): void {
    this.isGone = false
    this.#pending = null
    this.#enter(2)
  }
  statusReply(pollMs: number): Uint8Array {
    return statusBytes({ status: this.status, pollMs, state: this.state, stringIndex: this.stringIndex })
  }
}

export function statusBytes(told: {
  status?: number
  pollMs?: number
  state: number
  stringIndex?: number
}): Uint8Array {
  const { status = 0, pollMs = 0, state, stringIndex = 0 } = told
  return Uint8Array.of(status, pollMs & 0xff, (pollMs >> 8) & 0xff, (pollMs >> 16) & 0xff, state, stringIndex)
}

export const head = [9, 2, 0, 0, 1, 1, 0, 0x80, 0x32]

export function interfaceBytes(alternate: number, stringIndex: number, { protocol = 2, number = 0 } = {}): number[] {
  return [9, 4, number, alternate, 0, 0xfe, 1, protocol, stringIndex]
}

export function functionalBytes(attributes: number, transferBytes: number, version: number): number[] {
  return [9, 0x21, attributes, 0xff, 0, transferBytes & 0xff, transferBytes >> 8, version & 0xff, version >> 8]
}

function seenOf({ requestType, request, value, index }: ControlSetup, lengthBytes: number): Seen {
  const isString = requestType === 0x80 && request === 6 && value >> 8 === 3
  const name = isString ? 'STRING' : names[request]
  if (name === undefined) throw new Error(`request ${request} is none of DFU`)
  return { name, value, index, lengthBytes }
}

function gone(): Fault {
  return new Fault('USB_GONE', 'test')
}
