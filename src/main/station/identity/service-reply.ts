// The packed reply of the service requests INIT, CHECK and RESET of Device OS (usb_control_request_channel.h). Pure.
import { Fault } from '../../../shared/fault/fault.ts'

const serviceStatuses = { ok: 0, error: 1, pending: 2, busy: 3, noMemory: 4, notFound: 5 } as const
export type ServiceStatus = keyof typeof serviceStatuses

export interface ServiceReply {
  readonly status: ServiceStatus
  /** Id of the request, where the reply has one. */
  readonly id: number | null
  /** Bytes of the reply's payload; 0 where the reply has none. */
  readonly sizeBytes: number
  /** Result code of the request's handler; null while it has not run to its end. */
  readonly result: number | null
}

const statusFlag = 0x01
const idFlag = 0x02
const sizeFlag = 0x04
const resultFlag = 0x08

/** Throws CONTROL_REQUEST_FAILED when the bytes are no service reply. */
export function parseServiceReply(bytes: Uint8Array): ServiceReply {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 4
  const take = (sizeBytes: number, get: (at: number) => number): number => {
    at += sizeBytes
    return get(at - sizeBytes)
  }
  try {
    const flags = view.getUint32(0, true)
    const status = (flags & statusFlag) !== 0 ? take(2, (from) => view.getUint16(from, true)) : serviceStatuses.ok
    const id = (flags & idFlag) !== 0 ? take(2, (from) => view.getUint16(from, true)) : null
    const sizeBytes = (flags & sizeFlag) !== 0 ? take(4, (from) => view.getUint32(from, true)) : 0
    const result = (flags & resultFlag) !== 0 ? take(4, (from) => view.getInt32(from, true)) : null
    return { status: nameOf(status), id, sizeBytes, result }
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown
    const hex = Buffer.from(bytes).toString('hex')
    throw new Fault('CONTROL_REQUEST_FAILED', `service reply too short: "${hex}"`, { cause: thrown })
  }
}

function nameOf(status: number): ServiceStatus {
  for (const [name, value] of Object.entries(serviceStatuses)) if (value === status) return name as ServiceStatus
  throw new Fault('CONTROL_REQUEST_FAILED', `service reply with unknown status ${status}`)
}
