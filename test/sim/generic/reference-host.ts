// A host of our own for simulated devices: USB DFU 1.1 and ST's application note to the letter, and beside it each quirk
// as a switch, named as fwupd names it. It shares no line with the engine. What fails it throws, in words.
import type { UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import { limits } from '../dfu-host.ts'
import type { DfuBench } from './dfu-bench.ts'

export type Quirk =
  | 'ignore-polltimeout'
  | 'allow-zero-polltimeout'
  | 'force-dfu-mode'
  | 'no-pid-change'
  | 'needs-bootloader'
  | 'no-get-status-upload'
  | 'attach-upload-download'
  | 'attach-extra-reset'
  | 'ignore-upload'
  | 'use-any-interface'
  | 'manifest-poll'
  | 'no-bus-reset-attach'
  | 'index-force-detach'
  | 'absent-sector-size'
  | 'will-disappear'
  | 'detach-for-attach'
  | 'gd32'
  | 'force-version-0110'
  | 'force-version-011a'
  | 'force-timeout'

export interface Habits {
  has(quirk: Quirk): boolean
}

/** A job that takes longer has failed, for nobody waits so long. */
const patienceMs = 120_000
const returnMs = 10_000
const leastPauseMs = 5

export const [dnload, upload, abort] = [1, 2, 6] as const
const getstatus = 3

export interface Facts {
  readonly number: number
  readonly isRuntime: boolean
  readonly canUpload: boolean
  readonly isTolerant: boolean
  readonly willDetach: boolean
  readonly transferBytes: number
  readonly version: number
  /** String indexes of the alternate settings. */
  readonly names: readonly number[]
}

/** What the descriptors of a device say of its DFU interface; null when it has none. */
export function factsOf(device: UsbDevice, quirks: Habits): Facts | null {
  const bytes = [...device.configuration()]
  const names: number[] = []
  let found: { number: number; protocol: number } | null = null
  let functional: readonly number[] = []
  for (let at = 0; at < bytes.length; at += bytes[at] || bytes.length) {
    const [, type, number = 0, , , cls, sub, protocol = 0, name = 0] = bytes.slice(at, at + 9)
    const isDfu = (cls === 0xfe && sub === 1) || quirks.has('use-any-interface')
    if (type === 4 && isDfu && (found === null || found.number === number)) {
      found = { number, protocol }
      names.push(name)
    }
    if (type === 0x21 && found) functional = bytes.slice(at, at + (bytes[at] ?? 0))
  }
  if (!found) return null
  const word = (at: number) => (functional[at] ?? 0) | ((functional[at + 1] ?? 0) << 8)
  const attributes = functional.length === 0 ? 3 : (functional[2] ?? 0)
  const told = functional.length === 0 ? 64 : word(5)
  const version = functional.length < 9 ? 0x0110 : word(7)
  return {
    number: found.number,
    isRuntime: found.protocol === 1 && !quirks.has('force-dfu-mode'),
    canUpload: (attributes & 2) !== 0 && !quirks.has('ignore-upload'),
    isTolerant: (attributes & 4) !== 0,
    willDetach: (attributes & 8) !== 0,
    transferBytes: told === 0 ? 64 : told === 0xffff ? 1024 : told,
    version: quirks.has('force-version-0110') ? 0x0110 : quirks.has('force-version-011a') ? 0x011a : version,
    names,
  }
}

export interface Link {
  readonly bench: DfuBench
  readonly usb: UsbDevice
  readonly facts: Facts
  readonly quirks: Habits
  readonly startedMs: number
}

/** bRequest and wValue. */
type Words = readonly [request: number, value: number]

export function out(link: Link, [request, value]: Words, data: Uint8Array = new Uint8Array()): Promise<void> {
  const { usb, facts, quirks } = link
  return usb.controlOut({ requestType: 0x21, request, value, index: facts.number }, data, transferLimits(quirks))
}

export function read(link: Link, [request, value]: Words, lengthBytes: number): Promise<Uint8Array> {
  const { usb, facts, quirks } = link
  return usb.controlIn({ requestType: 0xa1, request, value, index: facts.number }, lengthBytes, transferLimits(quirks))
}

function transferLimits(quirks: Habits) {
  return { ...limits, timeoutMs: quirks.has('force-timeout') ? 5000 : 1500 }
}

export async function open(bench: DfuBench, usb: UsbDevice, { quirks, startedMs }: Run): Promise<Link> {
  const facts = factsOf(usb, quirks)
  if (!facts) throw new Error('it has no DFU interface')
  await usb.open(limits.signal)
  await usb.claim(facts.number)
  return { bench, usb, facts, quirks, startedMs }
}

export interface Run {
  readonly quirks: Habits
  readonly startedMs: number
}

export async function status(link: Link) {
  const bytes = Buffer.from(await read(link, [getstatus, 0], 6))
  return { status: bytes.readUInt8(0), pollMs: bytes.readUIntLE(1, 3), state: bytes.readUInt8(4) }
}

/** Asks, and waits as told, until the device is out of dfuDNBUSY and dfuMANIFEST. */
export async function settled(link: Link): Promise<Awaited<ReturnType<typeof status>>> {
  const now = await status(link)
  if (now.state !== 4 && now.state !== 7) return now
  await pause(link, now)
  // Whoever does not tolerate manifestation answers no more.
  return now.state === 7 && !link.facts.isTolerant ? now : settled(link)
}

async function pause({ bench, quirks, startedMs }: Link, { pollMs, state }: { pollMs: number; state: number }) {
  const told = quirks.has('ignore-polltimeout') ? leastPauseMs : pollMs
  const floor = quirks.has('allow-zero-polltimeout') ? told : Math.max(told, leastPauseMs)
  const ms = state === 7 && quirks.has('manifest-poll') ? floor + 1000 : floor
  if (bench.clock.monotonic() + ms - startedMs > patienceMs) throw new Error(`it takes too long (${state})`)
  await bench.clock.sleep(ms)
}

/** The next device on the port that is taken for the right one. */
export async function comesBack(bench: DfuBench, gone: UsbDevice, fits: (usb: UsbDevice) => boolean) {
  const endMs = bench.clock.monotonic() + returnMs
  while (bench.clock.monotonic() < endMs) {
    const usb = bench.bus.devices().find((device) => device !== gone && fits(device))
    if (usb) return usb
    await bench.clock.sleep(50)
  }
  throw new Error('it does not come back')
}

export function isOther(gone: UsbDevice, quirks: Habits) {
  return (usb: UsbDevice) => quirks.has('no-pid-change') || usb.productId !== gone.productId
}
