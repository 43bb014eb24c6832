// Microsoft OS 1.0 descriptors, byte for byte: the compatible ID and the properties of the interface that WinUSB gets.
import { describe, expect, it } from 'vitest'
import { compact, wireTo } from './wire.ts'

const compatibleId = (interfaceNumber: string) =>
  compact(`28 00 00 00  00 01  04 00  01  00 00 00 00 00 00 00
    ${interfaceNumber} 01  57 49 4e 55 53 42 00 00  00 00 00 00 00 00 00 00  00 00 00 00 00 00`)

/** One property of type REG_MULTI_SZ: DeviceInterfaceGUIDs, and the GUID with two zeros at its end. */
function properties(guid: string): string {
  const wide = (text: string) =>
    [...text].map((sign) => `${sign.charCodeAt(0).toString(16).padStart(2, '0')}00`).join('')
  return compact(`92 00 00 00  00 01  05 00  01 00  88 00 00 00  07 00 00 00
    2a 00 ${wide('DeviceInterfaceGUIDs\0')} 50 00 00 00 ${wide(`${guid}\0\0`)}`)
}

const dfuGuid = '{37fb5f90-1a34-4929-933b-8a27e1850033}'
const normalGuid = '{20b6cfa4-6dc7-468a-a8db-faa7c23ddea5}'

describe.each([
  { platform: 'photon', start: 'dfu', number: '00', guid: dfuGuid, dummyBytes: 10 },
  { platform: 'boron', start: 'dfu', number: '00', guid: dfuGuid, dummyBytes: 10 },
  { platform: 'p2', start: 'dfu', number: '00', guid: dfuGuid, dummyBytes: 4096 },
  { platform: 'photon', start: 'normal', number: '02', guid: normalGuid, dummyBytes: 10 },
  { platform: 'boron', start: 'normal', number: '02', guid: normalGuid, dummyBytes: 10 },
  { platform: 'p2', start: 'normal', number: '00', guid: normalGuid, dummyBytes: 64 },
])('a $platform in $start mode', ({ platform, start, number, guid, dummyBytes }) => {
  const other = number === '00' ? '01' : '00'

  it('names WINUSB for its one interface', async () => {
    const { ask } = await wireTo({ platform, start })
    expect(await ask('c0 ee 00 00 04 00 28 00')).toBe(compatibleId(number))
    expect(await ask('c0 ee 00 00 04 00 10 00')).toBe(compatibleId(number).slice(0, 32))
    expect(await ask('c0 ee 00 00 04 00 00 10')).toBe(compatibleId(number))
  })

  it('tells its GUID by the low byte of wValue, whatever the high byte; first the head, as Windows asks, then all', async () => {
    const { ask } = await wireTo({ platform, start })
    expect(await ask(`c1 ee ${number} 00 05 00 0a 00`)).toBe(properties(guid).slice(0, 20))
    expect(await ask(`c1 ee ${number} 00 05 00 92 00`)).toBe(properties(guid))
    expect(await ask(`c1 ee ${number} 01 05 00 00 10`)).toBe(properties(guid))
    expect(properties(guid)).toHaveLength(2 * 0x92)
  })

  it('answers zeros for another interface: what its buffer holds', async () => {
    const { ask } = await wireTo({ platform, start })
    expect(await ask(`c1 ee ${other} 00 05 00 0a 00`)).toBe('00'.repeat(10))
    expect(await ask(`c1 ee ${other} 00 05 00 00 10`)).toBe('00'.repeat(dummyBytes))
  })

  it('answers no other request of that vendor code in DFU mode', async () => {
    const { ask } = await wireTo({ platform, start: 'dfu' })
    for (const setup of ['c0 ee 00 00 05 00 0a 00', 'c1 ee 00 00 04 00 28 00', 'c0 ee 00 00 07 00 0a 00']) {
      expect([setup, await ask(setup)]).toEqual([setup, 'stall'])
    }
  })
})
