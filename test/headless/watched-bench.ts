// A simulated bench in this process that notes which ports were opened.
import { onTestFinished } from 'vitest'
import { parseBench } from '../../src/main/sim/bench-spec.ts'
import { createDfuDevice } from '../../src/main/sim/generic/dfu-device.ts'
import { createSimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { createSimulatedBus, type Occupant } from '../../src/main/sim/simulated-bus.ts'
import { stationQuirks } from '../../src/main/station/devices/known-quirks.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import type { UsbBus, UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import type { PortPath } from '../../src/shared/model/ids.ts'

export function benchText(boards: readonly unknown[]): string {
  return JSON.stringify({ format: 'dfu-station-bench', version: 1, boards })
}

/** Everybody of the spec is there when it resolves. */
export async function watchedBench(spec: string) {
  const bench = createSimulatedBus({ clock: systemClock, speed: 0 })
  const occupants = new Map<string, Occupant>()
  for (const placed of parseBench(spec)) {
    const occupant = placed.kind === 'board' ? createSimulatedBoard(placed.spec) : createDfuDevice(placed.spec)
    occupants.set(placed.portPath, occupant)
    bench.plug(placed.portPath, occupant)
  }
  onTestFinished(() => bench[Symbol.asyncDispose]())
  while (bench.devices().length < occupants.size) await systemClock.sleep(5)
  const opened: PortPath[] = []
  const watched = (device: UsbDevice): UsbDevice =>
    new Proxy(device, {
      get: (target, name) => {
        if (name === 'open') opened.push(target.portPath)
        const value = Reflect.get(target, name) as unknown
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  const proxies = new Map<UsbDevice, UsbDevice>()
  const proxyOf = (device: UsbDevice): UsbDevice => {
    const proxy = proxies.get(device) ?? watched(device)
    proxies.set(device, proxy)
    return proxy
  }
  const bus: UsbBus = {
    devices: () => bench.devices().map(proxyOf),
    watch: (listener) => bench.watch(({ kind, device }) => listener({ kind, device: proxyOf(device) })),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  }
  const tools = { bus, clock: systemClock, signal: new AbortController().signal, quirks: stationQuirks('') }
  return { bus, tools, opened, occupant: (port: string) => occupants.get(port) ?? null }
}
