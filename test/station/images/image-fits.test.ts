import { describe, expect, it } from 'vitest'
import { guidOf, instancesOf } from '../../../src/main/station/devices/instance-ids.ts'
import { imageFits, namesOfDevice, namesOfMatch } from '../../../src/main/station/images/image-fits.ts'
import { parseImages } from '../../../src/main/station/images/parse-image.ts'
import type { DeviceImage } from '../../../src/shared/model/device-image.ts'
import type { DfuIdentity } from '../../../src/shared/model/dfu-identity.ts'
import { cabFile, dfuFile, metainfo, program, type SuffixFields } from './image-builder.ts'

const payload = program(100)
const productGuid = guidOf('USB\\VID_1209&PID_4D46')
const loaderIds = { vendorId: 0x0483, productId: 0xdf11, deviceRelease: 0x2200 }

function suffixed(fields: SuffixFields): DeviceImage {
  return parseImages(dfuFile(payload, fields), { name: 'blinky.dfu' })[0]?.image as DeviceImage
}

function inCab(guids: readonly string[], bytes = payload): DeviceImage {
  const files = [
    { name: 'firmware.bin', bytes },
    { name: 'a.metainfo.xml', bytes: metainfo({ guids, releases: [{ payload: bytes }] }) },
  ]
  return parseImages(cabFile(files), { name: 'blinky.cab' })[0]?.image as DeviceImage
}

const fits = (image: DeviceImage, match: readonly string[]) => imageFits(image, namesOfMatch(match)).misfit === null

describe('a DFU suffix', () => {
  it('fits the device whose ids it has, and no other', () => {
    const image = suffixed({ vendorId: 0x1209, productId: 0x4d46 })
    expect(fits(image, ['1209:4d46'])).toBe(true)
    expect(fits(image, ['0483:df11', 'usb\\vid_1209&pid_4d46&rev_0100'])).toBe(true)
    expect(fits(image, ['1209:4d47'])).toBe(false)
    expect(fits(image, ['120a:4d46'])).toBe(false)
  })

  it('of another device is refused with both identities', () => {
    const image = suffixed({ vendorId: 0x1209, productId: 0x4d46 })
    const { misfit } = imageFits(image, namesOfMatch(['0483:df11']))
    expect(misfit).toMatch(/blinky\.dfu is for USB device 1209:4d46, the device is 0483:df11/)
  })

  it('fits any product of its vendor where it names no product, and any vendor where it names none', () => {
    expect(fits(suffixed({ vendorId: 0x1209 }), ['1209:4d46'])).toBe(true)
    expect(fits(suffixed({ vendorId: 0x1209 }), ['0483:df11'])).toBe(false)
    expect(fits(suffixed({ productId: 0x4d46 }), ['1209:4d46'])).toBe(true)
    expect(fits(suffixed({ productId: 0x4d46 }), ['1209:4d47'])).toBe(false)
    expect(imageFits(suffixed({ vendorId: 0x1209 }), namesOfMatch(['0483:df11'])).misfit).toContain('1209:any')
  })

  it('that names nothing fits, and that is said', () => {
    expect(imageFits(suffixed({}), namesOfMatch(['0483:df11']))).toEqual({
      misfit: null,
      notes: ['its DFU suffix is for any device'],
    })
  })

  it('tells the version of its firmware, which decides nothing', () => {
    const image = suffixed({ vendorId: 0x1209, productId: 0x4d46, revision: 0x0102 })
    expect(imageFits(image, namesOfMatch(['1209:4d46']))).toEqual({
      misfit: null,
      notes: ['the DFU suffix says firmware version 1.02'],
    })
  })

  it('fits a device that is known by its GUID alone', () => {
    const image = suffixed({ vendorId: 0x1209, productId: 0x4d46 })
    expect(fits(image, [productGuid])).toBe(true)
    expect(fits(image, [guidOf('USB\\VID_0483&PID_DF11')])).toBe(false)
    const revised = suffixed({ vendorId: 0x1209, productId: 0x4d46, revision: 0x0100 })
    expect(fits(revised, [guidOf('USB\\VID_1209&PID_4D46&REV_0100')])).toBe(true)
    expect(fits(suffixed({ vendorId: 0x1209 }), [productGuid])).toBe(false)
  })
})

describe('a cabinet', () => {
  it('fits the device that has one of its GUIDs, and no other', () => {
    expect(fits(inCab([productGuid]), ['1209:4d46'])).toBe(true)
    expect(fits(inCab([productGuid]), [productGuid.toUpperCase()])).toBe(true)
    expect(fits(inCab([productGuid]), ['USB\\VID_1209&PID_4D46&REV_0100'])).toBe(true)
    expect(fits(inCab([guidOf('USB\\VID_1209&PID_4D46&REV_0100')]), ['1209:4d46'])).toBe(false)
    expect(imageFits(inCab([productGuid]), namesOfMatch(['0483:df11'])).misfit).toMatch(
      new RegExp(`blinky\\.cab.* is for ${productGuid}, the device is 0483:df11`),
    )
  })

  it('must fit by its GUIDs and by the suffix of its payload', () => {
    const ours = dfuFile(payload, { vendorId: 0x1209, productId: 0x4d46 })
    const others = dfuFile(payload, { vendorId: 0x1209, productId: 0x0001 })
    expect(fits(inCab([productGuid], ours), ['1209:4d46'])).toBe(true)
    expect(fits(inCab([productGuid], others), ['1209:4d46'])).toBe(false)
  })
})

describe('a raw image', () => {
  it('fits anything, and its own note says that nothing says what it is for', () => {
    const [parsed] = parseImages(payload, { name: 'blinky.bin' })
    expect(imageFits(parsed?.image as DeviceImage, namesOfMatch(['0483:df11']))).toEqual({ misfit: null, notes: [] })
  })
})

describe('a device on the bench', () => {
  it('goes by its own ids, its own GUIDs, and all that the recipe calls it', () => {
    const board = { ...loaderIds, instances: instancesOf(loaderIds) } as unknown as DfuIdentity
    const names = namesOfDevice(board, ['1209:4d46'])
    expect(names.usbIds).toEqual(['0483:df11', '1209:4d46'])
    expect(names.guids).toEqual([...instancesOf(loaderIds).map(({ guid }) => guid), productGuid])
    expect(imageFits(suffixed({ vendorId: 0x1209, productId: 0x4d46 }), names).misfit).toBeNull()
    expect(imageFits(suffixed({ vendorId: 0x0483, productId: 0xdf11 }), names).misfit).toBeNull()
    expect(imageFits(suffixed({ vendorId: 0x0483, productId: 0x0001 }), names).misfit).not.toBeNull()
  })

  it('with a name that is none is refused', () => {
    expect(() => namesOfMatch(['0483'])).toThrow(/RECIPE_INVALID/)
  })
})
