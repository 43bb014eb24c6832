// The bus of a run: real USB, or a simulated bench. libusb is loaded only where real USB is asked for.

import { parseBench } from '../sim/bench-spec.ts'
import { writeDump } from '../sim/dump-flash.ts'
import { createBench } from '../sim/simulated-bench.ts'
import type { SimulatedBus } from '../sim/simulated-bus.ts'
import type { Clock, Log } from '../station/ports.ts'
import type { UsbBus } from '../station/usb/usb-port.ts'
import type { BusChoice } from './link.ts'

export interface OpenBus {
  readonly bus: UsbBus
  /** The same bus where it is simulated, else null. */
  readonly simulated: SimulatedBus | null
  /** Writes the dumps that were asked for and closes the bus. */
  close(): Promise<void>
}

export async function openBus(
  choice: BusChoice,
  tools: { readonly clock: Clock; readonly log: Log },
): Promise<OpenBus> {
  if (choice.kind === 'usb') {
    const { openLibusbBus } = await import('../station/usb/libusb-bus.ts')
    const bus = await openLibusbBus(tools)
    return { bus, simulated: null, close: () => bus[Symbol.asyncDispose]() }
  }
  const bus = createBench(parseBench(choice.boards), { clock: tools.clock, speed: choice.speed })
  // Boards that were taken out on the way are dumped too: the list is what was plugged in at the start.
  const first = bus.occupants()
  return {
    bus,
    simulated: bus,
    close: async () => {
      const { dumpFolder } = choice
      if (dumpFolder) for (const place of first) await writeDump(place, dumpFolder)
      await bus[Symbol.asyncDispose]()
    },
  }
}
