// Which pieces an erase takes along.
import { describe, expect, it } from 'vitest'
import { sectorMates } from '../../../src/main/station/device-jobs/sector-mates.ts'
import { parseMemoryMap } from '../../../src/main/station/dfu/memory-map.ts'
import type { DevicePiece } from '../../../src/shared/model/device-plan.ts'
import { flashMap, sha256Of } from './device-samples.ts'

const map = parseMemoryMap(flashMap)
const at = (position: number, address: number, sizeBytes: number): DevicePiece => ({
  ...{ position, alternate: 0, memory: 'Internal Flash', address, sizeBytes, sha256: sha256Of(`${position}`) },
})
const pieces = [
  at(1, 0x0800_0000, 0x100),
  at(2, 0x0800_1000, 0x4000),
  at(3, 0x0800_7000, 0x100),
  at(4, 0x0800_8000, 0x100),
  { ...at(5, 0x0800_1000, 0x100), alternate: 1 },
]
const matesOf = (position: number) => {
  const [piece] = pieces.filter((each) => each.position === position)
  return piece && sectorMates(piece, pieces, map).map((mate) => mate.position)
}

describe('an erase for one piece', () => {
  it('takes along what shares its sectors, and what shares sectors with that', () => {
    expect(matesOf(1)).toEqual([2, 3])
    expect(matesOf(2)).toEqual([1, 3])
    expect(matesOf(3)).toEqual([2, 1])
  })

  it('leaves the next sector and another memory alone', () => {
    expect([matesOf(4), matesOf(5)]).toEqual([[], []])
  })

  it('is unknown where a memory has no map: nothing is erased by sectors there', () => {
    expect(sectorMates(at(1, 0, 1), pieces, null)).toEqual([])
  })
})
