// Whether a device that came back can be the one that left, by its serial number. A loader and a program of one device may
// have serial numbers of two schemes: then only those of the same mode can be compared. Pure.
import type { DfuIdentity } from '../../../shared/model/dfu-identity.ts'
import { valueOrNull } from '../../../shared/model/identity.ts'

export interface SeenSerials {
  normal: string | null
  dfu: string | null
}

export function seenSerials(board: DfuIdentity): SeenSerials {
  const serials: SeenSerials = { normal: null, dfu: null }
  noteSerial(serials, board)
  return serials
}

export function noteSerial(serials: SeenSerials, { mode, serialNumber }: DfuIdentity): void {
  serials[mode] ??= valueOrNull(serialNumber)
}

/**
 * Why it is another device, or null. Of two modes the serial numbers are held against each other only when they are
 * equally long: ST's ROM, say, has twelve digits where programs on the same chip have twenty-four.
 */
export function serialComplaint(serials: SeenSerials, { mode, serialNumber }: DfuIdentity): string | null {
  const now = valueOrNull(serialNumber)
  const before = serials[mode]
  const elsewhere = serials[mode === 'dfu' ? 'normal' : 'dfu']
  if (now === null) return null
  if (before !== null) return now === before ? null : `its serial number is ${now}, it was ${before}`
  if (elsewhere === null || elsewhere.length !== now.length || elsewhere === now) return null
  return `its serial number is ${now}, in the other mode it was ${elsewhere}`
}
