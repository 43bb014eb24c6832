// The same files through other people's readers and writers, where they are installed: dfu-suffix of dfu-util, and fwupdtool
// of fwupd. CI installs both.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { withSuffix } from '../../../src/main/station/images/dfu-suffix.ts'
import { parseImages } from '../../../src/main/station/images/parse-image.ts'
import { cabFile, dfuseFile, metainfo, program } from './image-builder.ts'

const isThere = (tool: string) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined
const lacks = {
  dfuSuffix: isThere('dfu-suffix') ? '' : ' (skipped: dfu-util is not installed)',
  fwupd: isThere('fwupdtool') ? '' : ' (skipped: fwupd is not installed)',
}
const payload = program(70_001)
const device = { vendorId: 0x1209, productId: 0x4d46, revision: 0x0102 }

function folderOf(files: Readonly<Record<string, Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'station-images-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
  return folder
}

const run = (tool: string, words: readonly string[], cwd: string) =>
  execFileSync(tool, words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

describe.skipIf(lacks.dfuSuffix !== '')(`dfu-suffix of dfu-util${lacks.dfuSuffix}`, () => {
  it('writes the very suffix that the station writes, and the station reads it', () => {
    const folder = folderOf({ 'blinky.dfu': payload })
    run('dfu-suffix', ['-v', '1209', '-p', '4d46', '-d', '0102', '-a', 'blinky.dfu'], folder)
    const written = readFileSync(join(folder, 'blinky.dfu'))
    expect(written.equals(Buffer.from(withSuffix(payload, device)))).toBe(true)
    expect(parseImages(written, { name: 'blinky.dfu' })[0]?.image).toMatchObject({ format: 'dfu', ...device })
  })
})

describe.skipIf(lacks.fwupd !== '')(`fwupdtool${lacks.fwupd}`, () => {
  it('packs a cabinet that the station reads', { timeout: 60_000 }, () => {
    for (const size of [1, 32_768, 70_001]) {
      const bytes = program(size)
      const folder = folderOf({ 'firmware.bin': bytes, 'a.metainfo.xml': metainfo({ releases: [{ payload: bytes }] }) })
      run('fwupdtool', ['build-cabinet', 'blinky.cab', 'firmware.bin', 'a.metainfo.xml'], folder)
      const [parsed] = parseImages(readFileSync(join(folder, 'blinky.cab')), { name: 'blinky.cab' })
      expect(parsed?.pieces.map((piece) => Buffer.from(piece))).toEqual([Buffer.from(bytes)])
      expect(parsed?.image.version).toBe('1.2.3')
    }
  })

  it('reads what the station reads: suffix, DfuSe and cabinet', { timeout: 60_000 }, () => {
    const elements = [
      { address: 0x0800_0000, bytes: program(400) },
      { address: 0x0800_4000, bytes: program(900) },
    ]
    const folder = folderOf({
      'plain.dfu': withSuffix(payload, device),
      'st.dfu': dfuseFile([{ alternate: 0, name: 'Internal Flash', elements }], {
        vendorId: 0x0483,
        productId: 0xdf11,
      }),
      'packed.cab': cabFile(
        [
          { name: 'firmware.bin', bytes: payload },
          { name: 'a.metainfo.xml', bytes: metainfo({ releases: [{ payload }] }) },
        ],
        { method: 'mszip' },
      ),
    })
    const plain = run('fwupdtool', ['firmware-parse', 'plain.dfu', 'dfu'], folder)
    expect(plain).toMatch(/<vendor>0x1209<\/vendor>\s*<product>0x4d46<\/product>\s*<release>0x102<\/release>/)
    const st = run('fwupdtool', ['firmware-parse', 'st.dfu', 'dfuse'], folder)
    for (const address of ['0x8000000', '0x8004000']) expect(st).toContain(`<addr>${address}</addr>`)
    for (const size of ['0x190', '0x384']) expect(st).toContain(`size="${size}"`)
    const packed = run('fwupdtool', ['firmware-parse', 'packed.cab', 'cab'], folder)
    expect(packed).toContain('<id>firmware.bin</id>')
    expect(packed).toContain(`size="0x${payload.length.toString(16)}"`)
    expect(parseImages(readFileSync(join(folder, 'packed.cab')), { name: 'packed.cab' })).toHaveLength(1)
  })
})
