// What tells the boards of a chip family from each other on USB, written out by hand for every platform: ids, product
// texts, the strings of its memories and their indexes. The rest of a family's bytes is in descriptors.test.ts.
import { describe, expect, it } from 'vitest'
import { platformNames } from '../../../src/shared/model/platform.ts'
import { compact, wireTo } from './wire.ts'

interface Family {
  /** With the platform's id in place of ID. */
  readonly dfuDevice: string
  readonly normalDevice: string
  readonly firstName: number
  readonly memories: readonly string[]
  readonly controlName: number
}

const gen2: Family = {
  dfuDevice: '12 01 00 02 00 00 00 40 04 2b ID d0 50 02 01 02 03 01',
  normalDevice: '12 01 00 02 ef 02 01 40 04 2b ID c0 50 02 01 02 03 01',
  firstName: 6,
  memories: ['@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg', '@DCT Flash   /0x00000000/01*016Kg'],
  controlName: 9,
}
const nrf: Family = {
  dfuDevice: '12 01 00 02 00 00 00 40 04 2b ID d0 51 02 01 02 03 01',
  // [U]: bcdDevice 02 01, for version 1.2.
  normalDevice: '12 01 00 02 ef 02 01 40 04 2b ID c0 02 01 01 02 03 01',
  firstName: 6,
  memories: [
    '@Internal Flash   /0x00000000/1*004Ka,47*004Kg,192*004Kg,4*004Kg,4*004Kg,8*004Ka',
    '@DCT Flash   /0x00000000/1*016Ke',
    '@External Flash   /0x80000000/1024*004Kg',
  ],
  controlName: 5,
}
const nrf8: Family = { ...nrf, memories: [...nrf.memories.slice(0, 2), '@External Flash   /0x80000000/2048*004Kg'] }
const rtl: Family = {
  dfuDevice: '12 01 00 02 00 00 00 40 04 2b ID d0 52 02 01 02 03 01',
  normalDevice: '12 01 00 02 ef 02 01 40 04 2b ID c0 51 02 01 02 03 01',
  firstName: 5,
  memories: ['@Internal Flash   /0x08000000/2048*004Kg', '@DCT Flash   /0x00000000/1*016Ke'],
  controlName: 5,
}
const p1: Family = { ...gen2, memories: [...gen2.memories, '@Serial Flash   /0x00000000/256*004Kg'] }

/** Low byte of both product ids, and the product text. [U]: texts of boards of which no descriptors were seen. */
const boards: Readonly<Record<string, readonly [Family, string, string]>> = {
  photon: [gen2, '06', 'Photon'],
  p1: [p1, '08', 'P1'],
  electron: [gen2, '0a', 'Electron'],
  argon: [nrf, '0c', 'Argon'],
  boron: [nrf, '0d', 'Boron'],
  xenon: [nrf, '0e', 'Xenon'],
  esomx: [nrf8, '0f', 'E SoM X'],
  asom: [nrf, '16', 'A SoM'],
  bsom: [nrf, '17', 'B SoM'],
  xsom: [nrf, '18', 'X SoM'],
  b5som: [nrf8, '19', 'B5 SoM'],
  tracker: [nrf8, '1a', 'Tracker'],
  trackerm: [rtl, '1c', 'Tracker M'],
  p2: [rtl, '20', 'P2'],
  msom: [rtl, '23', 'M SoM'],
  electron2: [nrf, '25', 'Electron 2'],
  sulu: [rtl, '26', 'sulu'],
}

const stringOf = (text: string) => {
  const units = Buffer.from(text, 'utf16le').toString('hex')
  return `${(text.length * 2 + 2).toString(16).padStart(2, '0')}03${units}`
}
const indexOf = (index: number) => `80 06 ${index.toString(16).padStart(2, '0')} 03 09 04 ff 00`

it('describes every platform', () => {
  expect(Object.keys(boards)).toEqual(platformNames)
})

describe.each(Object.entries(boards))('a %s', (platform, [family, id, product]) => {
  it('shows in DFU mode its id, its name and a string for each of its memories', async () => {
    const { ask } = await wireTo({ platform, start: 'dfu' })
    expect(await ask('80 06 00 01 00 00 12 00')).toBe(compact(family.dfuDevice.replace('ID', id)))
    expect(await ask(indexOf(2))).toBe(stringOf(`${product} DFU Mode`))
    const configuration = await ask('80 06 00 02 00 00 ff 00')
    const alternates = family.memories.map(
      (_, alternate) => `090400${`0${alternate}`}00fe01020${family.firstName + alternate}`,
    )
    expect(configuration.slice(18)).toBe(`${alternates.join('')}09210bff0000101a01`)
    for (const [alternate, text] of family.memories.entries()) {
      expect(await ask(indexOf(family.firstName + alternate))).toBe(stringOf(text))
    }
  })

  it('shows while Device OS runs its id and its name', async () => {
    const { ask } = await wireTo({ platform })
    expect(await ask('80 06 00 01 00 00 12 00')).toBe(compact(family.normalDevice.replace('ID', id)))
    expect(await ask(indexOf(2))).toBe(stringOf(product))
    expect(await ask(indexOf(family.controlName))).toBe(stringOf(`${product} Control Interface`))
  })
})
