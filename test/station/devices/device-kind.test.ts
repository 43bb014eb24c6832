// What is plugged in, without asking it: a device that nobody named is never opened.
import { describe, expect, it } from 'vitest'
import { deviceKind } from '../../../src/main/station/devices/device-kind.ts'
import { stationQuirks } from '../../../src/main/station/devices/known-quirks.ts'
import { isSharedLoader, sharedLoaderOf } from '../../../src/main/station/devices/shared-loaders.ts'
import { deviceAt } from '../slots/devices.ts'

const book = stationQuirks(null)
const audio = [1, 1, 0] as const
const wireless = [0xe0, 1, 1] as const
const runTime = [0xfe, 1, 1] as const
const dfuMode = [0xfe, 1, 2] as const

type InterfaceClass = readonly [number, number, number]

/** A device that throws whatever is done to it, with these interfaces. */
function plugged(vendorId: number, productId: number, ...classes: readonly InterfaceClass[]) {
  const interfaces = classes.flatMap((each, number) => [9, 4, number, 0, 0, ...each, 0])
  const configuration = () => Uint8Array.from([9, 2, 9 + interfaces.length, 0, 1, 1, 0, 0x80, 50, ...interfaces])
  return { ...deviceAt('1-1', 2, { vendorId, productId }), configuration }
}

describe('what is plugged in', () => {
  it.each([
    ['a Boron', plugged(0x2b04, 0xc00d, runTime), 'particle'],
    ['a Particle device that is not served', plugged(0x2b04, 0xffff, runTime), 'particle'],
    ['a loader', plugged(0x1209, 0x0002, dfuMode), 'dfu device'],
    ['a program with a run-time interface', plugged(0x1209, 0x0001, audio, runTime), 'dfu device'],
    ["a laptop's Bluetooth chip with DFU", plugged(0x0a12, 0x0001, wireless, wireless, runTime), 'dfu device'],
    ["a laptop's Bluetooth chip without", plugged(0x8087, 0x0029, wireless, wireless), 'other'],
    ['a bootloader that has DFU on any interface', plugged(0x03eb, 0x2ff4, [0, 0, 0]), 'dfu device'],
    ['a fingerprint reader that quirks say is none', plugged(0x10a5, 0xffe0, runTime), 'other'],
    ['a disk with the class of DFU in its subclass only', plugged(0x1209, 3, [8, 0xfe, 1]), 'other'],
    ['a device without any interface', plugged(0x1209, 3), 'other'],
  ])('%s is told from ids and descriptors', (_what, device, kind) => {
    expect(deviceKind(device, book)).toBe(kind)
  })

  it('is something else where its descriptors cannot be had, or are broken', () => {
    const device = plugged(0x1209, 2, dfuMode)
    const configuration = () => {
      throw new Error('gone')
    }
    expect(deviceKind({ ...device, configuration }, book)).toBe('other')
    for (const lengthBytes of [0, 1, 5, 9, 14]) {
      const cut = () => device.configuration().subarray(0, lengthBytes)
      expect(deviceKind({ ...device, configuration: cut }, book)).toBe('other')
    }
    expect(deviceKind({ ...device, configuration: () => new Uint8Array(64) }, book)).toBe('other')
  })
})

describe('ids of a loader', () => {
  it.each(['0483:df11', '28e9:0189', '1fc9:000c', '1eaf:0003', '03eb:2ff4', '2e3c:df11'])('%s are shared', (ids) => {
    const [vendorId = 0, productId = 0] = ids.split(':').map((hex) => Number.parseInt(hex, 16))
    expect(isSharedLoader({ vendorId, productId })).toBe(true)
    expect(sharedLoaderOf({ vendorId, productId })).not.toBeNull()
  })

  it.each(['1209:0002', '1d50:5119', '0483:5740', '03eb:2042', '03eb:2fdd'])('%s are of one product', (ids) => {
    const [vendorId = 0, productId = 0] = ids.split(':').map((hex) => Number.parseInt(hex, 16))
    expect(isSharedLoader({ vendorId, productId })).toBe(false)
  })
})
