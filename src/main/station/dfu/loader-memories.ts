// The memories of a loader: its alternate settings with their names, and the memory map where a name is one. Maps in the
// field are sometimes followed by rubbish, and sometimes wrong: what cannot be relied on is no map.
import { cleanText } from '../../../shared/model/clean-text.ts'
import type { DfuAlternate } from './interfaces.ts'
import { isMemoryMap, type MemoryMap, parseMemoryMap } from './memory-map.ts'

export interface LoaderMemory {
  readonly alternate: number
  /** The interface string without what a screen would obey; null where it has none. */
  readonly name: string | null
  /** Null where the name is no memory map that can be relied on. */
  readonly map: MemoryMap | null
}

export interface NamedAlternate extends DfuAlternate {
  readonly name: string | null
}

/** `gd32`: of a GD32VF103, whose map of its flash is wrong; null of every other device. */
export function loaderMemories(named: readonly NamedAlternate[], gd32: Gd32 | null): readonly LoaderMemory[] {
  return named.map(({ alternate, name: said }) => {
    const name = said === null ? null : cleanText(said) || null
    const map = name === null ? null : looseMap(name)
    return { alternate, name, map: gd32 && map ? gd32Map(map, gd32) : map }
  })
}

export interface Gd32 {
  /** The serial number, in which the part number is: "3CBJ". */
  readonly serialNumber: string | null
}

/** From the first "@" to the last segment that is whole; bootloaders of STM32F42x leave rubbish behind it. */
const wholeMap =
  /^@[^/]*(?:\/\s*0x[0-9a-fA-F]{1,8}\s*\/\s*\d{1,8}\*\d{1,8}[ BKM]?[a-g](?:,\s*\d{1,8}\*\d{1,8}[ BKM]?[a-g])*\s*)+/

/** The map in a name, without what follows it; null when there is none. */
function looseMap(name: string): MemoryMap | null {
  if (!isMemoryMap(name)) return null
  const [text = name] = wholeMap.exec(name) ?? []
  try {
    return parseMemoryMap(text)
  } catch {
    return null
  }
}

const gd32FlashAddress = 0x08000000
const gd32PageBytes = 1024
/** Third character of the part number: KiB of flash (GD32VF103 data sheet, tables 2-1 and 2-2). */
const gd32FlashKib: Readonly<Record<string, number>> = { '2': 8, '4': 16, '6': 32, '8': 64, B: 128, D: 256 }
const gd32PartNumber = /3.([2468BD])J/

/** The flash of a GD32VF103 has pages of 1 KiB, whatever its map says; how many, its serial number tells. */
function gd32Map(map: MemoryMap, { serialNumber }: Gd32): MemoryMap | null {
  const [flash] = map.segments
  if (flash?.startAddress !== gd32FlashAddress) return map
  const [, size = ''] = gd32PartNumber.exec(serialNumber ?? '') ?? []
  const kib = gd32FlashKib[size]
  if (kib !== undefined) return { ...map, segments: [{ ...flash, sectorBytes: gd32PageBytes, sectorCount: kib }] }
  return flash.sectorBytes === gd32PageBytes ? map : null
}
