// Files as no tool writes them: noise, good files with fields, bytes and ends changed. Whatever comes, a file is taken whole
// or refused with a reason, soon, and within bounded memory; and a file that was not changed is what was built.
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { sha256Of } from '../../../src/main/station/firmware/module-suffix.ts'
import { Refusal } from '../../../src/main/station/firmware/refusal.ts'
import { maxElements, maxImageBytes } from '../../../src/main/station/images/image-limits.ts'
import { parseImages } from '../../../src/main/station/images/parse-image.ts'
import type { ParsedImage } from '../../../src/main/station/images/payload.ts'
import {
  blinkyCab,
  cabFile,
  dfuFile,
  dfuseFile,
  dfusePayload,
  hexFile,
  metainfo,
  program,
  type TargetFields,
} from './image-builder.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 0x7fff_ffff)
const names = ['a.bin', 'a.dfu', 'a.hex', 'a.cab', 'a', '.dfu', 'a.elf'] as const
const slowestMs = 2000
const startBytes = process.memoryUsage().rss
const count = { files: 0, taken: 0, slowestMs: 0, mostBytes: 0 }

afterAll(() => {
  const { files, taken, slowestMs: slow, mostBytes } = count
  const memory = `memory grew by ${(mostBytes / 1e6).toFixed(0)} MB at most`
  console.info(`fuzz: FUZZ_SEED=${seed}, ${files} files, ${taken} taken, slowest ${slow.toFixed(0)} ms, ${memory}`)
  expect(files).toBeGreaterThan(50_000)
})

/** What the station makes of the file; null where it is refused. Anything but an image in order, or a refusal, fails. */
function taken(bytes: Uint8Array, name: string): readonly ParsedImage[] | null {
  const begin = performance.now()
  const images = parsed(bytes, name)
  const ms = performance.now() - begin
  count.files += 1
  count.slowestMs = Math.max(count.slowestMs, ms)
  if (count.files % 256 === 0) count.mostBytes = Math.max(count.mostBytes, process.memoryUsage().rss - startBytes)
  expect(ms).toBeLessThan(slowestMs)
  expect(count.mostBytes).toBeLessThan(512 * 1024 * 1024)
  if (images === null) return null
  count.taken += 1
  for (const image of images) checkInOrder(image, bytes)
  return images
}

function parsed(bytes: Uint8Array, name: string): readonly ParsedImage[] | null {
  try {
    return parseImages(bytes, { name })
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    expect([thrown.layer, thrown.code]).toEqual(['image', 'FIRMWARE_REFUSED'])
    expect(thrown.detail).toMatch(/\[[A-Z_]+\]$/)
    return null
  }
}

function checkInOrder({ image, pieces }: ParsedImage, bytes: Uint8Array): void {
  expect(image.sha256).toBe(sha256Of(bytes))
  expect(image.sizeBytes).toBe(bytes.length)
  expect(pieces).toHaveLength(image.elements.length)
  expect(pieces.length).toBeGreaterThan(0)
  expect(pieces.length).toBeLessThanOrEqual(maxElements)
  expect(pieces.reduce((sum, piece) => sum + piece.length, 0)).toBeLessThanOrEqual(maxImageBytes)
  for (const [at, element] of image.elements.entries()) {
    expect(element.sizeBytes).toBe(pieces[at]?.length)
    expect(element.sizeBytes).toBeGreaterThan(0)
    expect(element.sha256).toBe(sha256Of(pieces[at] ?? new Uint8Array(0)))
    expect((element.address ?? 0) + element.sizeBytes).toBeLessThanOrEqual(2 ** 32)
    const next = image.elements[at + 1]
    if (!next || next.alternate !== element.alternate) continue
    expect(next.address).toBeGreaterThanOrEqual((element.address ?? 2 ** 32) + element.sizeBytes)
  }
}

const bytesOf = (images: readonly ParsedImage[] | null) =>
  images?.map(({ image, pieces }) => ({
    pieces: pieces.map((piece) => Buffer.from(piece).toString('hex')),
    places: image.elements.map(({ alternate, address }) => ({ alternate, address })),
    for: [image.vendorId, image.productId, image.revision, image.guids, image.version],
  }))

const some = (maxLength: number) => fc.uint8Array({ minLength: 1, maxLength })
const word = fc.oneof(fc.nat(0xffff), fc.constant(0xffff))
const name = fc.constantFrom(...names)

/** Runs of different sizes with room between them. */
const runs = fc
  .array(fc.record({ bytes: some(80), gap: fc.integer({ min: 1, max: 300 }) }), { minLength: 1, maxLength: 5 })
  .chain((list) =>
    fc.nat(0xffff_0000).map((start) => {
      let at = start
      return list.map(({ bytes, gap }) => {
        const address = at
        at += bytes.length + gap
        return { address, bytes }
      })
    }),
  )
const targets: fc.Arbitrary<readonly TargetFields[]> = fc.uniqueArray(
  fc.record({ alternate: fc.nat(255), elements: runs }),
  { minLength: 1, maxLength: 4, selector: ({ alternate }) => alternate },
)
const stated = fc.record({ vendorId: word, productId: word, revision: word })

/** The first byte is one that no known file begins with, and that no text has. */
const payload = some(400).map((bytes) => Buffer.concat([Buffer.of(0x81), bytes]))

const good: Readonly<Record<string, fc.Arbitrary<Uint8Array>>> = {
  raw: payload,
  dfu: fc.tuple(payload, stated).map(([bytes, fields]) => dfuFile(bytes, fields)),
  dfuse: fc.tuple(targets, stated).map(([all, fields]) => dfuseFile(all, fields)),
  hex: runs.map(hexFile),
  'stored cab': payload.map((bytes) => blinkyCab(bytes)),
  'MSZIP cab': payload.map((bytes) => blinkyCab(bytes, { method: 'mszip' })),
  'cab without sums': payload.map((bytes) => blinkyCab(bytes, { blockSum: 0 })),
  'cab of MSZIP without sums': payload.map((bytes) => blinkyCab(bytes, { method: 'mszip', blockSum: 0 })),
}
const anyGood = fc.oneof(...Object.values(good))

const change = fc.record({
  at: fc.double({ min: 0, max: 0.999, noNaN: true }),
  to: fc.uint8Array({ minLength: 1, maxLength: 4 }),
})

function changed(bytes: Uint8Array, changes: readonly { readonly at: number; readonly to: Uint8Array }[]): Uint8Array {
  const copy = Buffer.from(bytes)
  for (const { at, to } of changes)
    copy.set(to.subarray(0, copy.length - Math.floor(at * copy.length)), Math.floor(at * copy.length))
  return copy
}

function runAll<T>(arbitrary: fc.Arbitrary<T>, runsInAll: number, check: (value: T) => unknown): void {
  const property = fc.property(arbitrary, (value) => void check(value))
  fc.assert(property, { seed, numRuns: runsInAll })
}

describe('any file', () => {
  it('of noise is taken or refused', { timeout: 120_000 }, () => {
    runAll(fc.tuple(fc.uint8Array({ maxLength: 600 }), name), 10_000, ([bytes, file]) => taken(bytes, file))
  })

  it('that begins or ends like one of the formats is taken or refused', { timeout: 120_000 }, () => {
    const heads = ['MSCF\0\0\0\0', 'DfuSe\u0001', ':10000000', '\u007fELF', 'PK\u0003\u0004', 'S113', 'UF2\n'].map(
      (text) => Buffer.from(text, 'latin1'),
    )
    const tails = [
      Buffer.alloc(0),
      Buffer.from('\0\u0001UFD\u0010\0\0\0\0', 'latin1'),
      Buffer.from('\u001a\u0001UFD\u0010\0\0\0\0', 'latin1'),
    ]
    const file = fc.tuple(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...tails))
    runAll(fc.tuple(file, name), 8_000, ([parts, called]) => taken(Buffer.concat(parts), called))
  })

  it('with a good suffix behind noise is taken or refused', { timeout: 120_000 }, () => {
    const noise = fc.tuple(fc.constantFrom('', 'DfuSe\u0001', 'MSCF', ':00'), fc.uint8Array({ maxLength: 400 }))
    const suffix = fc.record({
      vendorId: word,
      productId: word,
      version: fc.constantFrom(0x0100, 0x0110, 0x011a),
      length: fc.integer({ min: 12, max: 24 }),
    })
    runAll(fc.tuple(noise, suffix, name), 8_000, ([[head, bytes], fields, called]) =>
      taken(dfuFile(Buffer.concat([Buffer.from(head, 'latin1'), bytes]), fields), called),
    )
  })
})

describe('a good file', () => {
  it('of each format is read as what was built', { timeout: 120_000 }, () => {
    runAll(fc.tuple(payload, stated), 1_000, ([bytes, fields]) => {
      const any = (value: number) => (value === 0xffff ? null : value)
      expect(bytesOf(taken(dfuFile(bytes, fields), 'a.dfu'))).toEqual([
        {
          pieces: [bytes.toString('hex')],
          places: [{ alternate: null, address: null }],
          for: [any(fields.vendorId), any(fields.productId), any(fields.revision), [], null],
        },
      ])
    })
    const flat = (all: readonly TargetFields[]) =>
      all
        .flatMap(({ alternate = 0, elements }) => elements.map((element) => ({ alternate, ...element })))
        .toSorted((a, b) => a.alternate - b.alternate || a.address - b.address)
    runAll(targets, 1_000, (all) => {
      const [image] = bytesOf(taken(dfuseFile(all), 'a.dfu')) ?? []
      expect(image?.pieces).toEqual(flat(all).map(({ bytes }) => Buffer.from(bytes).toString('hex')))
      expect(image?.places).toEqual(flat(all).map(({ alternate, address }) => ({ alternate, address })))
    })
    runAll(runs, 1_000, (all) => {
      const [image] = bytesOf(taken(hexFile(all), 'a.hex')) ?? []
      expect(image?.pieces).toEqual(all.map(({ bytes }) => Buffer.from(bytes).toString('hex')))
      expect(image?.places).toEqual(all.map(({ address }) => ({ alternate: null, address })))
    })
    runAll(fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.nat(), fc.boolean()), 300, ([size, start, isPacked]) => {
      const bytes = program(size, start)
      const cab = blinkyCab(bytes, { method: isPacked ? 'mszip' : 'stored' })
      expect(bytesOf(taken(cab, 'a.cab'))?.[0]?.pieces).toEqual([Buffer.from(bytes).toString('hex')])
    })
  })

  it('with one byte changed is refused, or is the very same image, where the format has sums', {
    timeout: 120_000,
  }, () => {
    const endings = { dfu: 'dfu', dfuse: 'bin', hex: 'hex', 'stored cab': 'cab', 'MSZIP cab': 'cab' }
    for (const [format, ending] of Object.entries(endings)) {
      const file = good[format] as fc.Arbitrary<Uint8Array>
      const flip = fc.record({
        at: fc.double({ min: 0, max: 0.999, noNaN: true }),
        by: fc.integer({ min: 1, max: 255 }),
      })
      runAll(fc.tuple(file, flip), 1_600, ([bytes, { at, by }]) => {
        const place = Math.floor(at * bytes.length)
        const copy = Buffer.from(bytes)
        copy[place] = (copy[place] ?? 0) ^ by
        const before = bytesOf(taken(bytes, `a.${ending}`))
        const after = bytesOf(taken(copy, `a.${ending}`))
        // The name of a file in a cabinet has no sum of its own; the payload it stands for has.
        if (after) expect(after).toEqual(before)
      })
    }
  })

  it('with any bytes changed is taken or refused', { timeout: 120_000 }, () => {
    const changes = fc.array(change, { minLength: 1, maxLength: 6 })
    runAll(fc.tuple(anyGood, changes, name), 8_000, ([bytes, all, called]) => taken(changed(bytes, all), called))
  })

  it('cut or with more behind it is taken or refused', { timeout: 120_000 }, () => {
    const end = fc.record({ keep: fc.double({ min: 0, max: 1, noNaN: true }), more: fc.uint8Array({ maxLength: 20 }) })
    runAll(fc.tuple(anyGood, end, name), 5_000, ([bytes, { keep, more }, called]) =>
      taken(Buffer.concat([bytes.subarray(0, Math.floor(keep * bytes.length)), more]), called),
    )
  })
})

describe('a good container around changed contents', () => {
  it('of DfuSe is taken or refused', { timeout: 120_000 }, () => {
    const fields = fc.array(change, { minLength: 1, maxLength: 4 })
    runAll(fc.tuple(targets, fields), 6_000, ([all, changes]) =>
      taken(dfuFile(changed(dfusePayload(all), changes), { version: 0x011a }), 'a.dfu'),
    )
  })

  it('of a cabinet is taken or refused, whatever its metainfo says', { timeout: 120_000 }, () => {
    const bytes = program(60)
    const text = metainfo({ releases: [{ payload: bytes }, { version: '1.0' }] })
    const words = [
      '<',
      '>',
      '</component>',
      '&lt;',
      '&a;',
      '<!DOCTYPE a [<!ENTITY a "b">]>',
      '<![CDATA[',
      '<!--',
      '"',
      "'",
      '\0',
      '<a>'.repeat(300),
    ]
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(40),
      put: fc.constantFrom('', ...words),
    })
    runAll(fc.array(edit, { minLength: 1, maxLength: 4 }), 4_000, (edits) => {
      let edited = Buffer.from(text).toString('latin1')
      for (const { at, cut, put } of edits) {
        const place = Math.floor(at * edited.length)
        edited = edited.slice(0, place) + put + edited.slice(place + cut)
      }
      const files = [
        { name: 'firmware.bin', bytes },
        { name: 'a.metainfo.xml', bytes: Buffer.from(edited, 'latin1') },
      ]
      taken(cabFile(files), 'a.cab')
    })
  })
})
