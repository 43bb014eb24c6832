import { describe, expect, it } from 'vitest'
import { layouts } from '../../src/main/sim/layouts.ts'

const texts = (platform: keyof typeof layouts) => layouts[platform].alternates.map(({ text }) => text)
const protectedTexts = (platform: keyof typeof layouts) => layouts[platform].alternates.map((alt) => alt.protectedText)

describe('the memory strings', () => {
  it('are those of the real bootloaders, spaces included', () => {
    expect(texts('photon')).toEqual([
      '@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg',
      '@DCT Flash   /0x00000000/01*016Kg',
    ])
    expect(texts('boron')).toEqual([
      '@Internal Flash   /0x00000000/1*004Ka,47*004Kg,192*004Kg,4*004Kg,4*004Kg,8*004Ka',
      '@DCT Flash   /0x00000000/1*016Ke',
      '@External Flash   /0x80000000/1024*004Kg',
    ])
    expect(texts('p2')).toEqual(['@Internal Flash   /0x08000000/2048*004Kg', '@DCT Flash   /0x00000000/1*016Ke'])
  })

  it('show every segment as erasable only while the board is protected', () => {
    expect(protectedTexts('boron')).toEqual([
      '@Internal Flash   /0x00000000/1*004Kb,47*004Kb,192*004Kb,4*004Kb,4*004Kb,8*004Kb',
      '@DCT Flash   /0x00000000/1*016Kb',
      '@External Flash   /0x80000000/1024*004Kb',
    ])
    expect(protectedTexts('p2')).toEqual([
      '@Internal Flash   /0x08000000/2048*004Kb',
      '@DCT Flash   /0x00000000/1*016Kb',
    ])
  })
})
