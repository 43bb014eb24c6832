// Where the time of one job goes: a clock and a bus that write down each wait of the station, each transfer and each
// absence of the board, and a sweep that gives every moment to exactly one of them.
import { performance } from 'node:perf_hooks'
import type { Clock } from '../../src/main/station/ports.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { UsbBus, UsbDevice, UsbEvent } from '../../src/main/station/usb/usb-port.ts'

interface Interval {
  readonly what: string
  readonly fromMs: number
  readonly toMs: number
}

export interface Trace {
  /** For the station. What it sleeps to the end is written down with the place that slept; a deadline is not. */
  readonly clock: Clock
  /** The bus as the station shall see it; `transferred` is called after each transfer. */
  watched(bus: UsbBus, transferred: () => void): UsbBus
  /** Notes that something took from then until now. */
  took(what: string, fromMs: number): void
  /** Milliseconds of the window by what they went to; the sums make up the window. */
  split(fromMs: number, toMs: number): ReadonlyMap<string, number>
}

export const transferring = 'transfers'
export const away = 'board off the bus (reset, boot)'
export const awaited = 'board about to reset'
export const ourWork = 'station code'
export const polling = 'Device OS works on a request, polled'
const waiting = 'wait in '

/** Sleeps that no job waits for: frames for the screen. */
const beside = ['station/station.ts']
/** Sleeps that poll for an answer which the board owes. */
const pollers = ['station/identity/control-request.ts']
/** Where a job waits for a board to come back; the sleep is the deadline of that. */
const waitingRoom = 'station/slots/waiting-room.ts'

export function createTrace(): Trace {
  const intervals: Interval[] = []
  const took = (what: string, fromMs: number) => {
    intervals.push({ what, fromMs, toMs: performance.now() })
  }
  return {
    clock: tracedClock(took),
    watched: (bus, transferred) => {
      const tookTransfer: Took = (what, fromMs) => {
        took(what, fromMs)
        if (what === transferring) transferred()
      }
      return watchedBus(bus, tookTransfer)
    },
    took,
    split: (fromMs, toMs) => sweep(intervals, fromMs, toMs),
  }
}

type Took = Trace['took']

function tracedClock(took: Took): Clock {
  return {
    ...systemClock,
    sleep: async (ms, signal) => {
      const site = callSite()
      const fromMs = performance.now()
      try {
        await systemClock.sleep(ms, signal)
        if (!beside.includes(site)) took(nameOf(site), fromMs)
      } catch (thrown) {
        // The wait that the deadline was set for has ended; an aborted sleep elsewhere held nobody up.
        if (site === waitingRoom) took(awaited, fromMs)
        throw thrown
      }
    },
  }
}

function nameOf(site: string): string {
  return pollers.includes(site) ? polling : `${waiting}${site}`
}

/** The file of the station that called: "station/dfu/drive.ts". */
function callSite(): string {
  const frames = (new Error().stack ?? '').split('\n')
  const frame = frames.find((line) => line.includes('/src/main/station/'))
  return /src\/main\/(station\/[^:]+)/.exec(frame ?? '')?.[1] ?? 'unknown'
}

function watchedBus(bus: UsbBus, took: Took): UsbBus {
  const known = new WeakMap<UsbDevice, UsbDevice>()
  const gone = new Map<string, number>()
  const watched = (device: UsbDevice): UsbDevice => {
    const seen = known.get(device) ?? watchedDevice(device, took)
    known.set(device, seen)
    return seen
  }
  const note = ({ kind, device }: UsbEvent) => {
    const leftMs = gone.get(device.portPath)
    if (kind === 'left') gone.set(device.portPath, performance.now())
    else if (leftMs !== undefined) took(away, leftMs)
  }
  return {
    devices: () => bus.devices().map(watched),
    watch: (listener) =>
      bus.watch((event) => {
        note(event)
        listener({ ...event, device: watched(event.device) })
      }),
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  }
}

function watchedDevice(device: UsbDevice, took: Took): UsbDevice {
  const timed = async <T>(act: () => Promise<T>): Promise<T> => {
    const fromMs = performance.now()
    try {
      return await act()
    } finally {
      took(transferring, fromMs)
    }
  }
  return {
    ...device,
    open: (signal) => timed(() => device.open(signal)),
    controlIn: (setup, lengthBytes, options) => timed(() => device.controlIn(setup, lengthBytes, options)),
    controlOut: (setup, data, options) => timed(() => device.controlOut(setup, data, options)),
    claim: (interfaceNumber) => timed(() => device.claim(interfaceNumber)),
    selectAlternate: (interfaceNumber, alternate) => timed(() => device.selectAlternate(interfaceNumber, alternate)),
    reset: () => timed(() => device.reset()),
  }
}

/** A moment that several claim belongs to the board first, then to a wait, then to nobody: that is our own code. */
const ranks = [transferring, away, polling, awaited]

function rank(what: string): number {
  const place = ranks.indexOf(what)
  return place < 0 ? ranks.length : place
}

function sweep(all: readonly Interval[], fromMs: number, toMs: number): ReadonlyMap<string, number> {
  const inside = all.filter((each) => each.toMs > fromMs && each.fromMs < toMs)
  const edges = inside.flatMap((each) => [
    { atMs: Math.max(each.fromMs, fromMs), what: each.what, change: 1 },
    { atMs: Math.min(each.toMs, toMs), what: each.what, change: -1 },
  ])
  edges.sort((a, b) => a.atMs - b.atMs)
  const open = new Map<string, number>()
  const sums = new Map<string, number>()
  let nowMs = fromMs
  const spend = (untilMs: number) => {
    const [first] = [...open.keys()].sort((a, b) => rank(a) - rank(b))
    const what = first ?? ourWork
    sums.set(what, (sums.get(what) ?? 0) + untilMs - nowMs)
    nowMs = untilMs
  }
  for (const { atMs, what, change } of edges) {
    spend(atMs)
    const count = (open.get(what) ?? 0) + change
    if (count > 0) open.set(what, count)
    else open.delete(what)
  }
  spend(toMs)
  return sums
}
