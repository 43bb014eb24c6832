// The one USB process of a desk through its run: started, ended and started anew on another bus, one after another. What
// an ended one left open is closed before anything else begins.
import { asFault, type FaultReport, reportOf } from '../../shared/fault/fault.ts'
import type { StationCommand } from '../station/station-command.ts'
import { busOf } from './bus-of.ts'
import type { DeskListeners } from './desk-listeners.ts'
import { createTurns } from './in-turn.ts'
import { closeInterrupted, layOutBench, startUsb } from './run-usb.ts'
import type { StationState } from './station-state.ts'
import { holdUsb } from './usb-lock.ts'
import type { UsbProcess } from './usb-process.ts'

export interface UsbOwner {
  /** Dropped while there is no process. */
  command(command: StationCommand): void
  /** Ends the process there is, and starts one on the bus of this moment. Throws USB_IN_USE: there is none then. */
  restart(): Promise<void>
  /** Ends the process; `last` is what then closes the desk. */
  close(last: () => void): Promise<void>
}

/** The state is complete only after its owner is made: it is asked for when it is needed. */
export function ownUsb(stateOf: () => StationState, listeners: DeskListeners): UsbOwner {
  const inTurn = createTurns()
  let usb: UsbProcess | null = null
  let release = () => {}
  const end = async (fault: FaultReport) => {
    await usb?.stop()
    usb = null
    // A job that could not end in time is not left open: nobody will close it later in this run.
    closeInterrupted(stateOf(), listeners, fault)
    release()
    release = () => {}
  }
  return {
    command: (command) => usb?.command(command),
    restart: () =>
      inTurn(async () => {
        if (usb) await end({ code: 'HOST_CRASHED', detail: 'the USB process was ended before the job could end' })
        await layOutBench(stateOf())
        release = lockUsb(stateOf())
        usb = startUsb(stateOf(), listeners)
      }),
    close: (last) =>
      inTurn(async () => {
        await end({ code: 'STATION_CRASHED', detail: 'the station was closed before the job could end' })
        last()
      }),
  }
}

/** Before anything is forked: a station that may not have the boards must not even look at them. */
function lockUsb(state: StationState): () => void {
  try {
    return holdUsb(busOf(state), state.options.usbLock)
  } catch (thrown) {
    const fault = asFault(thrown)
    state.mirror.changeStation({ usb: { up: false, fault: reportOf(fault) } })
    throw fault
  }
}
