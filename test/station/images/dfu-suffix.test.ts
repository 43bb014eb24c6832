import { describe, expect, it } from 'vitest'
import { withSuffix } from '../../../src/main/station/images/dfu-suffix.ts'
import { parseImages } from '../../../src/main/station/images/parse-image.ts'
import { dfuFile, program, type SuffixFields } from './image-builder.ts'
import { reasonFor, refusalOf } from './refused.ts'

const payload = program(1000)
const parse = (bytes: Uint8Array, name = 'blinky.dfu') => parseImages(bytes, { name })[0]

/** Every field of the suffix, wrong, and what is said of it. */
const wrong: Readonly<Record<string, readonly [SuffixFields, string]>> = {
  'a DFU version that does not exist': [{ version: 0x0200 }, 'BAD_VERSION'],
  'version 0': [{ version: 0 }, 'BAD_VERSION'],
  'DfuSe without its container': [{ version: 0x011a }, 'BAD_DFUSE'],
  'another signature': [{ signature: 'DFU' }, 'BAD_SUFFIX'],
  'a length of 0': [{ length: 0 }, 'BAD_SUFFIX'],
  'a length below 16': [{ length: 15 }, 'BAD_SUFFIX'],
  'a wrong CRC': [{ crc: 0 }, 'CRC_MISMATCH'],
  'a CRC that was inverted at its end': [{ crc: 0x1234_5678 }, 'CRC_MISMATCH'],
}

describe('a DFU suffix', () => {
  it.each(Object.entries(wrong))('with %s is refused', (_, [fields, reason]) => {
    expect(reasonFor(dfuFile(payload, fields))).toBe(reason)
  })

  it('longer than the file is refused', () => {
    expect(reasonFor(dfuFile(program(40), { length: 200 }))).toBe('BAD_SUFFIX')
  })

  it('says what the file is for', () => {
    const file = dfuFile(payload, { vendorId: 0x1209, productId: 0x4d46, revision: 0x0102 })
    expect(parse(file)?.image).toMatchObject({
      format: 'dfu',
      vendorId: 0x1209,
      productId: 0x4d46,
      revision: 0x0102,
      elements: [{ alternate: null, address: null, sizeBytes: 1000 }],
      notes: [],
    })
    expect(parse(file)?.pieces).toEqual([Buffer.from(payload)])
  })

  it('says nothing by FFFF', () => {
    expect(parse(dfuFile(payload))?.image).toMatchObject({ vendorId: null, productId: null, revision: null })
    expect(parse(dfuFile(payload, { vendorId: 0, productId: 0 }))?.image).toMatchObject({ vendorId: 0, productId: 0 })
  })

  it.each([0x0100, 0x0101, 0x0110])('of version 0x%s is plain DFU', (version) => {
    expect(parse(dfuFile(payload, { version }))?.image.format).toBe('dfu')
  })

  it('of a later standard may be longer: what is known stands at the end, and the payload ends before all of it', () => {
    const file = dfuFile(payload, { extra: Buffer.from('later'), vendorId: 0x1209 })
    expect(parse(file)?.image).toMatchObject({ vendorId: 0x1209, elements: [{ sizeBytes: 1000 }] })
  })

  it('alone is no image', () => {
    expect(reasonFor(dfuFile(new Uint8Array(0)))).toBe('EMPTY_FILE')
  })

  it('that is cut is told from one that is not there', () => {
    const file = dfuFile(payload)
    for (const cut of [1, 2, 3, 4, 5]) expect(reasonFor(file.subarray(0, -cut)), `${cut} bytes`).toBe('TRUNCATED')
    for (const cut of [6, 9, 15, 16]) expect(reasonFor(file.subarray(0, -cut)), `${cut} bytes`).toBe('BAD_SUFFIX')
    expect(refusalOf(file.subarray(0, -16))?.what).toContain('not called .dfu')
  })

  it('that is cut is seen whatever the file is called', () => {
    expect(reasonFor(dfuFile(payload).subarray(0, -3), 'blinky.bin')).toBe('TRUNCATED')
  })

  it('covers every byte of the file: any change is noticed', () => {
    const file = dfuFile(program(300), { vendorId: 0x1209 })
    for (let at = 0; at < file.length; at += 1) {
      const changed = Uint8Array.from(file)
      changed[at] = (changed[at] ?? 0) ^ 0x10
      expect(reasonFor(changed), `byte ${at}`).not.toBeNull()
      expect(reasonFor(changed, 'blinky.bin'), `byte ${at}`).not.toBeNull()
    }
  })

  it('is written as it is read', () => {
    for (const device of [
      { vendorId: 0x1209, productId: 0x4d46, revision: 0x0102 },
      { vendorId: null, productId: null, revision: null },
    ]) {
      const file = withSuffix(payload, device)
      const { vendorId, productId, revision } = device
      const fields = { vendorId: vendorId ?? 0xffff, productId: productId ?? 0xffff, revision: revision ?? 0xffff }
      expect(Buffer.from(file)).toEqual(dfuFile(payload, fields))
      expect(parse(file)?.image).toMatchObject(device)
    }
  })
})

describe('a file without a suffix', () => {
  it('is a raw image, and nothing says what it is for', () => {
    expect(parse(payload, 'blinky.bin')?.image).toMatchObject({
      format: 'raw',
      vendorId: null,
      notes: ['no DFU suffix: nothing says what it is for'],
      elements: [{ alternate: null, address: null, sizeBytes: 1000 }],
    })
  })

  it('with a suffix is read by it, whatever it is called', () => {
    expect(parse(dfuFile(payload, { vendorId: 1 }), 'blinky.bin')?.image).toMatchObject({ format: 'dfu', vendorId: 1 })
  })
})
