// Boards and session states that the tests of this folder share.
import { createErasedSectors } from '../../../src/main/station/dfu/erased-sectors.ts'
import { type DfuFamilyName, dfuFamilies } from '../../../src/main/station/dfu/families.ts'
import { type MemoryMap, parseMemoryMap } from '../../../src/main/station/dfu/memory-map.ts'
import type { SessionState } from '../../../src/main/station/dfu/session-state.ts'
import { type BoardOptions, type BoardSector, DfuBoard } from './dfu-board.ts'

export function newState(family: DfuFamilyName, phase: SessionState['phase'] = 'unknown'): SessionState {
  const facts = dfuFamilies[family]
  const blockBytes = facts.blockBytes ?? 4096
  const erased = createErasedSectors()
  return { family: facts, blockBytes, erased, phase, promptAt: new Set(), bornStalls: 0, alternate: null }
}

export function sectorsOf(map: MemoryMap): BoardSector[] {
  return map.segments.flatMap((segment) =>
    Array.from({ length: segment.sectorCount }, (_, at) => ({
      address: segment.startAddress + at * segment.sectorBytes,
      sizeBytes: segment.sectorBytes,
    })),
  )
}

export function boardOf(map: MemoryMap, options: Partial<BoardOptions> = {}): DfuBoard {
  const sectors = sectorsOf(map)
  return new DfuBoard({ base: sectors[0]?.address ?? 0, sectors, ...options })
}

/** Sixteen pages of the middle of an nRF52840's flash. */
export const nrfMap = parseMemoryMap('@Internal Flash   /0x00030000/16*004Kg')
/** Four large sectors as Gen 2 has them. */
export const gen2Map = parseMemoryMap('@Internal Flash   /0x08020000/04*128Kg')

export function noise(sizeBytes: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(sizeBytes)
  let x = seed
  for (let at = 0; at < sizeBytes; at += 1) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0
    bytes[at] = x >>> 24
  }
  return bytes
}
