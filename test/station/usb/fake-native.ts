// A stand-in for the native library with its manners: one object per device, errors with an errno, a close that refuses
// while a transfer is pending, and a cancel that ends the transfer later. It keeps a journal of what was asked.
import type { Log } from '../../../src/main/station/ports.ts'
import type {
  NativeConfiguration,
  NativeDevice,
  NativeDone,
  NativeTransfer,
  NativeUsb,
  TransferDone,
} from '../../../src/main/station/usb/native-usb.ts'

export function nativeError(errno: number): Error {
  return Object.assign(new Error(`errno ${errno}`), { errno })
}

export const journalLog = (journal: string[]): Log => ({
  debug: () => {},
  info: () => {},
  warn: (text) => journal.push(`warn ${text}`),
  error: (text) => journal.push(`error ${text}`),
  child: () => journalLog(journal),
})

export interface FakePlace {
  readonly busNumber?: number
  readonly portNumbers?: readonly number[] | undefined
  readonly deviceClass?: number
  readonly configuration?: NativeConfiguration
}

export class FakeDevice implements NativeDevice {
  readonly busNumber: number
  readonly deviceAddress = 5
  readonly portNumbers: readonly number[] | undefined
  readonly deviceDescriptor: NativeDevice['deviceDescriptor']
  readonly configDescriptor: NativeConfiguration | undefined
  readonly allConfigDescriptors: readonly NativeConfiguration[] = []
  /** What happened, in order. */
  readonly journal: string[] = []
  /** Each open takes the next; none left: it works. */
  readonly openErrors: number[] = []
  /** Error of the next act on the thread pool. */
  actError: number | undefined
  pending = 0

  constructor(place: FakePlace = {}) {
    this.busNumber = place.busNumber ?? 2
    this.portNumbers = 'portNumbers' in place ? place.portNumbers : [1, 4]
    const bDeviceClass = place.deviceClass ?? 0
    const strings = { iManufacturer: 1, iProduct: 2, iSerialNumber: 3 }
    this.deviceDescriptor = { bDeviceClass, idVendor: 0x2b04, idProduct: 0xd00d, bcdDevice: 0x0102, ...strings }
    this.configDescriptor = place.configuration
  }

  __open(): void {
    this.journal.push('open')
    const errno = this.openErrors.shift()
    if (errno !== undefined) throw nativeError(errno)
  }

  __close(): void {
    if (this.pending > 0) throw new Error("Can't close device with a pending request")
    this.journal.push('close')
  }

  __claimInterface(interfaceNumber: number): void {
    this.journal.push(`claim ${interfaceNumber}`)
  }

  __releaseInterface(interfaceNumber: number, done: NativeDone): void {
    this.#act(`release ${interfaceNumber}`, done)
  }

  __setInterface(interfaceNumber: number, alternate: number, done: NativeDone): void {
    this.#act(`alternate ${interfaceNumber} ${alternate}`, done)
  }

  reset(done: NativeDone): void {
    this.#act('reset', done)
  }

  #act(name: string, done: NativeDone): void {
    const error = this.actError === undefined ? undefined : nativeError(this.actError)
    setImmediate(() => {
      this.journal.push(name)
      done(error)
    })
  }
}

/** answer: what comes, at once. silent: nothing, until cancelled. deaf: nothing, not even then. */
export type FakeAnswer =
  | { readonly kind: 'data'; readonly data: Uint8Array }
  | { readonly kind: 'taken'; readonly sizeBytes: number }
  | { readonly kind: 'status'; readonly errno: number }
  | { readonly kind: 'refused'; readonly errno: number }
  | { readonly kind: 'silent' }
  | { readonly kind: 'deaf' }

export class FakeUsb implements NativeUsb {
  present: FakeDevice[] = []
  /** Error of the next listing. */
  listError: Error | undefined
  answer: FakeAnswer = { kind: 'silent' }
  readonly submitted: Buffer[] = []
  hint: (() => void) | null = null
  /** Held for good: the library lets go of each only when nothing leads to its transfer any more. */
  readonly callbacks: TransferDone[] = []
  readonly transfers: WeakRef<NativeTransfer>[] = []

  listDevices(): readonly NativeDevice[] {
    if (this.listError !== undefined) throw this.listError
    return [...this.present]
  }

  onChange(listener: () => void): () => void {
    this.hint = listener
    return () => {
      this.hint = null
    }
  }

  createTransfer(device: NativeDevice, done: TransferDone): NativeTransfer {
    const transfer = new FakeTransfer(device as FakeDevice, this, done)
    this.callbacks.push(done)
    this.transfers.push(new WeakRef(transfer))
    return transfer
  }
}

class FakeTransfer implements NativeTransfer {
  readonly #device: FakeDevice
  readonly #usb: FakeUsb
  readonly #done: TransferDone
  #buffer: Buffer | null = null

  constructor(device: FakeDevice, usb: FakeUsb, done: TransferDone) {
    this.#device = device
    this.#usb = usb
    this.#done = done
  }

  submit(buffer: Buffer): void {
    const { answer } = this.#usb
    if (answer.kind === 'refused') throw nativeError(answer.errno)
    this.#usb.submitted.push(Buffer.from(buffer))
    this.#device.pending += 1
    this.#buffer = buffer
    if (answer.kind === 'status') this.#end(nativeError(answer.errno), 0)
    if (answer.kind === 'taken') this.#end(undefined, answer.sizeBytes)
    if (answer.kind !== 'data') return
    buffer.set(answer.data, 8)
    this.#end(undefined, answer.data.length)
  }

  cancel(): boolean {
    if (this.#buffer === null) return false
    this.#device.journal.push('cancel')
    if (this.#usb.answer.kind !== 'deaf') this.#end(nativeError(3), 0)
    return true
  }

  #end(error: Error | undefined, sizeBytes: number): void {
    const buffer = this.#buffer
    if (buffer === null) return
    this.#buffer = null
    setImmediate(() => {
      this.#device.pending -= 1
      this.#done(error, buffer, sizeBytes)
    })
  }
}
