// The only file of the DFU engine that does anything: it carries out what a machine asks, over the USB seam, with a
// clock, a deadline for every transfer and an abort signal. USB errors become answers here, once; an abort becomes a
// fault here, once, and the machine is not asked again.
import { createHash } from 'node:crypto'
import { assertNever, Fault } from '../../../shared/fault/fault.ts'
import type { Clock } from '../ports.ts'
import { readStringDescriptor } from '../usb/string-descriptor.ts'
import type { ControlSetup, UsbDevice } from '../usb/usb-port.ts'
import type { Dfu, DfuAsk, DfuNews, DfuReply } from './machine.ts'
import type { Hasher } from './upload.ts'
import { dfuRequests, requestTypes, statusBytes } from './words.ts'

const nameTimeoutMs = 2000
const stringType = 3

export type DfuDevice = UsbDevice

/** One open board with its claimed DFU interface. */
export interface DfuLink {
  readonly device: DfuDevice
  readonly interfaceNumber: number
  /** wIndex of DFU_DETACH, where it is not the interface alone. */
  readonly detachIndex?: number
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onNews: (news: DfuNews) => void
  /** Called for each transfer that goes to the board. */
  readonly onTransfer: () => void
}

/** Runs a machine to its end. Throws the machine's fault, or JOB_ABORTED (or the signal's own fault) when aborted. */
export async function drive<T>(machine: Dfu<T>, link: DfuLink): Promise<T> {
  const drive: Drive = { link, underWay: [] }
  try {
    let step = machine.next()
    while (!step.done) {
      const ask = step.value
      step = machine.next(isInstant(ask) ? answerNow(drive, ask) : await answer(drive, ask))
    }
    return step.value
  } finally {
    // However it ended, nothing of it is on the wire when the next one begins.
    await Promise.allSettled(drive.underWay)
  }
}

/** A bus reset. That the device is gone afterwards is what it is for. Throws USB_* and what the signal says. */
export async function resetBus({ device, signal }: Pick<DfuLink, 'device' | 'signal'>): Promise<void> {
  if (signal.aborted) throw abortFault(signal)
  try {
    await device.reset()
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== 'USB_GONE') throw thrown
  }
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

/**
 * What is in a string descriptor behind its two first bytes, whatever it is and however long the device says that it is;
 * null where it has no such string. Throws USB_* and what the signal says.
 */
export async function readStringBytes(
  device: DfuDevice,
  stringIndex: number,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  if (stringIndex === 0) return null
  try {
    const bytes = await device.controlIn(stringSetup(stringIndex), 255, { timeoutMs: nameTimeoutMs, signal })
    return bytes[1] === stringType ? bytes.subarray(2, Math.max(2, bytes[0] ?? 0)) : null
  } catch (thrown) {
    if (signal.aborted) throw abortFault(signal)
    if (thrown instanceof Fault && thrown.code === 'USB_STALL') return null
    throw thrown
  }
}

/** GET_DESCRIPTOR of a string in US English (USB 2.0, section 9.4.3). */
function stringSetup(stringIndex: number): ControlSetup {
  return { requestType: 0x80, request: 6, value: (stringType << 8) | stringIndex, index: 0x0409 }
}

/** SHA-256 as it is read; the pure files may not import node:crypto. */
export function sha256Hasher(): Hasher {
  const hash = createHash('sha256')
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') }
}

interface Drive {
  readonly link: DfuLink
  /** Answers to what was begun and is not ended, oldest first. */
  readonly underWay: Promise<DfuReply>[]
}

const done: DfuReply = { kind: 'done' }

type Instant = Extract<DfuAsk, { kind: 'report' | 'time' | 'begin' }>

function isInstant(ask: DfuAsk): ask is Instant {
  return ask.kind === 'report' || ask.kind === 'time' || ask.kind === 'begin'
}

function answerNow(drive: Drive, ask: Instant): DfuReply {
  switch (ask.kind) {
    case 'report':
      drive.link.onNews(ask.news)
      return done
    case 'time':
      return { kind: 'time', atMs: drive.link.clock.monotonic() }
    case 'begin': {
      const reply = answer(drive, ask.request)
      // Whoever ends it hears of its failure; until then it must not count as nobody's.
      reply.catch(() => {})
      drive.underWay.push(reply)
      return done
    }
    default:
      return assertNever(ask)
  }
}

async function answer(drive: Drive, ask: Exclude<DfuAsk, Instant>): Promise<DfuReply> {
  const { link } = drive
  try {
    link.signal.throwIfAborted()
    return await carryOut(drive, ask)
  } catch (thrown) {
    if (link.signal.aborted) throw abortFault(link.signal)
    if (!(thrown instanceof Fault)) throw thrown
    return thrown.code === 'USB_STALL' ? { kind: 'stalled' } : { kind: 'lost', fault: thrown }
  }
}

async function carryOut(drive: Drive, ask: Exclude<DfuAsk, Instant>): Promise<DfuReply> {
  const { link, underWay } = drive
  switch (ask.kind) {
    case 'send':
      return transferOut(ask, link)
    case 'read':
      return transferIn({ ...ask, request: dfuRequests.UPLOAD, value: ask.block }, link)
    case 'status':
      return transferIn({ ...ask, request: dfuRequests.GETSTATUS, value: 0, lengthBytes: statusBytes }, link)
    case 'end': {
      const oldest = underWay.shift()
      if (!oldest) throw new TypeError('a DFU machine ends a request that it has not begun')
      return oldest
    }
    case 'select':
      link.onTransfer()
      await link.device.selectAlternate(link.interfaceNumber, ask.alternate)
      return done
    case 'wait':
      await link.clock.sleep(ask.ms, link.signal)
      return done
    default:
      return assertNever(ask)
  }
}

async function transferOut(ask: Extract<DfuAsk, { kind: 'send' }>, link: DfuLink): Promise<DfuReply> {
  link.onTransfer()
  const { device, interfaceNumber, detachIndex = interfaceNumber, signal } = link
  const index = ask.request === 'DETACH' ? detachIndex : interfaceNumber
  const setup = { requestType: requestTypes.out, request: dfuRequests[ask.request], value: ask.block, index }
  await device.controlOut(setup, ask.data, { timeoutMs: ask.timeoutMs, signal })
  return done
}

async function transferIn(
  what: { readonly request: number; readonly value: number; readonly lengthBytes: number; readonly timeoutMs: number },
  link: DfuLink,
): Promise<DfuReply> {
  link.onTransfer()
  const { device, interfaceNumber: index, signal } = link
  const setup = { requestType: requestTypes.in, request: what.request, value: what.value, index }
  const data = await device.controlIn(setup, what.lengthBytes, { timeoutMs: what.timeoutMs, signal })
  return { kind: 'data', data }
}

function abortFault(signal: AbortSignal): Fault {
  if (signal.reason instanceof Fault) return signal.reason
  return new Fault('JOB_ABORTED', 'stopped while DFU was working', { cause: signal.reason })
}
