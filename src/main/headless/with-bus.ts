// The bus of this computer, or a simulated one, for a command that looks at devices itself and ends: in this process,
// without a station, under the lock that keeps a station and such a command apart.
import { dataFolderAt } from '../desk/data-folder.ts'
import { holdUsb } from '../desk/usb-lock.ts'
import { readUserQuirks } from '../desk/user-quirks.ts'
import { openBus } from '../host/open-bus.ts'
import { stationQuirks } from '../station/devices/known-quirks.ts'
import type { QuirkBook } from '../station/devices/quirk-file.ts'
import type { Clock } from '../station/ports.ts'
import { systemClock } from '../station/system-clock.ts'
import type { UsbBus } from '../station/usb/usb-port.ts'
import type { CommandLine } from './arguments.ts'
import { type Output, stderrLog } from './output.ts'
import { busChoiceOf } from './simulation-of.ts'
import { listenForStop } from './stop-signal.ts'
import { countBoards } from './watch-bench.ts'

export interface BusTools {
  readonly bus: UsbBus
  readonly clock: Clock
  /** Aborts when the person or the system ends the command. */
  readonly signal: AbortSignal
  /** The station's own and the user's. */
  readonly quirks: QuirkBook
}

/** Devices of a simulated bench start one after another; real ones are there. */
const simulatedStartMs = 10_000
const lookMs = 20

/** Throws USB_IN_USE when a station works on the bus, and the fault of a USB that is not there. */
export async function withBus<T>(
  run: { readonly line: CommandLine; readonly output: Output },
  work: (tools: BusTools) => Promise<T>,
): Promise<T> {
  const { line, output } = run
  const choice = busChoiceOf(line)
  const release = holdUsb(choice)
  using stop = listenForStop()
  try {
    const { bus, close } = await openBus(choice, { clock: systemClock, log: stderrLog() })
    try {
      if (line.sim !== null) await started(bus, countBoards(line.sim), stop.signal)
      return await work({ bus, clock: systemClock, signal: stop.signal, quirks: quirksFor(line, output) })
    } finally {
      await close()
    }
  } finally {
    release()
  }
}

/** A user's file with a mistake is not in force, as in a station. */
function quirksFor(line: CommandLine, output: Output): QuirkBook {
  const { text, fault } = readUserQuirks(dataFolderAt(line.data).quirks)
  if (fault) output.note(`${fault.code}: ${fault.detail}`)
  return stationQuirks(text)
}

async function started(bus: UsbBus, expected: number, signal: AbortSignal): Promise<void> {
  const endsAt = systemClock.monotonic() + simulatedStartMs
  while (bus.devices().length < expected && systemClock.monotonic() < endsAt) await systemClock.sleep(lookMs, signal)
}
