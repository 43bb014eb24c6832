import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../../src/main/station/firmware/refusal.ts'
import { openZip } from '../../../src/main/station/firmware/zip-tree.ts'
import { systemClock } from '../../../src/main/station/system-clock.ts'
import { boron } from './module-builder.ts'
import { temporaryLibrary } from './temporary-library.ts'
import { buildZip, type ZipDraft } from './zip-builder.ts'

const options = { name: 'some.zip', clock: systemClock, signal: new AbortController().signal }

async function contentOf(bytes: Uint8Array): Promise<Record<string, string>> {
  const tree = await openZip(bytes, options)
  const pairs: [string, string][] = []
  for (const file of tree.files) pairs.push([file.path, Buffer.from(await file.read()).toString()])
  return Object.fromEntries(pairs)
}

async function refusalOf(bytes: Uint8Array): Promise<Refusal> {
  try {
    await contentOf(bytes)
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown
    throw thrown
  }
  return expect.fail('the archive was accepted')
}

const hello: ZipDraft = { name: 'hello.txt', bytes: Buffer.from('hello hello hello') }

describe('a zip archive', () => {
  it('is read, packed or stored, with a comment or without', async () => {
    const stored = { name: 'folder/plain.txt', bytes: Buffer.from('plain'), stored: true }
    expect(await contentOf(buildZip([hello, stored], 'a comment'))).toEqual({
      'hello.txt': 'hello hello hello',
      'folder/plain.txt': 'plain',
    })
  })

  it('leaves out folders and the clutter that systems scatter', async () => {
    const clutter = ['__MACOSX/._hello.txt', '.DS_Store', 'x/Thumbs.db', 'desktop.ini', '.git/config']
    const drafts = clutter.map((name): ZipDraft => ({ name, bytes: Buffer.from('x') }))
    expect(await contentOf(buildZip([...drafts, { name: 'folder/' }, hello]))).toEqual({
      'hello.txt': expect.any(String),
    })
  })

  const utf8Path = Buffer.concat([Buffer.from([0x75, 0x70, 10, 0, 1, 0, 0, 0, 0]), Buffer.from('other')])

  it.each<[string, string, readonly ZipDraft[]]>([
    ['UNSAFE_PATH', 'climbs out', [{ ...hello, name: 'a/../../evil.bin' }]],
    ['UNSAFE_PATH', 'is absolute', [{ ...hello, name: '/etc/evil.bin' }]],
    ['UNSAFE_PATH', 'has a drive letter', [{ ...hello, name: 'C:evil.bin' }]],
    ['UNSAFE_PATH', 'has a backslash', [{ ...hello, name: 'a\\b.bin' }]],
    ['UNSAFE_PATH', 'has a NUL', [{ ...hello, name: 'tinker.bin\0.txt' }]],
    ['UNSAFE_PATH', 'is empty', [{ ...hello, name: '' }]],
    ['UNSAFE_PATH', 'has an empty part', [{ ...hello, name: 'a//b.bin' }]],
    ['UNSAFE_PATH', 'is not UTF-8', [{ ...hello, name: Uint8Array.of(0xff, 0xfe) }]],
    ['UNSAFE_PATH', 'has a second name', [{ ...hello, extra: utf8Path }]],
    ['UNSAFE_ENTRY', 'is a symbolic link', [{ ...hello, attributes: 0xa1ff_0000 }]],
    ['UNSAFE_ENTRY', 'is a pipe', [{ ...hello, attributes: 0x11ff_0000 }]],
    ['UNSUPPORTED_ZIP', 'is encrypted', [{ ...hello, flags: 1 }]],
    ['UNSUPPORTED_ZIP', 'has an unknown method', [{ ...hello, method: 12 }]],
    ['UNSUPPORTED_ZIP', 'is zip64', [{ ...hello, sizeBytes: 0xffff_ffff }]],
    ['DUPLICATE_ENTRY', 'is there twice', [hello, hello]],
    ['DUPLICATE_ENTRY', 'differs in case alone', [hello, { ...hello, name: 'HELLO.txt' }]],
    ['BAD_ZIP', 'shares its bytes with another', [hello, { ...hello, name: 'b.txt', sharesHeaderOf: 0 }]],
    ['BAD_ZIP', 'has another name in front', [{ ...hello, localName: 'other.txt' }]],
    ['BAD_ZIP', 'holds more than it says', [{ ...hello, sizeBytes: 5 }]],
    ['BAD_ZIP', 'holds less than it says', [{ ...hello, sizeBytes: 500 }]],
    ['BAD_ZIP', 'is not what its CRC says', [{ ...hello, crc: 1 }]],
    ['BAD_ZIP', 'is no deflate stream', [{ ...hello, packed: Buffer.from('this is not packed') }]],
    ['TOO_LARGE', 'packs a thousandfold', [{ name: 'a.bin', bytes: new Uint8Array(1_000_000) }]],
    [
      'TOO_LARGE',
      'is larger than any module',
      [{ name: 'a.bin', packed: new Uint8Array(100_000), sizeBytes: 5_000_000 }],
    ],
  ])('is refused for %s: an entry %s', async (reason, _what, drafts) => {
    expect(await refusalOf(buildZip(drafts))).toMatchObject({ reason, layer: 'zip', file: 'some.zip' })
  })

  it.each([
    ['EMPTY_FILE', new Uint8Array(0)],
    ['EMPTY_ARCHIVE', buildZip([])],
    ['BAD_ZIP', Buffer.concat([buildZip([hello]), Buffer.from('tail')])],
    ['BAD_ZIP', Buffer.concat([Buffer.from('in front'), buildZip([hello])])],
    ['BAD_ZIP', buildZip([hello]).subarray(0, -30)],
    ['TOO_MANY_ENTRIES', buildZip(Array.from({ length: 2001 }, (_, at) => ({ name: `${at}` })))],
  ])('is refused for %s', async (reason, bytes) => {
    expect((await refusalOf(bytes)).reason).toBe(reason)
  })

  it('unpacks only so much in all', async () => {
    const packed = new Uint8Array(100_000)
    const drafts = Array.from({ length: 17 }, (_, at) => ({ name: `${at}.bin`, packed, sizeBytes: 4 * 1024 * 1024 }))
    const tree = await openZip(buildZip(drafts), options)
    const outcomes = await Promise.allSettled(tree.files.map((file) => file.read()))
    const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.reason : 'read'))
    expect(reasons.at(0)).toBe('BAD_ZIP')
    expect(reasons.at(-1)).toBe('TOO_LARGE')
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const tree = await openZip(buildZip([hello]), { ...options, signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(tree.files[0]?.read()).rejects.toThrow('enough')
  })
})

describe('whatever happens to a zip archive', () => {
  const good = buildZip([
    { name: 'softdevice.bin', bytes: boron.softDevice() },
    { name: 'system-part1.bin', bytes: boron.system(), stored: true },
    { name: 'bootloader.bin', bytes: boron.bootloader() },
    { name: 'tinker.bin', bytes: boron.user() },
  ])
  const goodFiles = new Set([boron.softDevice(), boron.system(), boron.bootloader(), boron.user()].map(hexOf))

  function hexOf(bytes: Uint8Array): string {
    return Buffer.from(bytes).toString('hex')
  }

  it('the import ends with a report, and what it takes are the modules that were in it', async () => {
    const library = await temporaryLibrary()
    const edits = fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.uint8Array({ minLength: 1, maxLength: 4 })), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(edits, fc.nat({ max: 60 }), async (changes, cut) => {
        const bytes = Uint8Array.from(good).subarray(0, good.length - Math.max(0, cut - 50))
        for (const [at, put] of changes) if (at + put.length <= bytes.length) bytes.set(put, at)
        const report = await library.importUpload('some.zip', bytes)
        expect(report.imported.length + report.refused.length).toBeGreaterThan(0)
        for (const module of report.imported.flatMap((set) => [...set.modules, ...set.others])) {
          expect(goodFiles).toContain(hexOf(await library.bytesOf(module)))
        }
      }),
      { numRuns: 400 },
    )
  })

  it('noise is refused', async () => {
    const library = await temporaryLibrary()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        const report = await library.importUpload('noise.zip', bytes)
        expect(report.refused).toHaveLength(1)
      }),
      { numRuns: 300 },
    )
  })
})
