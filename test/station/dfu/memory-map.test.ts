import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatMemoryMap,
  isLocked,
  type MemorySegment,
  parseMemoryMap,
  sectorsFor,
} from '../../../src/main/station/dfu/memory-map.ts'

const gen2 = '@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg'
const nrf = '@Internal Flash   /0x00000000/1*004Ka,47*004Kg,192*004Kg,4*004Kg,4*004Kg,8*004Ka'
const published = [
  gen2,
  '@DCT Flash   /0x00000000/01*016Kg',
  '@Serial Flash   /0x00000000/256*004Kg',
  nrf,
  '@DCT Flash   /0x00000000/1*016Ke',
  '@External Flash   /0x80000000/1024*004Kg',
  '@External Flash   /0x80000000/2048*004Kg',
  '@Internal Flash   /0x08000000/2048*004Kg',
]

describe('the memory maps of Particle boards', () => {
  it('are read with their sizes', () => {
    const ends = published.map((text) => {
      const last = parseMemoryMap(text).segments.at(-1)
      return last ? last.startAddress + last.sectorBytes * last.sectorCount : null
    })
    expect(ends).toEqual([0x08100000, 0x4000, 0x100000, 0x100000, 0x4000, 0x80400000, 0x80800000, 0x08800000])
  })

  it('tell what each sector allows', () => {
    const rights = (address: number) => {
      const [sector] = sectorsFor(parseMemoryMap(nrf), { address, sizeBytes: 1 })
      return [sector?.isReadable, sector?.isErasable, sector?.isWritable]
    }
    expect(rights(0x0)).toEqual([true, false, false])
    expect(rights(0x1000)).toEqual([true, true, true])
    expect(rights(0xf8000)).toEqual([true, false, false])
  })

  it('are locked when every letter is b', () => {
    expect(isLocked(parseMemoryMap('@DCT Flash   /0x00000000/1*016Kb'))).toBe(true)
    expect(isLocked(parseMemoryMap(nrf.replaceAll('Kg', 'Kb').replaceAll('Ka', 'Kb')))).toBe(true)
    expect(isLocked(parseMemoryMap(nrf))).toBe(false)
    expect(isLocked(parseMemoryMap('@DCT Flash   /0x00000000/1*016Ke'))).toBe(false)
  })
})

describe('a memory map', () => {
  it('may have several groups, units and long counts', () => {
    const map = parseMemoryMap('@Two /0x08000000/12345*001Kg,2*16 e/0x1FFF7800/01*512Be,1*1Ma')
    expect(map.segments.map((each) => [each.startAddress, each.sectorCount, each.sectorBytes])).toEqual([
      [0x08000000, 12345, 1024],
      [0x08000000 + 12345 * 1024, 2, 16],
      [0x1fff7800, 1, 512],
      [0x1fff7a00, 1, 1024 * 1024],
    ])
  })

  it('may leave the unit out, as some ST devices do', () => {
    expect(parseMemoryMap('@OTP /0x1FFF7800/01*512e').segments[0]?.sectorBytes).toBe(512)
  })

  it.each([
    ['@Flash /0x08000000/03*016Kh', '03*016Kh'],
    ['@Flash /0x08000000/03*016Ka,1*0Kg', '1*0Kg'],
    ['@Flash /0x08000000/00*016Ka', '00*016Ka'],
    ['@Flash /0x08000000/3x016Ka', '3x016Ka'],
    ['@Flash /8000000/3*016Ka', '8000000'],
    ['@Flash /0x08000000', '0x08000000'],
    ['@Flash /0x08000000/1*4Kg/0x09000000', '0x09000000'],
    ['@Flash /0xFFFFF000/2*4Kg', '2*4Kg'],
    ['Flash /0x08000000/1*4Kg', 'Flash /0x08000000/1*4Kg'],
    ['@Flash', '@Flash'],
  ])('that is malformed is refused by its fragment: %s', (text, fragment) => {
    expect(() => parseMemoryMap(text)).toThrow(`DFU_PROTOCOL: memory map: "${fragment}" is not understood`)
  })

  it('refuses ranges that leave it, wherever they leave it', () => {
    const map = parseMemoryMap('@Gap /0x1000/2*4Kg/0x8000/1*4Kg')
    expect(sectorsFor(map, { address: 0x1000, sizeBytes: 0x2000 })).toHaveLength(2)
    expect(sectorsFor(map, { address: 0x1000, sizeBytes: 0 })).toEqual([])
    expect(() => sectorsFor(map, { address: 0xfff, sizeBytes: 1 })).toThrow('DFU_ADDRESS_FORBIDDEN: 0x00000fff')
    expect(() => sectorsFor(map, { address: 0x2000, sizeBytes: 0x1001 })).toThrow('0x00003000 is outside')
    expect(() => sectorsFor(map, { address: 0x8fff, sizeBytes: 2 })).toThrow('0x00009000 is outside')
  })

  it('of more sectors than any chip has is nonsense, and no memory is spent on it', () => {
    const map = parseMemoryMap('@Bytes /0x00000000/67108864*1Bg')
    expect(() => sectorsFor(map, { address: 0, sizeBytes: 67_108_864 })).toThrow(
      /DFU_PROTOCOL.* more than 262144 sectors/,
    )
    expect(sectorsFor(map, { address: 0, sizeBytes: 512 })).toHaveLength(512)
  })

  it('round-trips through its string', () => {
    fc.assert(
      fc.property(memoryMaps, (map) => {
        expect(parseMemoryMap(formatMemoryMap(map))).toEqual(map)
      }),
    )
  })

  it('gives sectors that cover a range without gap or overlap', () => {
    fc.assert(
      fc.property(memoryMaps, fc.nat(), fc.nat(), (map, at, length) => {
        const segment = map.segments[at % map.segments.length] as MemorySegment
        const bytes = segment.sectorBytes * segment.sectorCount
        const address = segment.startAddress + (at % bytes)
        const sizeBytes = 1 + (length % (segment.startAddress + bytes - address))
        fc.pre(sizeBytes / segment.sectorBytes < 5000)
        const sectors = sectorsFor(map, { address, sizeBytes })
        const first = sectors[0]
        const last = sectors.at(-1)
        expect(first && first.address <= address && address < first.address + first.sizeBytes).toBe(true)
        expect(last && last.address < address + sizeBytes).toBe(true)
        expect(last && last.address + last.sizeBytes >= address + sizeBytes).toBe(true)
        for (const [i, sector] of sectors.entries()) {
          const next = sectors[i + 1]
          if (next) expect(next.address).toBe(sector.address + sector.sizeBytes)
        }
      }),
      { numRuns: 50 },
    )
  })
})

const segmentShape = fc.record({
  sectorBytes: fc.oneof(fc.constantFrom(1024, 4096, 16384, 131072, 1048576), fc.integer({ min: 1, max: 99_999 })),
  sectorCount: fc.integer({ min: 1, max: 2048 }),
  rights: fc.integer({ min: 1, max: 7 }),
  gapBytes: fc.constantFrom(0, 0, 0, 4096, 0x100000),
})

const memoryMaps = fc
  .record({
    name: fc.stringMatching(/^[A-Za-z][A-Za-z ]{0,20}[A-Za-z]$/),
    start: fc.integer({ min: 0, max: 0x90000000 }),
    shapes: fc.array(segmentShape, { minLength: 1, maxLength: 6 }),
  })
  .map(({ name, start, shapes }) => {
    let at = start
    const segments: MemorySegment[] = []
    for (const { sectorBytes, sectorCount, rights, gapBytes } of shapes) {
      const startAddress = at + (segments.length === 0 ? 0 : gapBytes)
      at = startAddress + sectorBytes * sectorCount
      const isReadable = (rights & 1) !== 0
      segments.push({
        startAddress,
        sectorBytes,
        sectorCount,
        isReadable,
        isErasable: (rights & 2) !== 0,
        isWritable: (rights & 4) !== 0,
      })
    }
    return { name, segments }
  })
  .filter(({ segments }) => {
    const last = segments.at(-1)
    return last !== undefined && last.startAddress + last.sectorBytes * last.sectorCount <= 2 ** 32
  })
