import { describe, expect, it } from 'vitest'
import { maxElements } from '../../../src/main/station/images/image-limits.ts'
import { parseImages } from '../../../src/main/station/images/parse-image.ts'
import { type DfuseFields, dfuFile, dfuseFile, dfusePayload, program, type TargetFields } from './image-builder.ts'
import { reasonFor, refusalOf } from './refused.ts'

const vectors = { address: 0x0800_0000, bytes: program(400, 1) }
const code = { address: 0x0800_4000, bytes: program(900, 2) }
const target: TargetFields = { alternate: 0, name: 'Internal Flash', elements: [vectors, code] }
const st = { vendorId: 0x0483, productId: 0xdf11 }
const element = (change: Partial<typeof code & { readonly sizeBytes: number }>): TargetFields => ({
  ...target,
  elements: [vectors, { ...code, ...change }],
})

/** Every field of prefix, target and element, wrong, and what is said of it. */
const wrong: Readonly<Record<string, readonly [readonly TargetFields[], DfuseFields, string]>> = {
  'another prefix': [[target], { prefix: 'DfuSE' }, 'BAD_DFUSE'],
  'format version 2': [[target], { format: 2 }, 'BAD_VERSION'],
  'an image size of 0': [[target], { imageBytes: 0 }, 'SIZE_MISMATCH'],
  'an image size above the file': [[target], { imageBytes: 0xffff_ffff }, 'TRUNCATED'],
  'an image size one too small': [[target], { imageBytes: dfusePayload([target]).length - 1 }, 'SIZE_MISMATCH'],
  'no targets': [[], {}, 'NO_ELEMENTS'],
  'a target count of 0 and a target': [[target], { targetCount: 0 }, 'NO_ELEMENTS'],
  'one target more than there is': [[target], { targetCount: 2 }, 'TRUNCATED'],
  'one target less than there is': [[target, { ...target, alternate: 1 }], { targetCount: 1 }, 'SIZE_MISMATCH'],
  'bytes behind the last target': [[target], { behind: Buffer.of(0) }, 'SIZE_MISMATCH'],
  'another target signature': [[{ ...target, signature: 'TARGET' }], {}, 'BAD_DFUSE'],
  'a name that is no text': [[{ ...target, name: null, nameBytes: Buffer.of(0x49, 0x07, 0) }], {}, 'BAD_DFUSE'],
  'a target size of 0': [[{ ...target, sizeBytes: 0 }], {}, 'SIZE_MISMATCH'],
  'a target size above the file': [[{ ...target, sizeBytes: 0xffff_ff00 }], {}, 'TRUNCATED'],
  'a target size one too small': [[{ ...target, sizeBytes: 1315 }], {}, 'SIZE_MISMATCH'],
  'an element count of 0': [[{ ...target, count: 0 }], {}, 'NO_ELEMENTS'],
  'one element more than there is': [[{ ...target, count: 3 }], {}, 'SIZE_MISMATCH'],
  'one element less than there is': [[{ ...target, count: 1 }], {}, 'SIZE_MISMATCH'],
  'an element count without end': [[{ ...target, count: 0xffff_ffff }], {}, 'SIZE_MISMATCH'],
  'an element of no bytes': [[element({ bytes: new Uint8Array(0) })], {}, 'NO_ELEMENTS'],
  'an element size above its target': [[element({ sizeBytes: 901 })], {}, 'SIZE_MISMATCH'],
  'an element size without end': [[element({ sizeBytes: 0xffff_ffff })], {}, 'SIZE_MISMATCH'],
  'an element that ends above 32 bits': [[element({ address: 0xffff_fff0 })], {}, 'BAD_ADDRESS'],
  'an element over the one before': [[element({ address: 0x0800_018f })], {}, 'OVERLAP'],
  'two elements at one address': [[element({ address: 0x0800_0000 })], {}, 'OVERLAP'],
  'two targets of one alternate setting over each other': [[target, target], {}, 'OVERLAP'],
  'the suffix of a plain DFU file': [[target], { version: 0x0100 }, 'BAD_DFUSE'],
  'a wrong CRC': [[target], { crc: 1 }, 'CRC_MISMATCH'],
}

describe('a DfuSe file', () => {
  it.each(Object.entries(wrong))('with %s is refused', (_, [targets, fields, reason]) => {
    expect(reasonFor(dfuseFile(targets, { ...st, ...fields }))).toBe(reason)
  })

  it('is pieces for memories and addresses', () => {
    const options = { alternate: 1, name: 'Option Bytes', elements: [{ address: 0x1fff_c000, bytes: program(16) }] }
    const [parsed] = parseImages(dfuseFile([options, target], { ...st, revision: 0x0200 }), { name: 'blinky.dfu' })
    expect(parsed?.image).toMatchObject({
      format: 'dfuse',
      ...st,
      revision: 0x0200,
      elements: [
        { alternate: 0, address: 0x0800_0000, sizeBytes: 400 },
        { alternate: 0, address: 0x0800_4000, sizeBytes: 900 },
        { alternate: 1, address: 0x1fff_c000, sizeBytes: 16 },
      ],
    })
    expect(parsed?.pieces.map((piece) => Buffer.from(piece))).toEqual([
      Buffer.from(vectors.bytes),
      Buffer.from(code.bytes),
      Buffer.from(program(16)),
    ])
    expect(parsed?.image.notes).toEqual([
      'alternate setting 1 is called "Option Bytes" in the file',
      'alternate setting 0 is called "Internal Flash" in the file',
    ])
  })

  it('may have several targets for one alternate setting, and says so', () => {
    const parts = [vectors, code].map((each) => ({ alternate: 0, elements: [each] }))
    const [parsed] = parseImages(dfuseFile(parts, st), { name: 'blinky.dfu' })
    expect(parsed?.image.elements).toHaveLength(2)
    expect(parsed?.image.notes).toEqual(['2 targets for alternate setting 0'])
  })

  it('may reach the last byte of 32 bits, and name a target with all its 255 bytes', () => {
    const last = { address: 0xffff_ff00, bytes: program(256) }
    const nameBytes = Buffer.alloc(255, 0x41)
    const [parsed] = parseImages(dfuseFile([{ nameBytes, elements: [last] }], st), { name: 'blinky.dfu' })
    expect(parsed?.image.elements).toMatchObject([{ address: 0xffff_ff00 }])
    expect(parsed?.image.notes[0]).toContain('A'.repeat(255))
  })

  it('shows no name that its flag says is none, and nothing behind the end of one', () => {
    const nameBytes = Buffer.from('Flash\0left over', 'latin1')
    const notes = (named: number) =>
      parseImages(dfuseFile([{ ...target, nameBytes, named }], st), { name: 'a.dfu' })[0]?.image.notes
    expect(notes(0)).toEqual([])
    expect(notes(1)).toEqual(['alternate setting 0 is called "Flash" in the file'])
    expect(notes(0x0100)).toEqual(['alternate setting 0 is called "Flash" in the file'])
  })

  it('cut anywhere is refused, and as a file that is not whole', () => {
    const file = dfuseFile([target], st)
    const wholeBytes = file.length - 16
    for (let size = 12; size < file.length - 5; size += 13) {
      expect(reasonFor(file.subarray(0, size), 'blinky.bin'), `${size} bytes`).toBe('TRUNCATED')
      if (size < wholeBytes)
        expect(reasonFor(dfuFile(file.subarray(0, size), { version: 0x011a })), `${size} bytes`).toBe('TRUNCATED')
    }
    expect(refusalOf(dfusePayload([target]), 'blinky.bin')?.what).toContain('without its DFU suffix')
  })

  it('with more pieces than any firmware has is refused', () => {
    const elements = Array.from({ length: maxElements + 1 }, (_, at) => ({ address: at * 16, bytes: program(4) }))
    expect(reasonFor(dfuseFile([{ elements }], st))).toBe('TOO_LARGE')
  })
})
