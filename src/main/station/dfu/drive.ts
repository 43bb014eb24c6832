// The only file of the DFU engine that does anything: it carries out what a machine asks, over the USB seam, with a
// clock, a deadline for every transfer and an abort signal. USB errors become answers here, once; an abort becomes a
// fault here, once, and the machine is not asked again.
import { createHash } from 'node:crypto'
import { assertNever, Fault } from '../../../shared/fault/fault.ts'
import type { Clock } from '../ports.ts'
import { readStringDescriptor } from '../usb/string-descriptor.ts'
import type { UsbDevice } from '../usb/usb-port.ts'
import type { Dfu, DfuAsk, DfuNews, DfuReply } from './machine.ts'
import type { Hasher } from './upload.ts'
import { dfuRequests, requestTypes, statusBytes } from './words.ts'

const nameTimeoutMs = 2000

export type DfuDevice = UsbDevice

/** One open board with its claimed DFU interface. */
export interface DfuLink {
  readonly device: DfuDevice
  readonly interfaceNumber: number
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onNews: (news: DfuNews) => void
  /** Called for each transfer that goes to the board. */
  readonly onTransfer: () => void
}

/** Runs a machine to its end. Throws the machine's fault, or JOB_ABORTED (or the signal's own fault) when aborted. */
export async function drive<T>(machine: Dfu<T>, link: DfuLink): Promise<T> {
  let step = machine.next()
  while (!step.done) step = machine.next(await answer(step.value, link))
  return step.value
}

/** Text of an interface string, which holds the memory map; null where the board has none. */
export async function readInterfaceName(link: DfuLink, stringIndex: number): Promise<string | null> {
  link.onTransfer()
  try {
    return await readStringDescriptor(link.device, stringIndex, { timeoutMs: nameTimeoutMs, signal: link.signal })
  } catch (thrown) {
    if (link.signal.aborted) throw abortFault(link.signal)
    if (thrown instanceof Fault && thrown.code === 'USB_STALL') return null
    throw thrown
  }
}

/** SHA-256 as it is read; the pure files may not import node:crypto. */
export function sha256Hasher(): Hasher {
  const hash = createHash('sha256')
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') }
}

async function answer(ask: DfuAsk, link: DfuLink): Promise<DfuReply> {
  try {
    link.signal.throwIfAborted()
    const data = await carryOut(ask, link)
    const atMs = link.clock.monotonic()
    return data ? { kind: 'data', data, atMs } : { kind: 'done', atMs }
  } catch (thrown) {
    if (link.signal.aborted) throw abortFault(link.signal)
    if (!(thrown instanceof Fault)) throw thrown
    return thrown.code === 'USB_STALL'
      ? { kind: 'stalled', atMs: link.clock.monotonic() }
      : { kind: 'lost', fault: thrown }
  }
}

async function carryOut(ask: DfuAsk, link: DfuLink): Promise<Uint8Array | null> {
  switch (ask.kind) {
    case 'send':
      await transferOut(ask, link)
      return null
    case 'read':
      return transferIn({ ...ask, request: dfuRequests.UPLOAD, value: ask.block }, link)
    case 'status':
      return transferIn({ ...ask, request: dfuRequests.GETSTATUS, value: 0, lengthBytes: statusBytes }, link)
    case 'select':
      link.onTransfer()
      await link.device.selectAlternate(link.interfaceNumber, ask.alternate)
      return null
    case 'wait':
      await link.clock.sleep(ask.ms, link.signal)
      return null
    case 'report':
      link.onNews(ask.news)
      return null
    default:
      return assertNever(ask)
  }
}

async function transferOut(ask: Extract<DfuAsk, { kind: 'send' }>, link: DfuLink): Promise<void> {
  link.onTransfer()
  const { device, interfaceNumber: index, signal } = link
  const setup = { requestType: requestTypes.out, request: dfuRequests[ask.request], value: ask.block, index }
  await device.controlOut(setup, ask.data, { timeoutMs: ask.timeoutMs, signal })
}

async function transferIn(
  what: { readonly request: number; readonly value: number; readonly lengthBytes: number; readonly timeoutMs: number },
  link: DfuLink,
): Promise<Uint8Array> {
  link.onTransfer()
  const { device, interfaceNumber: index, signal } = link
  const setup = { requestType: requestTypes.in, request: what.request, value: what.value, index }
  return device.controlIn(setup, what.lengthBytes, { timeoutMs: what.timeoutMs, signal })
}

function abortFault(signal: AbortSignal): Fault {
  if (signal.reason instanceof Fault) return signal.reason
  return new Fault('JOB_ABORTED', 'stopped while DFU was working', { cause: signal.reason })
}
