import fc from 'fast-check'
import JSZip from 'jszip'
import { describe, expect, it } from 'vitest'
import { setsOfFiles } from '../../../src/main/station/packs/pack-sets.ts'
import { standingOf } from '../../../src/main/station/packs/pack-standing.ts'
import { fingerprintOf, isSignedBy, publicKeyOf } from '../../../src/main/station/packs/signing.ts'
import { writeStoredZip } from '../../../src/main/station/packs/stored-zip.ts'
import { writePack } from '../../../src/main/station/packs/write-pack.ts'
import { asFault } from '../../../src/shared/fault/fault.ts'
import { badFiles, describeWithFirmware, firmwareFile } from '../firmware/shared-firmware.ts'
import { newKey, opened, packBytes, packContent, packedFiles } from './pack-samples.ts'

const key = newKey()
const trusted = new Map([[publicKeyOf(key), 'Release desk']])

/** A pack small enough to flip each of its bytes. */
async function smallPack(): Promise<Uint8Array> {
  const files = [{ path: 'sets/a/notes.txt', bytes: Buffer.from('not firmware') }]
  return writePack(await packContent({ sets: [] }), files, key)
}

/** Refused outright, or read as something that is not trusted. */
async function isNoticed(bytes: Uint8Array): Promise<boolean> {
  try {
    return standingOf(await opened(bytes), trusted).standing !== 'trusted'
  } catch (thrown) {
    return asFault(thrown).code === 'PACK_UNREADABLE'
  }
}

describe('a pack', () => {
  it('is the same bytes for the same content, files and key, in whatever order the files came', async () => {
    const content = await packContent()
    const once = writePack(content, packedFiles, key)
    expect(Buffer.compare(once, writePack({ ...content }, packedFiles.toReversed(), key))).toBe(0)
  })

  it('is a zip that any other reader opens', async () => {
    const zip = await JSZip.loadAsync(await packBytes(key), { checkCRC32: true })
    const names = Object.keys(zip.files).toSorted()
    expect(names).toEqual(['pack.json', 'pack.sig', ...packedFiles.map(({ path }) => path)].toSorted())
    for (const { path, bytes } of packedFiles) {
      expect(Buffer.compare((await zip.file(path)?.async('uint8array')) ?? Buffer.alloc(0), bytes)).toBe(0)
    }
  })

  it('is read back as what was written, and trusted where its key is', async () => {
    const pack = await opened(await packBytes(key))
    expect(pack.changes).toEqual([])
    expect(pack.manifest).toMatchObject(await packContent())
    expect(standingOf(pack, trusted)).toMatchObject({
      standing: 'trusted',
      signer: { name: 'Release desk', fingerprint: fingerprintOf(publicKeyOf(key)) },
      fault: null,
    })
    expect(await setsOfFiles(pack.files, 'test')).toEqual(pack.manifest.sets)
  })

  it('without a signature is unsigned, and of another key untrusted', async () => {
    expect(standingOf(await opened(await packBytes(null)), trusted).fault?.code).toBe('PACK_UNSIGNED')
    expect(standingOf(await opened(await packBytes(newKey())), trusted).fault?.code).toBe('PACK_UNTRUSTED')
  })

  it('with the signature of another pack is altered', async () => {
    const [one, other] = [await opened(await packBytes(key)), await opened(await packBytes(key, { version: 2 }))]
    const mixed = writeStoredZip([
      ...one.files,
      { path: 'pack.json', bytes: one.manifestBytes },
      { path: 'pack.sig', bytes: other.signatureBytes ?? Buffer.alloc(0) },
    ])
    expect(standingOf(await opened(mixed), trusted).fault).toMatchObject({ code: 'PACK_ALTERED' })
  })

  it.each([
    [
      'changed',
      (files: typeof packedFiles) => files.map((file, at) => (at === 0 ? { ...file, bytes: Buffer.from('x') } : file)),
    ],
    ['missing', (files: typeof packedFiles) => files.slice(1)],
    ['added', (files: typeof packedFiles) => [...files, { path: 'sets/more.bin', bytes: Buffer.from('x') }]],
  ])('with a file %s is altered, and says which', async (_, change) => {
    const { files, manifestBytes, signatureBytes } = await opened(await packBytes(key))
    const bytes = writeStoredZip([
      ...change(files),
      { path: 'pack.json', bytes: manifestBytes },
      { path: 'pack.sig', bytes: signatureBytes ?? Buffer.alloc(0) },
    ])
    const { standing, fault } = standingOf(await opened(bytes), trusted)
    expect(standing).toBe('altered')
    expect(fault?.detail).toMatch(/sets\/\S+ (is not the file that was packed|is missing|was added)/)
  })

  it('that was packed again by another program is altered: a pack has one form', async () => {
    const zip = await JSZip.loadAsync(await packBytes(key))
    const again = await zip.generateAsync({ type: 'uint8array', compression: 'DEFLATE' })
    expect(standingOf(await opened(again), trusted).standing).toBe('altered')
  })

  it('with any one byte flipped is noticed: every byte of a small one', async () => {
    const bytes = await smallPack()
    expect(await isNoticed(bytes)).toBe(false)
    const unnoticed: number[] = []
    for (let at = 0; at < bytes.length; at += 1) {
      for (const bit of [0x01, 0x20, 0x80]) {
        const flipped = Uint8Array.from(bytes)
        flipped[at] = (flipped[at] ?? 0) ^ bit
        if (!(await isNoticed(flipped))) unnoticed.push(at)
      }
    }
    expect(unnoticed).toEqual([])
  }, 60_000)

  it('with any byte changed, cut or added anywhere is noticed', async () => {
    const bytes = Buffer.from(await packBytes(key))
    const place = fc.nat(bytes.length - 1)
    await fc.assert(
      fc.asyncProperty(
        place,
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('flip', 'cut', 'add'),
        async (at, by, how) => {
          const changed = Buffer.from(bytes)
          if (how === 'flip') changed[at] = (changed[at] ?? 0) ^ by
          const given =
            how === 'cut'
              ? Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
              : how === 'add'
                ? Buffer.concat([bytes.subarray(0, at), Buffer.from([by]), bytes.subarray(at)])
                : changed
          expect(await isNoticed(given)).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  }, 60_000)

  it('that is no zip, or holds no pack.json, or another version of it, is not readable', async () => {
    const other = writeStoredZip([
      { path: 'pack.json', bytes: Buffer.from('{"format":"dfu-station-pack","formatVersion":2}') },
    ])
    for (const bytes of [Buffer.from('no zip'), writeStoredZip(packedFiles), other]) {
      await expect(opened(bytes)).rejects.toMatchObject({ code: 'PACK_UNREADABLE' })
    }
  })
})

describeWithFirmware('a hostile archive', () => {
  const archives = badFiles().filter(({ file }) => file.endsWith('.zip'))

  it.each(archives.map(({ file }) => file))('%s is no pack', async (file) => {
    await expect(opened(firmwareFile(`bad/${file.replace(/^bad\//, '')}`))).rejects.toMatchObject({
      code: 'PACK_UNREADABLE',
    })
  })
})

describe('a key', () => {
  it('has a fingerprint of sixteen letters and digits that nobody mistakes', () => {
    expect(fingerprintOf(publicKeyOf(key))).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
  })

  it('signs as RFC 8032 has it (7.1, TEST 2)', () => {
    const publicKey = '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'
    const signature =
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'
    expect(isSignedBy(Buffer.from([0x72]), { publicKey, signature })).toBe(true)
    expect(isSignedBy(Buffer.from([0x73]), { publicKey, signature })).toBe(false)
    expect(isSignedBy(Buffer.from([0x72]), { publicKey: 'f'.repeat(64), signature })).toBe(false)
  })
})
