// A plain DFU host for tests of the simulator: it knows the standard and nothing of the station's engine.

import type { PlacedBoard } from '../../src/main/sim/bench-spec.ts'
import { parseBenchFile } from '../../src/main/sim/bench-spec.ts'
import { createBench } from '../../src/main/sim/simulated-bench.ts'
import type { SimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import type { SimulatedBus } from '../../src/main/sim/simulated-bus.ts'
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'
import type { Clock } from '../../src/main/station/ports.ts'
import type { UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import type { PortPath } from '../../src/shared/model/ids.ts'

export interface Bench {
  readonly clock: Clock
  readonly bus: SimulatedBus
  readonly board: SimulatedBoard
  readonly portPath: PortPath
}

/** One board on a bench under a virtual clock. */
export function benchOf(entry: object, speed = 1): Bench {
  const placed: readonly PlacedBoard[] = parseBenchFile(
    JSON.stringify({ format: 'dfu-station-bench', version: 1, boards: [entry] }),
  )
  const clock = createVirtualClock()
  const bus = createBench(placed, { clock, speed })
  const [first] = bus.boards()
  if (!first) throw new Error('no board on the bench')
  return { clock, bus, ...first }
}

export function arrival(bus: SimulatedBus, productId?: number): Promise<UsbDevice> {
  const fits = (device: UsbDevice) => productId === undefined || device.productId === productId
  const present = bus.devices().find(fits)
  if (present) return Promise.resolve(present)
  return new Promise((resolve) => {
    const stop = bus.watch((event) => {
      if (event.kind !== 'arrived' || !fits(event.device)) return
      stop()
      resolve(event.device)
    })
  })
}

export function departure(bus: SimulatedBus, device: UsbDevice): Promise<void> {
  if (!bus.devices().includes(device)) return Promise.resolve()
  return new Promise((resolve) => {
    const stop = bus.watch((event) => {
      if (event.kind !== 'left' || event.device !== device) return
      stop()
      resolve()
    })
  })
}

export const limits = { timeoutMs: 5000, signal: new AbortController().signal }

export async function openDfu(bus: SimulatedBus, productId?: number): Promise<DfuHost> {
  const device = await arrival(bus, productId)
  await device.open(limits.signal)
  await device.claim(0)
  return dfuHost(device)
}

export type DfuHost = ReturnType<typeof dfuHost>

export function dfuHost(device: UsbDevice) {
  const out = (request: number, value: number, data: readonly number[] | Uint8Array = []) =>
    device.controlOut({ requestType: 0x21, request, value, index: 0 }, Uint8Array.from(data), limits)
  const read = (request: number, value: number, length: number) =>
    device.controlIn({ requestType: 0xa1, request, value, index: 0 }, length, limits)
  const status = async () => {
    const bytes = await read(3, 0, 6)
    return { status: bytes[0], state: bytes[4], pollMs: bytes[1] }
  }
  const settle = async () => {
    let now = await status()
    while (now.state === 4) now = await status()
    return now
  }
  const download = async (block: number, data: readonly number[] | Uint8Array) => {
    await out(1, block, data)
    return settle()
  }
  const u32 = (value: number) => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]
  return {
    device,
    out,
    read,
    status,
    download,
    setAddress: (address: number) => download(0, [0x21, ...u32(address)]),
    erase: (address: number) => download(0, [0x41, ...u32(address)]),
    abort: () => out(6, 0),
    /** From any state to dfuIDLE. */
    home: async () => {
      const now = await settle()
      if (now.state === 10) await out(4, 0)
      await out(6, 0)
      return status()
    },
    leave: async () => {
      await out(1, 2)
      return status()
    },
  }
}
