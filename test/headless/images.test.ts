// images list, import, inspect and suffix, as scripts use them.
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/main/station/firmware/module-suffix.ts'
import { jsonLines, linesOf, station, temporaryFolder } from './run-station.ts'

const payload = Uint8Array.from({ length: 3_000 }, (_, at) => (at * 7 + (at >> 8)) & 0xff)

function files() {
  const folder = temporaryFolder()
  const at = (name: string) => join(folder, name)
  writeFileSync(at('lamp.bin'), payload)
  return { at, data: at('data') }
}

const ids = ['--vid', '0483', '--pid', 'df11', '--rev', '1.02']

describe('images suffix', () => {
  it('adds the suffix of the standard, with ids, version and CRC', async () => {
    const { at } = files()
    const ended = await station('images', 'suffix', at('lamp.bin'), ...ids, '--out', at('lamp.dfu'))
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const made = readFileSync(at('lamp.dfu'))
    expect(made.subarray(0, payload.length).equals(payload)).toBe(true)
    expect([...made.subarray(payload.length, -4)]).toEqual([
      ...[0x02, 0x01, 0x11, 0xdf, 0x83, 0x04, 0x00, 0x01, 0x55, 0x46, 0x44, 16],
    ])
    expect(made.readUInt32LE(made.length - 4)).toBe(~crc32(made.subarray(0, -4)) >>> 0)
    expect(ended.stdout).toContain('for: 0483:df11 version 1.02')
  })

  it('says "any" for a version that was not given', async () => {
    const { at } = files()
    await station('images', 'suffix', at('lamp.bin'), ...ids.slice(0, 4), '--out', at('lamp.dfu'))
    const made = readFileSync(at('lamp.dfu'))
    expect(made.readUInt16LE(made.length - 16)).toBe(0xffff)
  })

  it('replaces no file unless that was said, and adds no second suffix', async () => {
    const { at } = files()
    const words = ['images', 'suffix', at('lamp.bin'), ...ids, '--out', at('lamp.dfu')]
    writeFileSync(at('lamp.dfu'), 'precious')
    expect(await station(...words)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/is there already; --force/),
    })
    expect(readFileSync(at('lamp.dfu'), 'utf8')).toBe('precious')
    expect(await station(...words, '--force')).toMatchObject({ code: 0 })
    const again = await station('images', 'suffix', at('lamp.dfu'), ...ids, '--out', at('twice.dfu'))
    expect(again).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/has a DFU suffix already/) })
    expect(existsSync(at('twice.dfu'))).toBe(false)
  })

  it('says before any work that the new file has no place', async () => {
    const { at } = files()
    const make = (out: string) => station('images', 'suffix', at('lamp.bin'), ...ids, '--force', '--out', out)
    expect(await make(at('.'))).toMatchObject({ code: 2, stderr: expect.stringMatching(/is a folder, wants a file/) })
    expect(await make(at('no/lamp.dfu'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/there is no folder/),
    })
  })

  it('reads no folder, nothing that never ends, and nothing of any size', async () => {
    const { at } = files()
    writeFileSync(at('huge.bin'), '')
    truncateSync(at('huge.bin'), 80 * 1024 * 1024)
    for (const file of [at('.'), '/dev/zero'])
      expect(await station('images', 'inspect', file)).toMatchObject({ code: 2, stderr: `${file}: is no file\n` })
    const ended = await station('images', 'inspect', at('huge.bin'))
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/83886080 bytes, at most 67108864/) })
  })

  it('refuses what has addresses of its own, and what is no firmware', async () => {
    const { at } = files()
    writeFileSync(at('lamp.hex'), ':0400000001020304F2\n:00000001FF\n')
    writeFileSync(at('lamp.elf'), Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, ...payload]))
    for (const [name, says] of [
      ['lamp.hex', /a hex file has no place for a DFU suffix/],
      ['lamp.elf', /an ELF file.*objcopy/],
      ['nothere.bin', /nothere\.bin: cannot be read/],
    ] as const) {
      const ended = await station('images', 'suffix', at(name), ...ids, '--out', at('out.dfu'))
      expect(ended, name).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(says) })
      expect(linesOf(ended.stderr)).toHaveLength(1)
    }
    expect(existsSync(at('out.dfu'))).toBe(false)
  })
})

describe('images inspect', () => {
  it('says what a file is for, where its pieces go, and what nobody knows of it', async () => {
    const { at } = files()
    const told = await station('images', 'inspect', at('lamp.bin'))
    expect(told).toMatchObject({ code: 0, stderr: '' })
    expect(told.stdout).toContain('lamp.bin: raw, 3000 bytes')
    expect(told.stdout).toContain('for: any device')
    expect(told.stdout).toContain('note: no DFU suffix')
    await station('images', 'suffix', at('lamp.bin'), ...ids, '--out', at('lamp.dfu'))
    const { stdout } = await station('images', 'inspect', at('lamp.dfu'), '--json')
    expect(jsonLines(stdout)).toMatchObject([
      {
        ...{ format: 'dfu', vendorId: 0x0483, productId: 0xdf11, revision: 0x0102, sizeBytes: 3_016 },
        elements: [{ sizeBytes: 3_000, sha256: sha256Of(payload), address: null }],
      },
    ])
  })

  it('refuses a file that was changed', async () => {
    const { at } = files()
    await station('images', 'suffix', at('lamp.bin'), ...ids, '--out', at('lamp.dfu'))
    const bytes = readFileSync(at('lamp.dfu'))
    bytes[100] = (bytes[100] ?? 0) ^ 1
    writeFileSync(at('lamp.dfu'), bytes)
    const ended = await station('images', 'inspect', at('lamp.dfu'))
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/\[CRC_MISMATCH\]$/m) })
  })
})

describe('images import and list', () => {
  it('takes what is good, refuses what is bad by name, and lists what it has', async () => {
    const { at, data } = files()
    await station('images', 'suffix', at('lamp.bin'), ...ids, '--out', at('lamp.dfu'))
    writeFileSync(at('letter.txt'), 'Dear reader,\nthis is no firmware.\n')
    const words = ['images', 'import', at('lamp.bin'), at('lamp.dfu'), at('letter.txt'), '--json', '--data', data]
    const ended = await station(...words)
    expect(ended.code).toBe(2)
    expect(jsonLines(ended.stdout)).toMatchObject([
      { imported: { source: 'lamp.bin', isNew: true, sha256: sha256Of(payload) } },
      { imported: { source: 'lamp.dfu', isNew: true, images: [{ format: 'dfu', vendorId: 0x0483 }] } },
      { refused: { file: 'letter.txt', layer: 'image', reason: 'UNSUPPORTED_FILE' } },
    ])
    expect(linesOf(ended.stderr)).toEqual([expect.stringMatching(/^refused letter\.txt: .+ \[UNSUPPORTED_FILE\]$/)])
    const listed = await station('images', 'list', '--data', data)
    expect(linesOf(listed.stdout)).toHaveLength(2)
    expect(linesOf(listed.stdout)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^[0-9a-f]{64} {2}3000 {2}lamp\.bin {2}raw for any device$/),
        expect.stringMatching(/^[0-9a-f]{64} {2}3016 {2}lamp\.dfu {2}dfu for 0483:df11 version 1\.02$/),
      ]),
    )
    const again = await station('images', 'import', at('lamp.bin'), '--json', '--data', data)
    expect(jsonLines(again.stdout)).toMatchObject([{ imported: { isNew: false } }])
  })
})
