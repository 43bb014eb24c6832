// Who a device is that speaks USB DFU and is no Particle board, as far as it could be read. It has no device ID of its own
// that can be trusted to be unique: the port it is on decides which device it is.
import type { BoardMode, Readable } from './identity.ts'
import type { PortPath } from './ids.ts'

/** dfu: USB DFU 1.0 and 1.1, blocks counted from 0. dfuse: ST's DfuSe, with addresses. */
export type DfuProtocol = 'dfu' | 'dfuse'

/** One memory of a device: an alternate setting of its DFU interface. */
export interface DfuMemory {
  readonly alternate: number
  /** The interface string as the device has it, with its memory map; null where it has none. */
  readonly name: string | null
}

export interface DfuIdentity {
  readonly kind: 'dfu'
  readonly portPath: PortPath
  /** normal: its own program runs and offers a DFU run-time interface. */
  readonly mode: BoardMode
  readonly vendorId: number
  readonly productId: number
  /** bcdDevice: in normal mode the version of its program, in DFU mode that of its loader. */
  readonly revision: number
  readonly manufacturer: Readable<string>
  readonly productName: Readable<string>
  readonly serialNumber: Readable<string>
  /** Other ports on which a device with the same ids and serial number is or was: then the serial tells nothing. */
  readonly twins: readonly PortPath[]
  /** Known in DFU mode. */
  readonly protocol: Readable<DfuProtocol>
  /** From the functional descriptor, as the quirks correct it. */
  readonly canUpload: boolean
  readonly canDownload: boolean
  /** Empty in normal mode, where a device does not say. */
  readonly memories: readonly DfuMemory[]
  /** Names after fwupd's rule, the most specific first: "USB\\VID_0483&PID_DF11&REV_0200", and the GUID of each. */
  readonly instances: readonly DfuInstance[]
  /** Flags and forced values that are in force for it, in fwupd's words: "ignore-polltimeout", "DfuForceTimeout=5000". */
  readonly quirks: readonly string[]
  /** Its ids are those of a loader that many products share: they do not say which product it is. */
  readonly isSharedLoader: boolean
}

export interface DfuInstance {
  readonly instanceId: string
  readonly guid: string
}

/** "0483:df11" */
export function usbIdText({ vendorId, productId }: Pick<DfuIdentity, 'vendorId' | 'productId'>): string {
  return `${hex4(vendorId)}:${hex4(productId)}`
}

/** bcdDevice as people write it: 0x0102 is "1.02". A digit above 9 is no BCD: then as hex, "0x01a2". */
export function revisionText(revision: number): string {
  const digits = hex4(revision)
  if (/[a-f]/.test(digits)) return `0x${digits}`
  return `${Number(digits.slice(0, 2))}.${digits.slice(2)}`
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0')
}
