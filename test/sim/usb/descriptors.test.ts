// Every byte that a simulated board says about itself, written out by hand for each family and mode: device and
// configuration descriptor, the string table, the functional descriptor. Lines with [U] hold what no source told.
import { describe, expect, it } from 'vitest'
import { compact, wireTo } from './wire.ts'

const deviceId = {
  boron: 'e00fce68a1b2c3d4e5f60718',
  p2: '0a10aced2021a1b2c3d4e5f6',
  photon: '27003f000547353138383138',
}

interface Shown {
  readonly device: string
  readonly configuration: string
  /** By index; what is not here stalls. */
  readonly strings: Readonly<Record<number, string>>
}

const memoryMaps = {
  photon: ['@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg', '@DCT Flash   /0x00000000/01*016Kg'],
  boron: [
    '@Internal Flash   /0x00000000/1*004Ka,47*004Kg,192*004Kg,4*004Kg,4*004Kg,8*004Ka',
    '@DCT Flash   /0x00000000/1*016Ke',
    '@External Flash   /0x80000000/1024*004Kg',
  ],
  p2: ['@Internal Flash   /0x08000000/2048*004Kg', '@DCT Flash   /0x00000000/1*016Ke'],
} as const

const shown: Readonly<Record<string, Shown>> = {
  'photon dfu': {
    device: '12 01 00 02 00 00 00 40 04 2b 06 d0 50 02 01 02 03 01',
    configuration: `09 02 24 00 01 01 02 c0 32
      09 04 00 00 00 fe 01 02 06
      09 04 00 01 00 fe 01 02 07
      09 21 0b ff 00 00 10 1a 01`,
    strings: {
      ...{ 1: 'Particle', 2: 'Photon DFU Mode', 3: deviceId.photon, 4: 'DFU', 5: 'DFU' },
      ...{ 6: memoryMaps.photon[0], 7: memoryMaps.photon[1] },
    },
  },
  'boron dfu': {
    device: '12 01 00 02 00 00 00 40 04 2b 0d d0 51 02 01 02 03 01',
    configuration: `09 02 2d 00 01 01 04 c0 32
      09 04 00 00 00 fe 01 02 06
      09 04 00 01 00 fe 01 02 07
      09 04 00 02 00 fe 01 02 08
      09 21 0b ff 00 00 10 1a 01`,
    strings: {
      ...{ 1: 'Particle', 2: 'Boron DFU Mode', 3: deviceId.boron, 4: 'Boron DFU Mode', 5: 'Boron DFU Mode' },
      ...{ 6: memoryMaps.boron[0], 7: memoryMaps.boron[1], 8: memoryMaps.boron[2] },
      // [U]: the text that GETSTATUS names when protection refused something.
      10: 'Protected: refused',
    },
  },
  'p2 dfu': {
    device: '12 01 00 02 00 00 00 40 04 2b 20 d0 52 02 01 02 03 01',
    configuration: `09 02 24 00 01 01 04 c0 32
      09 04 00 00 00 fe 01 02 05
      09 04 00 01 00 fe 01 02 06
      09 21 0b ff 00 00 10 1a 01`,
    strings: {
      // [U]: 4, and 7 as above.
      ...{ 1: 'Particle', 2: 'P2 DFU Mode', 3: deviceId.p2, 4: 'P2 DFU Mode' },
      ...{ 5: memoryMaps.p2[0], 6: memoryMaps.p2[1], 7: 'Protected: refused' },
    },
  },
  'photon normal': {
    device: '12 01 00 02 ef 02 01 40 04 2b 06 c0 50 02 01 02 03 01',
    // [U]: the string index of the serial port, 0a.
    configuration: `09 02 54 00 03 01 04 80 32
      08 0b 00 02 02 02 01 0a
      09 04 00 00 01 02 02 01 0a
      05 24 00 10 01  05 24 01 00 01  04 24 02 02  05 24 06 00 01
      07 05 83 03 08 00 10
      09 04 01 00 02 0a 00 00 0a
      07 05 01 02 40 00 10
      07 05 81 02 40 00 00
      09 04 02 00 00 ff ff ff 09`,
    strings: {
      // [U]: 4.
      ...{ 1: 'Particle', 2: 'Photon', 3: deviceId.photon, 4: 'Photon Configuration' },
      ...{ 9: 'Photon Control Interface', 10: 'Photon Serial' },
    },
  },
  'boron normal': {
    // [U]: bcdDevice 02 01, for version 1.2.
    device: '12 01 00 02 ef 02 01 40 04 2b 0d c0 02 01 01 02 03 01',
    // [U]: c0 32, the interval 10, the string index 05.
    configuration: `09 02 54 00 03 01 04 c0 32
      08 0b 00 02 02 02 01 00
      09 04 00 00 01 02 02 01 00
      05 24 00 10 01  05 24 01 03 01  04 24 02 02  05 24 06 00 01
      07 05 82 03 40 00 10
      09 04 01 00 02 0a 00 00 00
      07 05 81 02 40 00 00
      07 05 01 02 40 00 00
      09 04 02 00 00 ff ff ff 05`,
    strings: {
      // [U]: 4.
      ...{ 1: 'Particle', 2: 'Boron', 3: deviceId.boron, 4: 'Boron Configuration', 5: 'Boron Control Interface' },
    },
  },
  'p2 normal': {
    device: '12 01 00 02 ef 02 01 40 04 2b 20 c0 51 02 01 02 03 01',
    configuration: `09 02 54 00 03 01 04 80 fa
      09 04 00 00 00 ff ff ff 05
      08 0b 01 02 02 02 01 06
      09 04 01 00 01 02 02 01 06
      05 24 00 10 01  05 24 01 00 02  04 24 02 02  05 24 06 01 02
      07 05 81 03 08 00 10
      09 04 02 00 02 0a 00 00 06
      07 05 02 02 40 00 10
      07 05 83 02 40 00 10`,
    strings: {
      // [U]: 4.
      ...{ 1: 'Particle', 2: 'P2', 3: deviceId.p2, 4: 'P2 Configuration' },
      ...{ 5: 'P2 Control Interface', 6: 'P2 USB Serial' },
    },
  },
}

const microsoftString = '12 03 4d 00 53 00 46 00 54 00 31 00 30 00 30 00 ee 00'

/** bLength, type 3, UTF-16LE. */
function stringBytes(text: string): string {
  const units = [...text].map((sign) => `${sign.charCodeAt(0).toString(16).padStart(2, '0')}00`).join('')
  return `${(text.length * 2 + 2).toString(16).padStart(2, '0')}03${units}`
}

function entryOf(name: string): object {
  const [platform = '', start] = name.split(' ')
  return { platform, start, deviceId: deviceId[platform as keyof typeof deviceId] }
}

describe.each(Object.keys(shown))('a %s', (name) => {
  const { device, configuration, strings } = shown[name] as Shown

  it('shows its device and its configuration descriptor', async () => {
    const { ask } = await wireTo(entryOf(name))
    expect(await ask('80 06 00 01 00 00 ff 00')).toBe(compact(device))
    expect(await ask('80 06 00 02 00 00 ff 00')).toBe(compact(configuration))
  })

  it('shows its strings, in US English alone and whatever language is asked for; no other index has one', async () => {
    const { ask } = await wireTo(entryOf(name))
    const read = (index: number, language: string) =>
      ask(`80 06 ${index.toString(16).padStart(2, '0')} 03 ${language} ff 00`)
    expect(await read(0, '00 00')).toBe('04030904')
    expect(await read(0xee, '00 00')).toBe(compact(microsoftString))
    for (let index = 1; index < 256; index += 1) {
      if (index === 0xee) continue
      const text = strings[index]
      expect([index, await read(index, '09 04')]).toEqual([index, text === undefined ? 'stall' : stringBytes(text)])
    }
    expect(await read(1, '07 04')).toBe(stringBytes('Particle'))
  })

  it('cuts what it shows to the length that was asked for', async () => {
    const { ask } = await wireTo(entryOf(name))
    const cut = (text: string, sizeBytes: number) => compact(text).slice(0, sizeBytes * 2)
    expect(await ask('80 06 00 01 00 00 08 00')).toBe(cut(device, 8))
    expect(await ask('80 06 00 01 00 00 40 00')).toBe(compact(device))
    expect(await ask('80 06 00 02 00 00 09 00')).toBe(cut(configuration, 9))
    expect(await ask('80 06 03 03 09 04 02 00')).toBe('3203')
    expect(await ask('80 06 01 03 09 04 00 00')).toBe('')
  })

  it('stalls where a full-speed USB 2.00 device has no descriptor: qualifier, other speed, BOS, a second configuration', async () => {
    const { ask } = await wireTo(entryOf(name))
    for (const value of ['00 06', '00 07', '00 0f', '01 02', '00 04', '00 05', '00 21', '00 22', '00 29']) {
      expect([value, await ask(`80 06 ${value} 00 00 ff 00`)]).toEqual([value, 'stall'])
    }
  })
})

describe('the DFU functional descriptor', () => {
  it.each(['photon', 'boron', 'p2'])('of a %s is told by its interface, in DFU mode only', async (platform) => {
    const dfu = await wireTo({ platform, start: 'dfu' })
    expect(await dfu.ask('81 06 00 21 00 00 09 00')).toBe('09210bff0000101a01')
    expect(await dfu.ask('81 06 00 21 00 00 03 00')).toBe('09210b')
    expect(await (await wireTo({ platform })).ask('81 06 00 21 00 00 09 00')).toBe('stall')
  })
})

describe('a protected board', () => {
  it.each([
    ['boron', 6, '@Internal Flash   /0x00000000/1*004Kb,47*004Kb,192*004Kb,4*004Kb,4*004Kb,8*004Kb'],
    ['boron', 7, '@DCT Flash   /0x00000000/1*016Kb'],
    ['boron', 8, '@External Flash   /0x80000000/1024*004Kb'],
    ['p2', 5, '@Internal Flash   /0x08000000/2048*004Kb'],
    ['p2', 6, '@DCT Flash   /0x00000000/1*016Kb'],
  ])('%s shows in string %i that its memory can be erased and no more', async (platform, index, text) => {
    const { ask } = await wireTo({ platform, start: 'dfu', protected: true })
    expect(await ask(`80 06 0${index} 03 09 04 ff 00`)).toBe(stringBytes(text))
  })
})

describe('the state of a bootloader from 6.2.0 on', () => {
  it.each([
    [false, '1203730 06d003d006f00 0000 0000 0000 0000'],
    [true, '1203730 06d003d007000 0000 0000 0000 0000'],
    ['service' as const, '1203730 06d003d007300 0000 0000 0000 0000'],
  ])('is string 0xFA, eight characters: protected %s', async (isProtected, bytes) => {
    const { ask } = await wireTo({ platform: 'boron', start: 'dfu', deviceOs: '6.2.1', protected: isProtected })
    expect(await ask('80 06 fa 03 09 04 ff 00')).toBe(compact(bytes))
  })
})
