// One simulated board at the end of a bare wire, asked by SETUP packets written out as bytes.
import type { SimSetup } from '../../../src/main/sim/board-parts.ts'
import type { TransferOutcome } from '../../../src/main/sim/endpoint-zero.ts'
import { visitOf } from '../../../src/main/sim/simulated-device.ts'
import type { Visit } from '../../../src/main/sim/visit.ts'
import { arrival, benchOf } from '../dfu-host.ts'

export interface Wire {
  readonly visit: Visit
  /** Eight bytes in hex, spaces as one likes; data for an OUT stage. */
  send(setup: string, data?: Uint8Array): Promise<TransferOutcome>
  /** What an IN transfer brought, in hex; "stall" and the like otherwise. */
  ask(setup: string): Promise<string>
}

export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))
}

/** Bytes in hex, in a row. */
function row(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** The same without the spaces and line ends of a text written by hand. */
export function compact(text: string): string {
  return text.replaceAll(/\s/g, '')
}

export async function wireTo(entry: object): Promise<Wire> {
  const { bus } = benchOf(entry)
  const visit = visitOf(await arrival(bus))
  if (!visit) throw new Error('no simulated device')
  const send = (setup: string, data: Uint8Array = new Uint8Array()) => {
    const limits = { timeoutMs: 1000, signal: new AbortController().signal }
    return visit.endpoint.transfer(setupOf(hex(setup)), data, limits)
  }
  return {
    visit,
    send,
    ask: async (setup) => {
      const outcome = await send(setup)
      return outcome.kind === 'data' ? row(outcome.data) : outcome.kind
    },
  }
}

function setupOf(bytes: Uint8Array): SimSetup {
  const view = new DataView(bytes.buffer)
  return {
    requestType: view.getUint8(0),
    request: view.getUint8(1),
    value: view.getUint16(2, true),
    index: view.getUint16(4, true),
    lengthBytes: view.getUint16(6, true),
  }
}
