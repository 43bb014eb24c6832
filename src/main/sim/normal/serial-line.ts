// The class requests of the USB serial port. Device OS enters DFU mode at once when a host sets 14400 baud: the way in
// for boards that refuse control requests.
import type { ControlAnswer, NormalModeHost, SimSetup } from '../board-parts.ts'

const requests = { setLineCoding: 0x20, getLineCoding: 0x21, setControlLineState: 0x22 } as const
const classOut = 0x21
const classIn = 0xa1
const dfuBaud = 14_400
const lineCodingBytes = 7

export interface SerialLine {
  /** Null when the request is none of the serial port. */
  control(setup: SimSetup, data: Uint8Array): ControlAnswer | null
}

export function createSerialLine(host: NormalModeHost): SerialLine {
  /** 9600 baud, one stop bit, no parity, eight data bits. */
  let coding = Uint8Array.of(0x80, 0x25, 0, 0, 0, 0, 8)

  function setLineCoding(data: Uint8Array): ControlAnswer {
    if (data.length !== lineCodingBytes) return { kind: 'stall' }
    coding = data.slice()
    const baud = new DataView(coding.buffer).getUint32(0, true)
    if (baud === dfuBaud) host.resetAfter(0, 'dfu')
    return { kind: 'ack' }
  }

  return {
    control(setup, data) {
      const isRead = setup.requestType === classIn && setup.request === requests.getLineCoding
      if (isRead) return { kind: 'data', data: coding.slice(0, setup.lengthBytes) }
      if (setup.requestType !== classOut) return null
      if (setup.request === requests.setLineCoding) return setLineCoding(data)
      return setup.request === requests.setControlLineState ? { kind: 'ack' } : null
    },
  }
}
