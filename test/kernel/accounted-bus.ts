// A simulated bus that also tells when its boards were at work: from the first DNLOAD or UPLOAD since the last look to
// the end of the last DFU request. So a client's own time can be told from the start of its process and its listing.
import { performance } from 'node:perf_hooks'
import type { BoardAccount } from '../../src/main/sim/account.ts'
import type { SimulatedBus } from '../../src/main/sim/simulated-bus.ts'
import type { ControlSetup, UsbDevice, UsbEvent } from '../../src/main/station/usb/usb-port.ts'
import type { PortPath } from '../../src/shared/model/ids.ts'

export interface AccountedBoard {
  readonly account: BoardAccount
  /** The DFU work since the last look; null when there was none. */
  readonly work: DfuWork | null
}

export interface DfuWork {
  /** By the clock of this computer. */
  readonly durationMs: number
  /** The account as the work began. */
  readonly before: BoardAccount
}

interface Span {
  readonly fromMs: number
  readonly before: BoardAccount
  toMs: number
}

const dnload = 1
const upload = 2

export function accountedBus(bus: SimulatedBus): SimulatedBus & { accounts(): readonly AccountedBoard[] } {
  const spans = new Map<PortPath, Span>()
  const known = new WeakMap<UsbDevice, UsbDevice>()
  const begin = (portPath: PortPath) => {
    const found = bus.boards().find((each) => each.portPath === portPath)
    const nowMs = performance.now()
    if (found) spans.set(portPath, { fromMs: nowMs, toMs: nowMs, before: found.board.account() })
  }
  const accounted = (device: UsbDevice): UsbDevice => {
    const seen = known.get(device) ?? timed(device, { spans, begin })
    known.set(device, seen)
    return seen
  }
  return {
    ...bus,
    devices: () => bus.devices().map(accounted),
    watch: (listener) => bus.watch((event: UsbEvent) => listener({ ...event, device: accounted(event.device) })),
    accounts: () =>
      bus.boards().map(({ portPath, board }) => {
        const span = spans.get(portPath)
        spans.delete(portPath)
        const work = span ? { durationMs: span.toMs - span.fromMs, before: span.before } : null
        return { account: board.account(), work }
      }),
  }
}

interface Spans {
  readonly spans: ReadonlyMap<PortPath, Span>
  readonly begin: (portPath: PortPath) => void
}

function timed(device: UsbDevice, { spans, begin }: Spans): UsbDevice {
  const start = ({ requestType, request }: ControlSetup): boolean => {
    const isDfu = (requestType & 0x7f) === 0x21
    const isWork = isDfu && (request === dnload || request === upload)
    if (isWork && !spans.has(device.portPath)) begin(device.portPath)
    return isDfu
  }
  const end = (isDfu: boolean) => {
    const span = spans.get(device.portPath)
    if (isDfu && span) span.toMs = performance.now()
  }
  return {
    ...device,
    controlIn: async (setup, lengthBytes, options) => {
      const isDfu = start(setup)
      return device.controlIn(setup, lengthBytes, options).finally(() => end(isDfu))
    },
    controlOut: async (setup, data, options) => {
      const isDfu = start(setup)
      return device.controlOut(setup, data, options).finally(() => end(isDfu))
    },
  }
}
