// The four messages by which the kernel's virtual host controller speaks with a device: USB/IP's URB part, as
// Documentation/usb/usbip_protocol.rst of the kernel has it. All fields are big-endian but the SETUP packet. Pure.
import type { SimSetup } from '../../src/main/sim/board-parts.ts'

export const headerSizeBytes = 48
const commandSubmit = 1
const commandUnlink = 2
const answerSubmit = 3
const answerUnlink = 4
/** Negative error numbers of Linux, as URB statuses. */
export const urbStatus = { done: 0, stall: -32, unlinked: -104 } as const

export type UsbipCommand =
  | { readonly kind: 'submit'; readonly sequence: number; readonly setup: SimSetup; readonly data: Uint8Array }
  | { readonly kind: 'unlink'; readonly sequence: number; readonly target: number }

/** The first command in the bytes and how many it took; null when more bytes are needed. Throws on anything else. */
export function readCommand(bytes: Buffer): { readonly command: UsbipCommand; readonly sizeBytes: number } | null {
  if (bytes.length < headerSizeBytes) return null
  const kind = bytes.readUInt32BE(0)
  const sequence = bytes.readUInt32BE(4)
  if (kind === commandUnlink) {
    return { command: { kind: 'unlink', sequence, target: bytes.readUInt32BE(20) }, sizeBytes: headerSizeBytes }
  }
  const endpoint = bytes.readUInt32BE(16)
  if (kind !== commandSubmit || endpoint !== 0) throw new Error(`USB/IP command ${kind} on endpoint ${endpoint}`)
  const isOut = bytes.readUInt32BE(12) === 0
  const sizeBytes = headerSizeBytes + (isOut ? bytes.readInt32BE(24) : 0)
  if (bytes.length < sizeBytes) return null
  const data = Uint8Array.from(bytes.subarray(headerSizeBytes, sizeBytes))
  return { command: { kind: 'submit', sequence, setup: readSetup(bytes.subarray(40, 48)), data }, sizeBytes }
}

function readSetup(bytes: Buffer): SimSetup {
  return {
    requestType: bytes.readUInt8(0),
    request: bytes.readUInt8(1),
    value: bytes.readUInt16LE(2),
    index: bytes.readUInt16LE(4),
    lengthBytes: bytes.readUInt16LE(6),
  }
}

/** Answer to a submit: `moved` counts the data of either direction, `data` follows only for IN. */
export function submitAnswer(sequence: number, status: number, part: { moved: number; data: Uint8Array }): Buffer {
  const header = Buffer.alloc(headerSizeBytes)
  header.writeUInt32BE(answerSubmit, 0)
  header.writeUInt32BE(sequence, 4)
  header.writeInt32BE(status, 20)
  header.writeInt32BE(part.moved, 24)
  return Buffer.concat([header, part.data])
}

/** Answer to an unlink: "unlinked" when the transfer was still pending, "done" when its answer went out before. */
export function unlinkAnswer(sequence: number, status: number): Buffer {
  const header = Buffer.alloc(headerSizeBytes)
  header.writeUInt32BE(answerUnlink, 0)
  header.writeUInt32BE(sequence, 4)
  header.writeInt32BE(status, 20)
  return header
}
