// The standard requests beside descriptors: status, features, configuration, alternate settings. By USB 2.0 section 9.4;
// what a real board does differently there is not known, but for the self-powered bit of Gen 2 [U].
import { describe, expect, it } from 'vitest'
import { hex, wireTo } from './wire.ts'

const setConfiguration = (value: string) => `00 09 ${value} 00 00 00 00 00`
const getConfiguration = '80 08 00 00 00 00 01 00'
const getStatus = 'a1 03 00 00 00 00 06 00'
const modes = [
  ['photon', 'normal'],
  ['photon', 'dfu'],
  ['boron', 'normal'],
  ['boron', 'dfu'],
  ['p2', 'normal'],
  ['p2', 'dfu'],
] as const

describe.each(modes)('a %s in %s mode', (platform, start) => {
  it('tells its status: of itself, of an interface that it has, of endpoint 0', async () => {
    const { ask } = await wireTo({ platform, start })
    expect(await ask('80 00 00 00 00 00 02 00')).toBe(platform === 'photon' ? '0100' : '0000')
    expect(await ask('81 00 00 00 00 00 02 00')).toBe('0000')
    expect(await ask('81 00 00 00 05 00 02 00')).toBe('stall')
    expect(await ask('82 00 00 00 00 00 02 00')).toBe('0000')
    expect(await ask('82 00 00 00 80 00 02 00')).toBe('0000')
    expect(await ask('82 00 00 00 87 00 02 00')).toBe('stall')
  })

  it('follows SET_CONFIGURATION to 1, to none and back; there is no other', async () => {
    const { ask } = await wireTo({ platform, start })
    expect(await ask(getConfiguration)).toBe('01')
    expect(await ask(setConfiguration('00'))).toBe('ack')
    expect(await ask(getConfiguration)).toBe('00')
    expect(await ask(setConfiguration('02'))).toBe('stall')
    expect(await ask(getConfiguration)).toBe('00')
    expect(await ask(setConfiguration('01'))).toBe('ack')
    expect(await ask(getConfiguration)).toBe('01')
  })

  it('has no interfaces until it is configured', async () => {
    const { ask, visit } = await wireTo({ platform, start })
    const askInterface = () => Promise.all(['81 0a 00 00 00 00 01 00', '01 0b 00 00 00 00 00 00'].map(ask))
    expect(await askInterface()).toEqual(['00', 'ack'])
    await visit.busReset()
    expect(visit.isConfigured()).toBe(false)
    expect(await askInterface()).toEqual(['stall', 'stall'])
    await ask(setConfiguration('01'))
    expect(await askInterface()).toEqual(['00', 'ack'])
  })

  it('takes remote wake-up and no other feature of itself, and an address', async () => {
    const { ask } = await wireTo({ platform, start })
    for (const request of ['01', '03']) {
      expect(await ask(`00 ${request} 01 00 00 00 00 00`)).toBe('ack')
      expect(await ask(`00 ${request} 02 00 00 00 00 00`)).toBe('stall')
      expect(await ask(`01 ${request} 00 00 00 00 00 00`)).toBe('stall')
      expect(await ask(`02 ${request} 00 00 00 00 00 00`)).toBe('ack')
    }
    expect(await ask('82 00 00 00 00 00 02 00')).toBe('0000')
    expect(await ask('00 05 07 00 00 00 00 00')).toBe('ack')
  })

  it('stalls what is no request: wrong directions, wrong recipients, SET_DESCRIPTOR, SYNCH_FRAME', async () => {
    const { send } = await wireTo({ platform, start })
    const wrong = ['00 00', '80 01', '00 06', '82 06', '00 08', '80 09', '01 0a', '81 0b', '00 07', '82 0c', '83 00']
    for (const pair of wrong) {
      expect([pair, (await send(`${pair} 00 00 00 00 00 00`)).kind]).toEqual([pair, 'stall'])
    }
  })
})

describe('alternate settings', () => {
  it.each([
    ['photon', 2],
    ['boron', 3],
    ['p2', 2],
  ] as const)('of a %s are %i, and stay over a bus reset', async (platform, count) => {
    const { ask, visit } = await wireTo({ platform, start: 'dfu' })
    for (let alternate = 0; alternate < 5; alternate += 1) {
      const isThere = alternate < count
      expect(await ask(`01 0b 0${alternate} 00 00 00 00 00`)).toBe(isThere ? 'ack' : 'stall')
      if (isThere) expect(await ask('81 0a 00 00 00 00 01 00')).toBe(`0${alternate}`)
    }
    expect(await ask('81 0a 00 00 00 00 01 00')).toBe(`0${count - 1}`)
    expect(await ask('01 0b 00 00 01 00 00 00')).toBe('stall')
    await visit.busReset()
    await ask(setConfiguration('01'))
    expect(await ask('81 0a 00 00 00 00 01 00')).toBe(`0${count - 1}`)
  })

  it.each(['photon', 'boron', 'p2'])(
    'of a %s in normal mode are one for each of three interfaces',
    async (platform) => {
      const { ask } = await wireTo({ platform })
      for (const number of ['00', '01', '02']) {
        expect(await ask(`01 0b 00 00 ${number} 00 00 00`)).toBe('ack')
        expect(await ask(`01 0b 01 00 ${number} 00 00 00`)).toBe('stall')
        expect(await ask(`81 0a 00 00 ${number} 00 01 00`)).toBe('00')
      }
      expect(await ask('81 0a 00 00 03 00 01 00')).toBe('stall')
    },
  )
})

describe('the endpoints of the serial port', () => {
  it.each([
    { platform: 'photon', notify: 0x83, out: 0x01, into: 0x81 },
    { platform: 'boron', notify: 0x82, out: 0x01, into: 0x81 },
    { platform: 'p2', notify: 0x81, out: 0x02, into: 0x83 },
  ])(
    'of a $platform keep silent, or take what comes; halted they say so until they are cleared',
    async ({ platform, notify, out, into }) => {
      const { ask, visit } = await wireTo({ platform })
      const address = (endpoint: number) => endpoint.toString(16).padStart(2, '0')
      expect([notify, out, into, 0x85, 0x05].map(visit.endpointState)).toEqual([
        ...['silent', 'sink', 'silent', 'absent', 'absent'],
      ])
      for (const endpoint of [notify, out, into]) {
        expect(await ask(`02 03 00 00 ${address(endpoint)} 00 00 00`)).toBe('ack')
        expect(visit.endpointState(endpoint)).toBe('halted')
        expect(await ask(`82 00 00 00 ${address(endpoint)} 00 02 00`)).toBe('0100')
        expect(await ask(`02 01 00 00 ${address(endpoint)} 00 00 00`)).toBe('ack')
        expect(await ask(`82 00 00 00 ${address(endpoint)} 00 02 00`)).toBe('0000')
      }
      expect(await ask('02 01 00 00 85 00 00 00')).toBe('stall')
      expect(await ask(`02 03 01 00 ${address(out)} 00 00 00`)).toBe('stall')
      await ask(`02 03 00 00 ${address(out)} 00 00 00`)
      await ask(setConfiguration('01'))
      expect(visit.endpointState(out)).toBe('sink')
      await ask(setConfiguration('00'))
      expect([notify, out, into].map(visit.endpointState)).toEqual(['absent', 'absent', 'absent'])
    },
  )
})

describe('SET_CONFIGURATION in DFU mode', () => {
  it.each(['photon', 'boron', 'p2'])('to 1 begins anew on a %s, to none changes no state', async (platform) => {
    const { ask, send } = await wireTo({ platform, start: 'dfu' })
    // An UPLOAD of block 1 is an error for every one of them.
    await send('a1 02 01 00 00 00 08 00')
    const before = await ask(getStatus)
    expect(hex(before)[4]).not.toBe(2)
    await ask(setConfiguration('00'))
    await ask(setConfiguration('01'))
    expect(await ask(getStatus)).toBe('000000000200')
  })
})
