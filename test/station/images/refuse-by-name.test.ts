import { describe, expect, it } from 'vitest'
import { maxImageBytes } from '../../../src/main/station/images/image-limits.ts'
import { boron, p2, photon } from '../firmware/module-builder.ts'
import { blinkyCab, cabFile, dfuFile, program } from './image-builder.ts'
import { reasonFor, refusalOf } from './refused.ts'

const begins = (...magic: readonly number[]) => Buffer.concat([Buffer.of(...magic), program(2000)])
const uf2 = Buffer.concat([Buffer.of(0x55, 0x46, 0x32, 0x0a, 0x57, 0x51, 0x5d, 0x9e), program(504)])
const tar = Buffer.from(program(1024))
tar.write('ustar', 257)

/** A file of another kind, and what is said of it. */
const others: Readonly<Record<string, readonly [Uint8Array, string, RegExp]>> = {
  'an ELF file': [begins(0x7f, 0x45, 0x4c, 0x46, 1, 1), 'UNSUPPORTED_FILE', /ELF.*objcopy -O ihex .* -O binary/],
  'a Mach-O file': [begins(0xcf, 0xfa, 0xed, 0xfe), 'UNSUPPORTED_FILE', /objcopy/],
  'a zip': [begins(0x50, 0x4b, 3, 4), 'UNSUPPORTED_FILE', /zip.*firmware/],
  'an empty zip': [begins(0x50, 0x4b, 5, 6), 'UNSUPPORTED_FILE', /zip/],
  'a gzip file': [begins(0x1f, 0x8b), 'UNSUPPORTED_FILE', /unpack/],
  'a bzip2 file': [begins(0x42, 0x5a, 0x68), 'UNSUPPORTED_FILE', /unpack/],
  'an xz file': [begins(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), 'UNSUPPORTED_FILE', /unpack/],
  'a zstd file': [begins(0x28, 0xb5, 0x2f, 0xfd), 'UNSUPPORTED_FILE', /unpack/],
  'a 7z archive': [begins(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c), 'UNSUPPORTED_FILE', /unpack/],
  'a tar archive': [tar, 'UNSUPPORTED_FILE', /tar/],
  'a UF2 file': [uf2, 'UNSUPPORTED_FILE', /UF2.*USB drive/],
  'S-records': [Buffer.from('S0030000FC\nS1070000010203 04\n'.replace(' ', '')), 'UNSUPPORTED_FILE', /-I srec -O ihex/],
  text: [Buffer.from('Not Found\r\n'), 'UNSUPPORTED_FILE', /text/],
  'an empty file': [new Uint8Array(0), 'EMPTY_FILE', /empty/],
  'a user part of a Boron': [boron.user(), 'PARTICLE_MODULE', /boron user 1 version \d+.*import it as firmware/],
  'a bootloader of a Photon': [photon.bootloader(), 'PARTICLE_MODULE', /photon bootloader/],
}

describe('what is no image', () => {
  it.each(Object.entries(others))('%s is refused by its name', (_, [bytes, reason, what]) => {
    const refusal = refusalOf(bytes, 'blinky.bin')
    expect([refusal?.reason, refusal?.what]).toEqual([reason, expect.stringMatching(what)])
    expect(refusal?.detail).toContain('blinky.bin')
  })

  it.each(Object.entries(others).filter(([, [bytes]]) => bytes.length > 0))(
    '%s is refused inside a DFU file, too',
    (_, [bytes, reason]) => {
      expect(reasonFor(dfuFile(bytes))).toBe(reason)
    },
  )

  it('a cabinet with a DFU suffix behind it is no cabinet', () => {
    expect(refusalOf(dfuFile(blinkyCab(program(100))))).toMatchObject({ reason: 'SIZE_MISMATCH' })
  })

  it('every module of a Particle set is one', () => {
    const modules = [boron.bootloader(), boron.system(), boron.softDevice(), p2.bootloader(), photon.system1()]
    for (const bytes of modules) expect(reasonFor(bytes, 'a.bin')).toBe('PARTICLE_MODULE')
  })

  it('a module with one changed byte is none: it is taken for what it may be', () => {
    const changed = Uint8Array.from(boron.user())
    changed[26] = (changed[26] ?? 0) ^ 1
    expect(reasonFor(changed, 'a.bin')).toBeNull()
  })

  it('a file beyond any flash is not looked at', () => {
    const bytes = new Uint8Array(maxImageBytes + 1)
    bytes.set(cabFile([]))
    expect(reasonFor(bytes, 'a.bin')).toBe('TOO_LARGE')
  })
})
