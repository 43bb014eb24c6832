// What people call one board: its device ID, or the ids and the serial number of a device that has none.
import { type DfuIdentity, usbIdText } from './dfu-identity.ts'
import type { BoardIdentity } from './identity.ts'
import type { LedgerRecord } from './record.ts'

/** "e00fce68…" of a Particle board; "0483:df11 3677365A3037", or "0483:df11 on 1-1.2" where the serial tells nothing. */
export function boardName(board: BoardIdentity): string {
  return board.kind === 'particle' ? board.deviceId : deviceName(board)
}

/** "boron", or the product name of a device, or its ids. */
export function boardType(board: BoardIdentity): string {
  if (board.kind === 'particle') return board.platform
  return board.productName.known ? board.productName.value : usbIdText(board)
}

/** Whose words a fault is told in: a platform, or 'device'; what describeFault asks for. */
export function platformOrDevice(board: BoardIdentity | null): string | null {
  if (board === null) return null
  return board.kind === 'particle' ? board.platform : 'device'
}

export function recordName({ deviceId, device }: Pick<LedgerRecord, 'deviceId' | 'device'>): string {
  return deviceId ?? (device ? deviceName(device) : '')
}

export function recordType({ platform, device }: Pick<LedgerRecord, 'platform' | 'device'>): string {
  return platform ?? (device ? boardType(device) : '')
}

function deviceName(device: Pick<DfuIdentity, 'vendorId' | 'productId' | 'serialNumber' | 'twins' | 'portPath'>) {
  const { serialNumber, twins, portPath } = device
  const isUnique = serialNumber.known && twins.length === 0
  return `${usbIdText(device)} ${isUnique ? serialNumber.value : `on ${portPath}`}`
}
