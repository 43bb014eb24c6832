import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { maxCabFiles, maxMetainfoBytes } from '../../../src/main/station/images/image-limits.ts'
import { parseImage, parseImages, piecesOf } from '../../../src/main/station/images/parse-image.ts'
import {
  blinkyCab,
  blinkyGuid,
  type CabFields,
  type CabFile,
  cabFile,
  dfuFile,
  dfuseFile,
  type MetainfoFields,
  metainfo,
  program,
  type ReleaseFields,
} from './image-builder.ts'
import { reasonFor, refusalOf } from './refused.ts'

const payload = program(70_000)
const reason = (bytes: Uint8Array) => reasonFor(bytes, 'blinky.cab')
const parse = (bytes: Uint8Array) => parseImages(bytes, { name: 'blinky.cab' })
const otherGuid = '6b1d2f2e-0000-5000-8000-000000000000'
const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex')

/** Every field of the container, wrong, and what is said of it. */
const wrong: Readonly<Record<string, readonly [CabFields, string]>> = {
  'a first reserved field': [{ reserved: [1, 0, 0] }, 'BAD_CAB'],
  'a second reserved field': [{ reserved: [0, 1, 0] }, 'BAD_CAB'],
  'a third reserved field': [{ reserved: [0, 0, 1] }, 'BAD_CAB'],
  'a size above the file': [{ sizeBytes: 0xffff_ffff }, 'TRUNCATED'],
  'a size below the file': [{ sizeBytes: 40 }, 'SIZE_MISMATCH'],
  'bytes behind it': [{ behind: Buffer.of(1), sizeBytes: blinkyCab(payload).length }, 'SIZE_MISMATCH'],
  'its files over its folders': [{ filesAt: 36 }, 'BAD_CAB'],
  'its files behind its end': [{ filesAt: 0xffff_fff0 }, 'TRUNCATED'],
  'major version 2': [{ version: [3, 2] }, 'BAD_VERSION'],
  'minor version 1': [{ version: [1, 1] }, 'BAD_VERSION'],
  'no folders': [{ folderCount: 0 }, 'NO_ELEMENTS'],
  'more folders than there are': [{ folderCount: 2 }, 'BAD_CAB'],
  'no files': [{ fileCount: 0 }, 'NO_ELEMENTS'],
  'one file less than there is': [{ fileCount: 1 }, 'MISSING_FILE'],
  'more files than are read': [{ fileCount: maxCabFiles + 1 }, 'TOO_LARGE'],
  'a cabinet before it': [{ flags: 1 }, 'UNSUPPORTED_CAB'],
  'a cabinet behind it': [{ flags: 2 }, 'UNSUPPORTED_CAB'],
  'a flag that does not exist': [{ flags: 8 }, 'BAD_CAB'],
  'data behind its end': [{ folderAt: 0xffff_0000 }, 'TRUNCATED'],
  'data that begin with the header': [{ folderAt: 0 }, 'BAD_CAB'],
  'no blocks': [{ blockCount: 0 }, 'BAD_CAB'],
  'one block less than there is': [{ blockCount: 2 }, 'BAD_CAB'],
  'one block more than there is': [{ blockCount: 4 }, 'TRUNCATED'],
  'Quantum in it': [{ type: 0x0472 }, 'UNSUPPORTED_CAB'],
  'LZX in it': [{ type: 0x1503 }, 'UNSUPPORTED_CAB'],
  'a method that does not exist': [{ type: 4 }, 'UNSUPPORTED_CAB'],
  'MSZIP that is stored': [{ type: 1 }, 'BAD_CAB'],
  'stored data that are MSZIP': [{ method: 'mszip', type: 0 }, 'BAD_CAB'],
  'a wrong sum of a block': [{ blockSum: 0x1234_5678 }, 'CRC_MISMATCH'],
  'a block of 0 bytes': [{ blockUnpacked: 0 }, 'BAD_CAB'],
  'a block of more than 32 KiB': [{ blockUnpacked: 0x8001 }, 'BAD_CAB'],
  'a block that says fewer bytes': [{ blockUnpacked: 0x7fff }, 'BAD_CAB'],
  'an MSZIP block that says fewer bytes': [{ method: 'mszip', blockUnpacked: 0x7000 }, 'BAD_CAB'],
  'an MSZIP block that does not begin with CK': [{ method: 'mszip', blockMark: 'KC' }, 'BAD_CAB'],
}

/** Every field of a file entry, wrong. */
const wrongFiles: Readonly<Record<string, readonly [Partial<CabFile>, string]>> = {
  'a size above its folder': [{ sizeBytes: 0xffff_ffff }, 'BAD_CAB'],
  'an offset above its folder': [{ offset: 0xffff_ffff }, 'BAD_CAB'],
  'a folder that does not exist': [{ folder: 1 }, 'BAD_CAB'],
  'a folder of another cabinet': [{ folder: 0xffff }, 'UNSUPPORTED_CAB'],
  'no name': [{ name: '' }, 'BAD_CAB'],
  'a name of control characters': [{ name: 'a\u0007b' }, 'BAD_CAB'],
  'a name without an end': [{ name: 'n'.repeat(300) }, 'BAD_CAB'],
  'the name of the file beside it': [{ name: 'Firmware.Metainfo.xml' }, 'DUPLICATE_ENTRY'],
  'another name than the metainfo has': [{ name: 'other.bin' }, 'MISSING_FILE'],
  'a size below that of its payload': [{ sizeBytes: 69_999 }, 'HASH_MISMATCH'],
  'an offset into its payload': [{ offset: 1 }, 'HASH_MISMATCH'],
}

describe('a cabinet', () => {
  it.each(Object.entries(wrong))('with %s is refused', (_, [fields, why]) => {
    expect(reason(blinkyCab(payload, fields))).toBe(why)
  })

  it.each(Object.entries(wrongFiles))('whose payload has %s is refused', (_, [change, why]) => {
    const text = metainfo({ releases: [{ payload }] })
    const files = [
      { name: 'firmware.metainfo.xml', bytes: text, offset: payload.length },
      { name: 'firmware.bin', bytes: payload, offset: 0, ...change },
    ]
    const swapped = cabFile(files.map((file) => ({ ...file })).reverse())
    expect(reason(swapped)).toBe(why)
  })

  it('by its name that is none by its bytes is refused', () => {
    expect(reason(blinkyCab(payload, { signature: 'MSCG' }))).toBe('BAD_CAB')
  })

  it('names what it is packed with, where that is not read', () => {
    expect(refusalOf(blinkyCab(payload, { type: 0x1503 }), 'a.cab')?.what).toContain('LZX')
    expect(refusalOf(blinkyCab(payload, { type: 0x0472 }), 'a.cab')?.what).toContain('Quantum')
  })

  it.each(['stored', 'mszip'] as const)('that is %s gives its payload', (method) => {
    for (const size of [1, 2, 3, 4, 0x7fff, 0x8000, 0x8001, 70_000]) {
      const bytes = program(size)
      const [parsed] = parse(blinkyCab(bytes, { method }))
      expect(
        parsed?.pieces.map((piece) => Buffer.from(piece)),
        `${size} bytes`,
      ).toEqual([Buffer.from(bytes)])
    }
  })

  it('looks back over the block before: what repeats is packed once', () => {
    const repeating = Buffer.concat(Array.from({ length: 5 }, () => program(0x4000)))
    const cab = blinkyCab(repeating, { method: 'mszip' })
    expect(cab.length).toBeLessThan(0xa000)
    expect(parse(cab)[0]?.pieces.map((piece) => Buffer.from(piece))).toEqual([repeating])
  })

  it('may reserve bytes in header, folders and blocks', () => {
    const cab = blinkyCab(payload, { reserve: [Buffer.from('anything at all'), 3, 5], method: 'mszip' })
    expect(parse(cab)[0]?.image.elements).toMatchObject([{ sizeBytes: 70_000 }])
  })

  it('may have a folder for each file', () => {
    for (const method of ['stored', 'mszip'] as const) {
      const cab = blinkyCab(payload, { foldersEach: true, method, reserve: [Buffer.alloc(1), 2, 3] })
      expect(parse(cab)[0]?.pieces.map((piece) => Buffer.from(piece))).toEqual([Buffer.from(payload)])
    }
  })

  it('may have no sums', () => {
    expect(parse(blinkyCab(payload, { blockSum: 0 }))[0]?.image.elements).toMatchObject([{ sizeBytes: 70_000 }])
  })

  it('that is cut anywhere is refused', () => {
    const cab = blinkyCab(program(500))
    for (let size = 5; size < cab.length; size += 7) {
      expect(reason(cab.subarray(0, size)), `${size} bytes`).toBe('TRUNCATED')
    }
  })

  it('that unpacks to more than is read is refused before it is unpacked', () => {
    // One block that says 32 KiB, pointed at by 256 folders of 65,535 blocks each, would be half a terabyte.
    const blocks = Array.from({ length: 2100 }, () => Buffer.from([0, 0, 0, 0, 2, 0, 0, 0x80, 0x43, 0x4b]))
    const cab = Buffer.from(blinkyCab(program(8), { behind: Buffer.concat(blocks), folderAt: 0, type: 1 }))
    const at = cab.length - 21_000
    cab.writeUInt32LE(at, 36)
    cab.writeUInt16LE(2100, 40)
    cab.writeUInt32LE(cab.length, 8)
    expect(reason(cab)).toBe('TOO_LARGE')
  })

  it('says who signed it, and that nobody asked', () => {
    const signed = cabFile([
      { name: 'firmware.bin', bytes: payload },
      { name: 'firmware.metainfo.xml', bytes: metainfo({ releases: [{ payload }] }) },
      { name: 'firmware.jcat', bytes: program(30) },
    ])
    expect(parse(signed)[0]?.image.notes).toEqual(['the signature of the cabinet (firmware.jcat) is not checked'])
    expect(parse(blinkyCab(payload))[0]?.image.notes).toEqual(['the cabinet is not signed'])
  })

  it('may have an Authenticode signature behind it, where its header names it', () => {
    const plain = blinkyCab(payload, { reserve: [Buffer.alloc(20), 0, 0] })
    const reserve = Buffer.alloc(20)
    reserve.writeUInt32LE(plain.length, 4)
    reserve.writeUInt32LE(100, 8)
    const fields = { reserve: [reserve, 0, 0], sizeBytes: plain.length } as const
    const signed = blinkyCab(payload, { ...fields, behind: program(100) })
    expect(parse(signed)[0]?.image.notes[0]).toContain('Authenticode')
    expect(reason(blinkyCab(payload, { ...fields, behind: program(101) }))).toBe('SIZE_MISMATCH')
  })
})

function withMetainfo(text: Uint8Array, ...more: readonly CabFile[]): Uint8Array {
  return cabFile([{ name: 'firmware.bin', bytes: payload }, { name: 'a.metainfo.xml', bytes: text }, ...more])
}
const saying = (fields: MetainfoFields) => withMetainfo(metainfo({ releases: [{ payload }], ...fields }))
const releasing = (inside: string, more: ReleaseFields = {}) => saying({ releases: [{ inside, ...more }] })
const content = (type: string, value: string) => `<checksum type="${type}" target="content">${value}</checksum>`
const custom = (protocol: string) => `<custom><value key="LVFS::UpdateProtocol">${protocol}</value></custom>`

/** What metainfo says, wrong. */
const wrongMetainfo: Readonly<Record<string, readonly [Uint8Array, string]>> = {
  'no XML': [withMetainfo(Buffer.from('hello')), 'BAD_METAINFO'],
  'no UTF-8': [withMetainfo(Buffer.from('<component>\xff</component>', 'latin1')), 'BAD_METAINFO'],
  'an entity that is not defined': [saying({ inside: '<name>&bomb;</name>' }), 'BAD_METAINFO'],
  'elements without end in one another': [withMetainfo(Buffer.from('<a>'.repeat(100_000))), 'BAD_METAINFO'],
  'more text than any metainfo has': [withMetainfo(Buffer.alloc(maxMetainfoBytes + 1, 0x20)), 'TOO_LARGE'],
  'another root': [saying({ root: 'application' }), 'BAD_METAINFO'],
  'another type': [saying({ type: 'desktop' }), 'MISSING_FILE'],
  'no device': [saying({ guids: [] }), 'BAD_METAINFO'],
  'a GUID that is none': [saying({ guids: ['0483:df11'] }), 'BAD_METAINFO'],
  'no release': [saying({ releases: [] }), 'BAD_METAINFO'],
  'a release without a version': [saying({ releases: [{ payload, version: '' }] }), 'BAD_METAINFO'],
  'a version of other characters': [saying({ releases: [{ payload, version: '1 2' }] }), 'BAD_METAINFO'],
  'a payload that is not there': [saying({ releases: [{ payload, fileName: 'gone.bin' }] }), 'MISSING_FILE'],
  'another SHA-1': [releasing(content('sha1', sha1(program(3)))), 'HASH_MISMATCH'],
  'a good SHA-1 and another SHA-256': [
    releasing(content('sha1', sha1(payload)) + content('sha256', 'ab'.repeat(32))),
    'HASH_MISMATCH',
  ],
  'a checksum of a kind that does not exist': [releasing(content('crc32', '01234567')), 'BAD_METAINFO'],
  'a checksum of another length': [releasing(content('sha256', sha1(payload))), 'BAD_METAINFO'],
  'a checksum that is none': [releasing(content('sha1', 'z'.repeat(40))), 'BAD_METAINFO'],
  'another size': [releasing('<size type="installed">69999</size>'), 'SIZE_MISMATCH'],
  'a size that is none': [releasing('<size type="installed">many</size>'), 'BAD_METAINFO'],
  'two payloads of one release': [
    releasing('<checksum target="content" filename="a"/><checksum target="content" filename="b"/>'),
    'BAD_METAINFO',
  ],
  'another protocol than DFU': [saying({ inside: custom('org.uefi.capsule') }), 'UNSUPPORTED_FILE'],
}

describe('the metainfo of a cabinet', () => {
  it.each(Object.entries(wrongMetainfo))('with %s is refused', (_, [cab, why]) => {
    expect(reason(cab)).toBe(why)
  })

  it('says for which devices the payload is, and its version', () => {
    const [parsed] = parse(saying({ guids: [blinkyGuid.toUpperCase(), otherGuid, otherGuid] }))
    expect(parsed?.image).toMatchObject({
      format: 'cab',
      guids: [blinkyGuid, otherGuid],
      version: '1.2.3',
      source: 'blinky.cab: firmware.bin',
    })
  })

  it.each(['org.usb.dfu', 'com.st.dfuse'])('may name the protocol %s', (protocol) => {
    expect(parse(saying({ inside: custom(protocol) }))).toHaveLength(1)
  })

  it('may name its payload and its checksum as LVFS does in artifacts', () => {
    const artifact = (sum: string) =>
      `<artifacts><artifact type="binary"><filename>firmware.bin</filename><checksum type="sha1">${sum}</checksum>
       <size type="installed">70000</size></artifact></artifacts>`
    expect(parse(releasing(artifact(sha1(payload))))).toHaveLength(1)
    expect(reason(releasing(artifact(sha1(program(1)))))).toBe('HASH_MISMATCH')
    expect(reason(releasing(artifact(sha1(payload)).replace('70000', '1')))).toBe('SIZE_MISMATCH')
  })

  it('without checksums is taken, and says so', () => {
    const [parsed] = parse(releasing('<checksum target="content" filename="firmware.bin"/>'))
    expect(parsed?.image.notes).toContain('the metainfo has no checksum of the payload')
  })

  it('may name conditions that only fwupd can judge: they are told', () => {
    const inside = '<requires><id compare="ge" version="1.9.1">org.freedesktop.fwupd</id></requires>'
    expect(parse(saying({ inside }))[0]?.image.notes).toContain(
      'the cabinet requires "id org.freedesktop.fwupd ge 1.9.1", which is not checked',
    )
  })

  it('tells checksums of the container and of the device from those of the payload', () => {
    const others = ['container', 'device'].map((target) => `<checksum type="sha1" target="${target}">00</checksum>`)
    expect(parse(releasing(others.join('')))).toHaveLength(1)
  })

  it('may tell of older releases that are not in the cabinet, or that had another payload of the same name', () => {
    const history = [
      { version: '1.3.0', payload },
      { version: '1.2.0', payload: program(9) },
      { version: '1.1.0', fileName: 'old.bin' },
    ]
    expect(parse(saying({ releases: history })).map(({ image }) => image.version)).toEqual(['1.3.0'])
    expect(parse(saying({ releases: history.toReversed() })).map(({ image }) => image.version)).toEqual(['1.3.0'])
  })
})

describe('a payload in a cabinet', () => {
  it('is read like a file by itself', () => {
    const dfuse = dfuseFile([{ elements: [{ address: 0x0800_0000, bytes: payload }] }], {
      vendorId: 0x0483,
      productId: 0xdf11,
    })
    expect(parse(blinkyCab(dfuse, { fileName: 'blinky.dfu' }))[0]?.image).toMatchObject({
      format: 'cab',
      vendorId: 0x0483,
      productId: 0xdf11,
      elements: [{ alternate: null, address: 0x0800_0000 }].map((each) => ({ ...each, alternate: 0 })),
    })
    expect(refusalOf(blinkyCab(dfuFile(payload, { crc: 1 })), 'a.cab')).toMatchObject({
      reason: 'CRC_MISMATCH',
      file: 'a.cab: firmware.bin',
    })
    expect(reason(blinkyCab(blinkyCab(payload)))).toBe('UNSUPPORTED_FILE')
    expect(reason(blinkyCab(Buffer.concat([Buffer.of(0x7f, 0x45, 0x4c, 0x46), payload])))).toBe('UNSUPPORTED_FILE')
  })
})

describe('a cabinet with several firmwares', () => {
  const radio = program(300, 3)
  const two = cabFile([
    { name: 'main.bin', bytes: payload },
    { name: 'radio.bin', bytes: radio },
    { name: 'main.metainfo.xml', bytes: metainfo({ releases: [{ payload, fileName: 'main.bin' }] }) },
    {
      name: 'radio.metainfo.xml',
      bytes: metainfo({ guids: [otherGuid], releases: [{ payload: radio, fileName: 'radio.bin', version: '7' }] }),
    },
  ])

  it('gives a device the one that is made for it', () => {
    expect(parseImage(two, { name: 'two.cab', guids: [otherGuid] }).image.version).toBe('7')
    expect(parseImage(two, { name: 'two.cab', guids: ['x', blinkyGuid.toUpperCase()] }).image.version).toBe('1.2.3')
  })

  it('gives the bytes of the one that was chosen', () => {
    for (const guid of [blinkyGuid, otherGuid]) {
      const { image, pieces } = parseImage(two, { name: 'two.cab', guids: [guid] })
      expect(piecesOf(image, two)).toEqual(pieces)
    }
    const { image } = parseImage(two, { name: 'two.cab', guids: [otherGuid] })
    expect(() => piecesOf(image, blinkyCab(payload))).toThrow(/FIRMWARE_CORRUPT.*now has SHA-256/)
    expect(() => piecesOf({ ...image, version: '8' }, two)).toThrow(/FIRMWARE_CORRUPT.*other elements/)
  })

  const chosen = (bytes: Uint8Array, guids?: readonly string[]) => {
    try {
      return parseImage(bytes, { name: 'a.cab', ...(guids ? { guids } : {}) }).image.version
    } catch (thrown) {
      return (thrown as { readonly reason: string }).reason
    }
  }

  it('is refused for another device, with both identities', () => {
    const guid = '00000000-0000-5000-8000-000000000001'
    expect(chosen(two, [guid])).toBe('WRONG_DEVICE')
    expect(() => parseImage(two, { name: 'a.cab', guids: [guid] })).toThrow(
      new RegExp(`${blinkyGuid}.*device is ${guid}`),
    )
    expect(chosen(blinkyCab(payload), [guid])).toBe('WRONG_DEVICE')
  })

  it('is refused where nothing says which is meant', () => {
    expect(chosen(two)).toBe('AMBIGUOUS')
    expect(chosen(two, [blinkyGuid, otherGuid])).toBe('AMBIGUOUS')
    expect(chosen(blinkyCab(payload))).toBe('1.2.3')
  })

  it('gives the highest of several releases, and says that there are others', () => {
    const releases = (...versions: readonly string[]) =>
      cabFile([
        ...versions.map((_, at) => ({ name: `${at}.bin`, bytes: program(100 + at) })),
        {
          name: 'a.metainfo.xml',
          bytes: metainfo({
            releases: versions.map((version, at) => ({ version, fileName: `${at}.bin`, payload: program(100 + at) })),
          }),
        },
      ])
    expect(chosen(releases('1.9', '1.10', '1.2'), [blinkyGuid])).toBe('1.10')
    expect(chosen(releases('0x0109', '0x0110'), [blinkyGuid])).toBe('0x0110')
    expect(chosen(releases('1.0', '1.0'), [blinkyGuid])).toBe('AMBIGUOUS')
    expect(chosen(releases('1.0', '1.0-beta'), [blinkyGuid])).toBe('AMBIGUOUS')
    const { image } = parseImage(releases('1', '2'), { name: 'a.cab', guids: [blinkyGuid] })
    expect(image.notes).toContain('the cabinet holds version 1 of it, too')
    expect(piecesOf(image, releases('1', '2'))).toHaveLength(1)
  })
})

describe('a small cabinet that would be much work', () => {
  const text = (releases: readonly ReleaseFields[]) => ({ name: 'a.metainfo.xml', bytes: metainfo({ releases }) })

  it('has each sum of its payload made once, however many releases name it', () => {
    const zeros = Buffer.alloc(40_000_000)
    const inside = `<checksum type="sha256" filename="zeros.bin" target="content">${'a'.repeat(64)}</checksum>`
    const releases = Array.from({ length: 4_000 }, (_, at) => ({ version: `1.${at}`, inside }))
    const cab = cabFile([text(releases), { name: 'zeros.bin', bytes: zeros }], { method: 'mszip' })
    const begunAt = performance.now()
    expect(reason(cab)).toBe('HASH_MISMATCH')
    expect(performance.now() - begunAt).toBeLessThan(10_000)
  })

  it('is refused where its files lie over each other', () => {
    const { name, bytes } = text([{ payload }])
    const again = { name: 'b.metainfo.xml', bytes: new Uint8Array(0), sizeBytes: bytes.length, offset: 0 }
    const cab = cabFile([{ name, bytes }, again])
    expect(refusalOf(cab, 'blinky.cab')).toMatchObject({
      reason: 'BAD_CAB',
      what: expect.stringMatching(/over each other/),
    })
  })

  it('is refused where its folders share blocks without end', () => {
    const files = Array.from({ length: 200 }, (_, at) => ({ name: `${at}.bin`, bytes: program(8) }))
    expect(reason(cabFile(files, { foldersEach: true, blockCount: 0xffff }))).toBe('TOO_LARGE')
  })

  it('is refused where all its metainfo together is more than any has', () => {
    const each = Buffer.alloc(maxMetainfoBytes / 2 + 1, 0x20)
    const files = ['a', 'b'].map((name) => ({ name: `${name}.metainfo.xml`, bytes: each }))
    expect(reason(cabFile(files))).toBe('TOO_LARGE')
  })
})
