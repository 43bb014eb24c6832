// The one USB process of a desk through its run: started, ended and started anew on another bus, one after another. What
// an ended one left open is closed before anything else begins.
import type { FaultReport } from '../../shared/fault/fault.ts'
import type { StationCommand } from '../station/station-command.ts'
import type { DeskListeners } from './desk-listeners.ts'
import { createTurns } from './in-turn.ts'
import { closeInterrupted, layOutBench, startUsb } from './run-usb.ts'
import type { StationState } from './station-state.ts'
import type { UsbProcess } from './usb-process.ts'

export interface UsbOwner {
  /** Dropped while there is no process. */
  command(command: StationCommand): void
  /** Ends the process there is, and starts one on the bus of this moment. */
  restart(): Promise<void>
  /** Ends the process; `last` is what then closes the desk. */
  close(last: () => void): Promise<void>
}

/** The state is complete only after its owner is made: it is asked for when it is needed. */
export function ownUsb(stateOf: () => StationState, listeners: DeskListeners): UsbOwner {
  const inTurn = createTurns()
  let usb: UsbProcess | null = null
  const end = async (fault: FaultReport) => {
    await usb?.stop()
    usb = null
    // A job that could not end in time is not left open: nobody will close it later in this run.
    closeInterrupted(stateOf(), listeners, fault)
  }
  return {
    command: (command) => usb?.command(command),
    restart: () =>
      inTurn(async () => {
        if (usb) await end({ code: 'HOST_CRASHED', detail: 'the USB process was ended before the job could end' })
        await layOutBench(stateOf())
        usb = startUsb(stateOf(), listeners)
      }),
    close: (last) =>
      inTurn(async () => {
        await end({ code: 'STATION_CRASHED', detail: 'the station was closed before the job could end' })
        last()
      }),
  }
}
