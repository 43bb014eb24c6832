// The packed reply of the service requests INIT, CHECK and RESET: field flags, status, then only the fields present
// (usb_control_request_channel, 6 to 16 bytes, little-endian).

export const serviceStatus = { ok: 0, error: 1, pending: 2, busy: 3, noMemory: 4, notFound: 5 } as const

export interface ServiceReply {
  readonly status: number
  readonly id?: number
  /** Size of the reply body, when there is one. */
  readonly sizeBytes?: number
  /** Result code of the handler. */
  readonly result?: number
}

const fieldFlags = { status: 0x01, id: 0x02, size: 0x04, result: 0x08 } as const

export function packServiceReply(reply: ServiceReply): Uint8Array {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  let present: number = fieldFlags.status
  let at = 6
  view.setUint16(4, reply.status, true)
  if (reply.id !== undefined) {
    present |= fieldFlags.id
    view.setUint16(at, reply.id, true)
    at += 2
  }
  if (reply.sizeBytes !== undefined) {
    present |= fieldFlags.size
    view.setUint32(at, reply.sizeBytes, true)
    at += 4
  }
  if (reply.result !== undefined) {
    present |= fieldFlags.result
    view.setInt32(at, reply.result, true)
    at += 4
  }
  view.setUint32(0, present, true)
  return bytes.slice(0, at)
}
