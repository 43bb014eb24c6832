// The four messages by which a host that is far away carries transfers to a device: USB/IP's URB part, as the kernel's
// Documentation/usb/usbip_protocol.rst has it. All fields are big-endian but the SETUP packet. Pure.
import { Fault } from '../../../shared/fault/fault.ts'
import type { SimSetup } from '../board-parts.ts'

const headerSizeBytes = 48
const commandSubmit = 1
const commandUnlink = 2
const answerSubmit = 3
const answerUnlink = 4
const isoPacketSizeBytes = 16
/** As many as the kernel takes (USBIP_MAX_ISO_PACKETS). */
const mostIsoPackets = 1024
/** Said of transfers that are not isochronous; Linux itself says 0. */
const notIsochronous = -1
/** No transfer of a full-speed device comes near; a longer one is nonsense or malice. */
const mostTransferBytes = 1024 * 1024
/** wLength has 16 bits. */
const mostControlBytes = 0xffff
const mostEndpoint = 15
/** URB_SHORT_NOT_OK: fewer bytes than asked for are an error. */
const flagShortNotOk = 1

/** Negative error numbers of Linux, as URB statuses: EPIPE, EREMOTEIO, EINVAL, ECONNRESET, ESHUTDOWN. */
export const urbStatus = { done: 0, stall: -32, short: -121, refused: -22, unlinked: -104, gone: -108 } as const

export interface UrbSubmit {
  readonly kind: 'submit'
  readonly sequence: number
  /** Bus and device number of the import that this belongs to. */
  readonly deviceId: number
  /** Endpoint number with the direction in bit 7, as descriptors have it; 0 and 0x80 for control transfers. */
  readonly endpoint: number
  /** Room for data of an IN transfer; what came with an OUT transfer is in `data`. */
  readonly lengthBytes: number
  readonly isShortRefused: boolean
  /** As it was sent, for the answer to repeat. */
  readonly packetCount: number
  readonly isIsochronous: boolean
  readonly setup: SimSetup
  readonly data: Uint8Array
}

export interface UrbUnlink {
  readonly kind: 'unlink'
  readonly sequence: number
  readonly deviceId: number
  /** Sequence of the transfer that is given up. */
  readonly target: number
}

export type UrbCommand = UrbSubmit | UrbUnlink

/**
 * The first command in the bytes and how many it took; null when more bytes are needed. CALL_REJECTED says what makes
 * the bytes no command: after it, nothing that follows can be understood.
 */
export function readUrbCommand(bytes: Buffer): { readonly command: UrbCommand; readonly sizeBytes: number } | null {
  if (bytes.length < headerSizeBytes) return null
  const kind = bytes.readUInt32BE(0)
  if (kind === commandUnlink) {
    const [sequence, deviceId, target] = [bytes.readUInt32BE(4), bytes.readUInt32BE(8), bytes.readUInt32BE(20)]
    return { command: { kind: 'unlink', sequence, deviceId, target }, sizeBytes: headerSizeBytes }
  }
  if (kind !== commandSubmit) throw refusal(`command ${kind}`)
  return readSubmit(bytes)
}

function readSubmit(bytes: Buffer): { readonly command: UrbSubmit; readonly sizeBytes: number } | null {
  const isIn = readDirection(bytes)
  const number = bytes.readUInt32BE(16)
  if (number > mostEndpoint) throw refusal(`endpoint ${number}`)
  const lengthBytes = bytes.readInt32BE(24)
  const most = number === 0 ? mostControlBytes : mostTransferBytes
  if (lengthBytes < 0 || lengthBytes > most) throw refusal(`${lengthBytes} bytes in one transfer`)
  const packetCount = bytes.readInt32BE(32)
  if (packetCount < notIsochronous || packetCount > mostIsoPackets) throw refusal(`${packetCount} packets`)
  const dataEnd = headerSizeBytes + (isIn ? 0 : lengthBytes)
  const sizeBytes = dataEnd + Math.max(0, packetCount) * isoPacketSizeBytes
  if (bytes.length < sizeBytes) return null
  const command: UrbSubmit = {
    kind: 'submit',
    sequence: bytes.readUInt32BE(4),
    deviceId: bytes.readUInt32BE(8),
    endpoint: number | (isIn ? 0x80 : 0),
    lengthBytes,
    isShortRefused: (bytes.readUInt32BE(20) & flagShortNotOk) !== 0,
    packetCount,
    isIsochronous: packetCount > 0,
    setup: readSetup(bytes),
    data: Uint8Array.from(bytes.subarray(headerSizeBytes, dataEnd)),
  }
  return { command, sizeBytes }
}

function readDirection(bytes: Buffer): boolean {
  const direction = bytes.readUInt32BE(12)
  if (direction > 1) throw refusal(`direction ${direction}`)
  return direction === 1
}

const setupAt = 40

function readSetup(bytes: Buffer): SimSetup {
  return {
    requestType: bytes.readUInt8(setupAt),
    request: bytes.readUInt8(setupAt + 1),
    value: bytes.readUInt16LE(setupAt + 2),
    index: bytes.readUInt16LE(setupAt + 4),
    lengthBytes: bytes.readUInt16LE(setupAt + 6),
  }
}

interface SubmitEnding {
  readonly status: number
  /** Bytes of either direction that were transferred. */
  readonly movedBytes: number
  /** What an IN transfer brought; its length is `movedBytes`. */
  readonly data?: Uint8Array
}

/** RET_SUBMIT: how a transfer ended. */
export function submitAnswer({ sequence, packetCount, isIsochronous }: UrbSubmit, ending: SubmitEnding): Buffer {
  const { status, movedBytes, data } = ending
  const answer = Buffer.alloc(headerSizeBytes + (data?.length ?? 0))
  answer.writeUInt32BE(answerSubmit, 0)
  answer.writeUInt32BE(sequence, 4)
  answer.writeInt32BE(status, 20)
  answer.writeInt32BE(movedBytes, 24)
  // A refused isochronous transfer had no packets, so that no descriptors of them follow.
  answer.writeInt32BE(isIsochronous ? 0 : packetCount, 32)
  if (data) answer.set(data, headerSizeBytes)
  return answer
}

/** RET_UNLINK: "unlinked" when the transfer was still pending, "done" when its answer went out before. */
export function unlinkAnswer({ sequence }: UrbUnlink, wasPending: boolean): Buffer {
  const answer = Buffer.alloc(headerSizeBytes)
  answer.writeUInt32BE(answerUnlink, 0)
  answer.writeUInt32BE(sequence, 4)
  answer.writeInt32BE(wasPending ? urbStatus.unlinked : urbStatus.done, 20)
  return answer
}

function refusal(what: string): Fault {
  return new Fault('CALL_REJECTED', `USB/IP: ${what}`)
}
