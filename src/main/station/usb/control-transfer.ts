// One control transfer with a deadline of our own. The library's timeout is not used: on Linux it can fire a minute
// late, because its event thread does not wake for the timeout of a newly submitted transfer (usb 2.18.0). So the
// transfer has none, and is cancelled from here; test/kernel proves that this keeps the deadline.
import { Fault } from '../../../shared/fault/fault.ts'
import type { Clock } from '../ports.ts'
import type { NativeDevice, NativeUsb } from './native-usb.ts'
import { abortFault, errnoOf, transferCancelled, usbFault } from './usb-faults.ts'
import type { ControlSetup, TransferOptions } from './usb-port.ts'

/** Length of a SETUP packet, which the native buffer begins with (USB 2.0 section 9.3). */
export const setupSizeBytes = 8
/** How long a cancelled transfer may take to come back before it is counted as lost. */
const cancelGraceMs = 2_000

export interface ControlRequest {
  readonly usb: NativeUsb
  readonly device: NativeDevice
  /** SETUP packet and data, as `controlBuffer` makes it; data of an IN transfer are written into it. */
  readonly buffer: Buffer
  /** Place and request, for the detail of a fault. */
  readonly act: string
  readonly clock: Clock
  readonly options: TransferOptions
}

export interface PendingTransfer {
  /** Data bytes moved. Rejects with a Fault. */
  readonly result: Promise<number>
  /** Cancels the transfer; it then ends with this fault, unless it was done already. */
  giveUp(fault: Fault): void
}

interface NativeEnd {
  readonly error: Error | undefined
  readonly sizeBytes: number
}

/** A buffer with the SETUP packet in front and room for `lengthBytes` of data behind it. */
export function controlBuffer(setup: ControlSetup, lengthBytes: number): Buffer {
  const buffer = Buffer.alloc(setupSizeBytes + lengthBytes)
  buffer.writeUInt8(setup.requestType, 0)
  buffer.writeUInt8(setup.request, 1)
  buffer.writeUInt16LE(setup.value, 2)
  buffer.writeUInt16LE(setup.index, 4)
  buffer.writeUInt16LE(lengthBytes, 6)
  return buffer
}

/** Submits a transfer and watches over it: deadline, signal, and a cancel that the system does not honour. */
export function startControlTransfer(request: ControlRequest): PendingTransfer {
  const { usb, device, buffer, act, clock, options } = request
  const ended = Promise.withResolvers<NativeEnd>()
  const watch = new AbortController()
  const transfer = usb.createTransfer(device, (error, _buffer, sizeBytes) => ended.resolve({ error, sizeBytes }))
  let givenUp: Fault | null = null

  const after = (ms: number, then: () => void): void => {
    clock.sleep(ms, watch.signal).then(then, () => {})
  }
  const giveUp = (fault: Fault): void => {
    if (givenUp !== null) return
    givenUp = fault
    cancelQuietly(() => transfer.cancel())
    after(cancelGraceMs, () => ended.reject(new Fault(fault.code, `${fault.detail}; the cancel was not honoured`)))
  }
  const onAbort = (): void => giveUp(abortFault(options.signal, act))

  const run = async (): Promise<number> => {
    if (options.signal.aborted) throw abortFault(options.signal, act)
    try {
      submit(() => transfer.submit(buffer), act)
      options.signal.addEventListener('abort', onAbort)
      after(options.timeoutMs, () => giveUp(new Fault('USB_TIMEOUT', `${act}: no answer in ${options.timeoutMs} ms`)))
      const { error, sizeBytes } = await ended.promise
      if (error === undefined) return sizeBytes
      throw errnoOf(error) === transferCancelled && givenUp !== null ? givenUp : usbFault(error, act)
    } finally {
      options.signal.removeEventListener('abort', onAbort)
      watch.abort()
    }
  }
  return { result: run(), giveUp }
}

function submit(native: () => void, act: string): void {
  try {
    native()
  } catch (thrown) {
    throw usbFault(thrown, act)
  }
}

/** A cancel fails when the transfer is just ending by itself, or the device left: either way its end is on the way. */
function cancelQuietly(cancel: () => unknown): void {
  try {
    cancel()
  } catch {
    // The end of the transfer tells what happened.
  }
}
