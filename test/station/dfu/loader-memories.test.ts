// Memory strings as they are in the field, and what is relied on.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loaderMemories } from '../../../src/main/station/dfu/loader-memories.ts'
import { formatMemoryMap, sectorsFor } from '../../../src/main/station/dfu/memory-map.ts'

const mapOf = (name: string | null, serialNumber?: string | null) => {
  const gd32 = serialNumber === undefined ? null : { serialNumber }
  const map = loaderMemories([{ alternate: 0, stringIndex: 1, name }], gd32)[0]?.map ?? null
  return map && formatMemoryMap(map)
}

describe('a memory string', () => {
  it.each([
    ['@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg', '@Internal Flash /0x08000000/4*16Kg,1*64Kg,7*128Kg'],
    ['@Option Bytes  /0x1FFFC000/01*016 e/0x1FFEC000/01*016 e', '@Option Bytes /0x1fffc000/1*16Be/0x1ffec000/1*16Be'],
    ['@OTP Memory /0x1FFF7800/01*512 e,01*016 e', '@OTP Memory /0x1fff7800/1*512Be,1*16Be'],
    ['@Device Feature/0xFFFF0000/01*004 e', '@Device Feature /0xffff0000/1*4Be'],
    ['@Option Bytes   /0x5200201C/01*297 e', '@Option Bytes /0x5200201c/1*297Be'],
    ['@Option Bytes /0x1FFF0000/01*040e', '@Option Bytes /0x1fff0000/1*40Be'],
    ['@Flash /0x08000000/64*128Ba,448*128Bg', '@Flash /0x08000000/64*128Ba,448*128Bg'],
  ])('%s is a map', (name, map) => {
    expect(mapOf(name)).toBe(map)
  })

  it('keeps its map where rubbish follows, as a loader of STM32F42x has it', () => {
    const name = '@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg\ucc50\u01a8\u2e54\ubebf\u4b2d'
    expect(mapOf(name)).toBe('@Internal Flash /0x08000000/4*16Kg,1*64Kg,7*128Kg')
  })

  it.each([
    null,
    'Program',
    'RAM 0x32000000',
    '@',
    '@Flash',
    '@Flash/0x0',
    '@Flash/0x0/',
    '@Flash/0x0/1*g',
    '@F/0x0/0*1Kg',
    '@F/0xffffffff/2*1Mg',
  ])('%s is none', (name) => {
    expect(mapOf(name)).toBeNull()
  })

  it('is a map or none, whatever it is, and never one of other memory than it names', () => {
    const segment = fc.tuple(
      fc.nat({ max: 99 }),
      fc.nat({ max: 999 }),
      fc.constantFrom('', ' ', 'B', 'K', 'M'),
      fc.constantFrom('a', 'g', 'h'),
    )
    const words = segment.map(([count, size, unit, letter]) => `${count}*${size}${unit}${letter}`)
    const part = fc.oneof(
      fc.constantFrom('@Flash ', '/0x08000000/', '/', ',', 'g', '*'),
      words,
      fc.string({ maxLength: 5 }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const text = mapOf(parts.join(''))
        if (text !== null) expect(mapOf(text)).toBe(text)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the memory string of a GD32VF103', () => {
  const wrong = '@Internal Flash  /0x08000000/512*002Kg'

  it.each([
    ['3CBJ', 128],
    ['3C8J', 64],
    ['3C6J', 32],
    ['3C4J', 16],
    ['3VDJ', 256],
    ['3T2J', 8],
    ['xx3CBJ', 128],
  ])('has the pages that %s tells: %i of 1 KiB', (serialNumber, pages) => {
    expect(mapOf(wrong, serialNumber)).toBe(`@Internal Flash /0x08000000/${pages}*1Kg`)
  })

  it('is not relied on without a part number, unless it has pages of 1 KiB by itself', () => {
    expect(mapOf(wrong, null)).toBeNull()
    expect(mapOf(wrong, '1234')).toBeNull()
    expect(mapOf('@Internal Flash  /0x08000000/128*001Kg', null)).toBe('@Internal Flash /0x08000000/128*1Kg')
  })

  it('is relied on where it is not of the flash', () => {
    expect(mapOf('@Option Bytes  /0x1FFFF800/01*016 g', '3CBJ')).toBe('@Option Bytes /0x1ffff800/1*16Bg')
  })

  it('takes bytes behind the end of the flash for outside', () => {
    const [memory] = loaderMemories([{ alternate: 0, stringIndex: 1, name: wrong }], { serialNumber: '3C4J' })
    const map = memory?.map ?? expect.fail()
    expect(() => sectorsFor(map, { address: 0x08004000, sizeBytes: 1 })).toThrow('DFU_ADDRESS_FORBIDDEN')
  })
})
