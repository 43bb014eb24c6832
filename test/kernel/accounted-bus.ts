// A simulated bus that also tells when its boards were at work: from the first DNLOAD or UPLOAD since the last look to
// the end of the last DFU request. So a client's own time can be told from the start of its process and its listing.
import { performance } from 'node:perf_hooks'
import type { BoardAccount } from '../../src/main/sim/account.ts'
import type { SimulatedBus } from '../../src/main/sim/simulated-bus.ts'
import type { ControlSetup, UsbDevice, UsbEvent } from '../../src/main/station/usb/usb-port.ts'
import type { PortPath } from '../../src/shared/model/ids.ts'

export interface AccountedBoard {
  readonly account: BoardAccount
  /** By the clock of this computer, since the last look; 0 when there was no work. */
  readonly dfuMs: number
}

interface Span {
  readonly fromMs: number
  toMs: number
}

const dnload = 1
const upload = 2

export function accountedBus(bus: SimulatedBus): SimulatedBus & { accounts(): readonly AccountedBoard[] } {
  const spans = new Map<PortPath, Span>()
  const known = new WeakMap<UsbDevice, UsbDevice>()
  const accounted = (device: UsbDevice): UsbDevice => {
    const seen = known.get(device) ?? timed(device, spans)
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
        return { account: board.account(), dfuMs: span ? span.toMs - span.fromMs : 0 }
      }),
  }
}

function timed(device: UsbDevice, spans: Map<PortPath, Span>): UsbDevice {
  const begin = ({ requestType, request }: ControlSetup): boolean => {
    const isDfu = (requestType & 0x7f) === 0x21
    const isWork = isDfu && (request === dnload || request === upload)
    const nowMs = performance.now()
    if (isWork && !spans.has(device.portPath)) spans.set(device.portPath, { fromMs: nowMs, toMs: nowMs })
    return isDfu
  }
  const end = (isDfu: boolean) => {
    const span = spans.get(device.portPath)
    if (isDfu && span) span.toMs = performance.now()
  }
  return {
    ...device,
    controlIn: async (setup, lengthBytes, options) => {
      const isDfu = begin(setup)
      return device.controlIn(setup, lengthBytes, options).finally(() => end(isDfu))
    },
    controlOut: async (setup, data, options) => {
      const isDfu = begin(setup)
      return device.controlOut(setup, data, options).finally(() => end(isDfu))
    },
  }
}
