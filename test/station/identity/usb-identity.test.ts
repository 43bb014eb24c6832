import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import { identify } from '../../../src/main/station/identity/identify.ts'
import { isBoard, serialDeviceId, usbIdentityOf } from '../../../src/main/station/identity/usb-identity.ts'
import type { UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { parsePortPath } from '../../../src/shared/model/ids.ts'
import { platformIds, platformNames } from '../../../src/shared/model/platform.ts'

const ids = (vendorId: number, productId: number) => ({ vendorId, productId })
const signal = new AbortController().signal

/** A device of which only the serial string can be read. */
function device(productId: number, serial: () => string): UsbDevice {
  const refuse = async () => {
    throw new Fault('USB_STALL', 'test')
  }
  return {
    portPath: parsePortPath('1-1') ?? expect.fail(),
    deviceAddress: 2,
    vendorId: 0x2b04,
    productId,
    deviceRelease: 0,
    manufacturerIndex: 1,
    productIndex: 2,
    serialNumberIndex: 3,
    configuration: () => new Uint8Array(0),
    open: async () => {},
    controlIn: async ({ requestType, value }) => {
      if (requestType !== 0x80 || value !== 0x0303) throw new Fault('USB_STALL', 'test')
      const text = Buffer.from(serial(), 'utf16le')
      return Uint8Array.of(text.length + 2, 3, ...text)
    },
    controlOut: refuse,
    claim: async () => {},
    release: async () => {},
    selectAlternate: async () => {},
    reset: async () => {},
    close: async () => {},
  }
}

describe('the USB ids', () => {
  it('tell every platform in both modes', () => {
    for (const platform of platformNames) {
      const id = platformIds[platform]
      expect(usbIdentityOf(ids(0x2b04, 0xc000 | id))).toEqual({ kind: 'board', platform, mode: 'normal' })
      expect(usbIdentityOf(ids(0x2b04, 0xd000 | id))).toEqual({ kind: 'board', platform, mode: 'dfu' })
    }
  })

  it('name what is refused', () => {
    const reasonOf = (vendorId: number, productId: number) => {
      const found = usbIdentityOf(ids(vendorId, productId))
      return found.kind === 'refused' ? found.reason : found.kind
    }
    expect(reasonOf(0x1d50, 0x607f)).toBe('Core (1d50:607f) is not served')
    expect(reasonOf(0x1d50, 0x607d)).toBe('Core (1d50:607d) is not served')
    expect(reasonOf(0x2b04, 0xc02a)).toBe('Tachyon (2b04:c02a) is not served')
    expect(reasonOf(0x05c6, 0x9008)).toBe('Tachyon in its download mode (05c6:9008) is not served')
    expect(reasonOf(0x2b04, 0xd058)).toBe('RedBear Duo (2b04:d058) is not served')
    expect(reasonOf(0x2b04, 0xc067)).toBe('Bluz (2b04:c067) is not served')
    expect(reasonOf(0x2b04, 0xd0ff)).toBe('unknown platform 255 (2b04:d0ff) is not served')
    expect(reasonOf(0x2b04, 0x000d)).toContain('is not served')
  })

  it('tell Particle devices from strangers', () => {
    expect([isBoard(ids(0x2b04, 0xc00d)), isBoard(ids(0x1d50, 0x607d)), isBoard(ids(0x0483, 0xdf11))]).toEqual([
      true,
      true,
      false,
    ])
  })
})

describe('the serial string', () => {
  const read = (serial: () => string, timeoutMs = 1000) =>
    serialDeviceId(device(0xc00d, serial), { clock: createVirtualClock(), signal, timeoutMs })

  it('is the device ID in either case, whatever unprintable it is padded with', async () => {
    expect(await read(() => 'E00FCE68AABBCCDDEEFF0011\0\u0001')).toBe('e00fce68aabbccddeeff0011')
  })

  it('is none before Device OS 0.6.0', async () => {
    expect(await read(() => '00000000050C')).toBeNull()
  })

  it('is asked for again while the board does not answer, until the deadline', async () => {
    let asked = 0
    const late = await read(() => {
      asked += 1
      if (asked < 4) throw new Fault('USB_TIMEOUT', 'test')
      return 'e00fce68aabbccddeeff0011'
    })
    expect([late, asked]).toEqual(['e00fce68aabbccddeeff0011', 4])
    const never = read(() => {
      throw new Fault('USB_TIMEOUT', 'still nothing')
    })
    await expect(never).rejects.toMatchObject({ code: 'USB_TIMEOUT' })
  })
})

describe('identifying', () => {
  const options = { clock: createVirtualClock(), signal, timeoutMs: 200 }

  it('refuses what it does not know by name', async () => {
    const thrown = identify(
      device(0xc02a, () => ''),
      options,
    )
    await expect(thrown).rejects.toMatchObject({ code: 'DEVICE_UNKNOWN', detail: expect.stringContaining('Tachyon') })
  })

  it('without a device ID is that of an old board on Gen 2, and unreadable elsewhere', async () => {
    const cases = [
      [0xc006, 'BOARD_WITHOUT_ID'],
      [0xd006, 'BOARD_WITHOUT_ID'],
      [0xd00d, 'IDENTITY_UNREADABLE'],
    ] as const
    for (const [productId, code] of cases) {
      const thrown = identify(
        device(productId, () => '00000000050C'),
        options,
      )
      await expect(thrown).rejects.toMatchObject({ code })
    }
  })

  it('gives a reason for each value of a board that refuses all requests', async () => {
    const board = await identify(
      device(0xc00d, () => 'e00fce68aabbccddeeff0011'),
      options,
    )
    const values = [
      board.serialNumber,
      board.iccid,
      board.imei,
      board.deviceOsVersion,
      board.modules,
      board.isProtected,
    ]
    for (const value of values) expect(value).toEqual({ known: false, reason: 'test' })
  })

  it('does not take a board that leaves for one that cannot be read', async () => {
    const leaving = device(0xc00d, () => {
      throw new Fault('USB_GONE', 'test')
    })
    await expect(identify(leaving, options)).rejects.toMatchObject({ code: 'USB_GONE' })
  })
})
