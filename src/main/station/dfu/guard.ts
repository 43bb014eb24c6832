// The last look before memory is touched: the sectors of a range, or the reason why it must stay as it is. Pure.

import { assertNever, Fault } from '../../../shared/fault/fault.ts'
import { addressText } from '../../../shared/model/address.ts'
import type { DfuFamily } from './families.ts'
import { isLocked, type MemoryMap, type MemorySector, sectorsFor } from './memory-map.ts'

export interface GuardedRange {
  readonly alternate: number
  readonly address: number
  readonly sizeBytes: number
  readonly use: 'erase' | 'write' | 'read'
  /** True when the sectors will be erased, so that all their bytes count as touched. */
  readonly erases: boolean
}

/**
 * The sectors of the range. Throws DEVICE_PROTECTED when the board is locked, DFU_ADDRESS_FORBIDDEN when the range is
 * outside the map, in a sector without that right, or in memory the host must protect.
 */
export function guardedSectors(family: DfuFamily, map: MemoryMap, range: GuardedRange): readonly MemorySector[] {
  if (family.announcesLock && isLocked(map))
    throw new Fault('DEVICE_PROTECTED', `memory "${map.name}" is locked: every sector is erasable only`)
  const sectors = sectorsFor(map, range)
  const barred = sectors.find((sector) => !isAllowed(sector, range.use))
  if (barred) throw new Fault('DFU_ADDRESS_FORBIDDEN', `sector ${addressText(barred.address)} allows no ${range.use}`)
  if (range.use !== 'read') refuseForbidden(family, range, sectors)
  return sectors
}

function isAllowed(sector: MemorySector, use: GuardedRange['use']): boolean {
  switch (use) {
    case 'erase':
      return sector.isErasable
    case 'write':
      return sector.isWritable
    case 'read':
      return sector.isReadable
    default:
      return assertNever(use)
  }
}

function refuseForbidden(family: DfuFamily, range: GuardedRange, sectors: readonly MemorySector[]): void {
  const first = sectors[0]
  const last = sectors.at(-1)
  if (!first || !last) return
  const start = range.erases ? first.address : range.address
  const end = range.erases ? last.address + last.sizeBytes : range.address + range.sizeBytes
  const hit = family.forbidden.find(
    (each) => each.alternate === range.alternate && each.startAddress < end && start < each.endAddress,
  )
  if (!hit) return
  const kept = `${hit.why} at ${addressText(hit.startAddress)}..${addressText(hit.endAddress)}`
  throw new Fault(
    'DFU_ADDRESS_FORBIDDEN',
    `${range.use} of ${addressText(start)}..${addressText(end)} would touch ${kept}`,
  )
}
