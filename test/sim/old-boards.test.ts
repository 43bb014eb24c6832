import { describe, expect, it } from 'vitest'
import { arrival, benchOf, limits } from './dfu-host.ts'

describe('a board out of a drawer', () => {
  it.each([
    ['photon', '0.5.2'],
    ['photon', '0.6.3'],
    ['p1', '0.5.2'],
    ['electron', '0.5.2'],
  ] as const)('a %s with Device OS %s starts and stalls every vendor request', async (platform, deviceOs) => {
    const { bus, board } = benchOf({ platform, deviceOs })
    const device = await arrival(bus)
    expect(board.mode()).toBe('normal')
    await device.open(limits.signal)
    const init = { requestType: 0xc0, request: 1, value: 0, index: 20 }
    await expect(device.controlIn(init, 64, limits)).rejects.toMatchObject({ code: 'USB_STALL' })
    const raw = { requestType: 0xc0, request: 0x50, value: 0, index: 20 }
    await expect(device.controlIn(raw, 64, limits)).rejects.toMatchObject({ code: 'USB_STALL' })
  })

  it.each([
    ['photon', '0.5.2', '00000000010C'],
    ['photon', '0.6.3', null],
  ] as const)('a %s with Device OS %s is in DFU mode what its bootloader says: %s', async (...row) => {
    const [platform, deviceOs, constant] = row
    const { bus, board } = benchOf({ platform, deviceOs, start: 'dfu' })
    const device = await arrival(bus)
    await device.open(limits.signal)
    const { serialNumberIndex } = device
    const text = await device.controlIn(
      { requestType: 0x80, request: 6, value: 0x300 + serialNumberIndex, index: 0x409 },
      255,
      limits,
    )
    const shown = Buffer.from(text.subarray(2)).toString('utf16le')
    expect(shown).toBe(constant ?? board.facts().deviceId.toUpperCase())
  })
})
