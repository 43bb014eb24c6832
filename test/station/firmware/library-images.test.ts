import { readdirSync, writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLibrary } from '../../../src/main/station/firmware/library.ts'
import { sha256Of } from '../../../src/main/station/firmware/module-suffix.ts'
import { systemClock } from '../../../src/main/station/system-clock.ts'
import { dfuFile, hexFile, program } from '../images/image-builder.ts'
import { boron } from './module-builder.ts'
import { folderWith, temporaryFolder } from './temporary-library.ts'

const blinky = dfuFile(program(900), { vendorId: 0x1209, productId: 0x4d46 })
const name = sha256Of(blinky)
const gone = sha256Of(program(3))

async function opened() {
  const folder = await temporaryFolder()
  const library = await openLibrary(folder, { clock: systemClock })
  const at = (file: string) => join(folder, 'images', file)
  return { folder, library, at, again: () => openLibrary(folder, { clock: systemClock }) }
}

describe('images in the library', () => {
  it('are kept by their SHA-256, whole, beside the modules', async () => {
    const { library, again } = await opened()
    const { imported, refused } = await library.images.importUpload('dir\\blinky.dfu', blinky)
    expect(refused).toEqual([])
    expect(imported).toMatchObject([{ sha256: name, sizeBytes: blinky.length, source: 'blinky.dfu', isNew: true }])
    const other = await again()
    expect(Buffer.from(await other.imageOf(name))).toEqual(Buffer.from(blinky))
    expect(await other.images.find(name)).toMatchObject({ images: [{ format: 'dfu', vendorId: 0x1209 }] })
    expect(await other.modules()).toEqual([])
    expect(await other.sets()).toEqual([])
  })

  it('are the same file once, under the name it had first', async () => {
    const { library } = await opened()
    await library.images.importUpload('blinky.dfu', blinky)
    const [before] = (await library.images.list()).files
    const { imported } = await library.images.importUpload('copy.dfu', blinky)
    expect(imported).toMatchObject([{ sha256: name, isNew: false, source: 'copy.dfu' }])
    expect((await library.images.list()).files).toEqual([before])
  })

  it('come from files on the disk, each by itself', async () => {
    const { library } = await opened()
    const folder = await folderWith({
      'blinky.dfu': blinky,
      'blinky.hex': hexFile([{ address: 0x0800_0000, bytes: program(64) }]),
      'user.bin': boron.user(),
      'blinky.elf': Buffer.concat([Buffer.of(0x7f, 0x45, 0x4c, 0x46), program(9)]),
    })
    await mkdir(join(folder, 'sub'))
    const paths = ['blinky.dfu', 'user.bin', 'gone.bin', 'sub', 'blinky.elf', 'blinky.hex'].map((file) =>
      join(folder, file),
    )
    const { imported, refused } = await library.images.importPaths(paths)
    expect(imported.map(({ source, images }) => [source, images[0]?.format])).toEqual([
      ['blinky.dfu', 'dfu'],
      ['blinky.hex', 'hex'],
    ])
    expect(refused.map(({ file, reason, layer }) => [file, reason, layer])).toEqual([
      ['user.bin', 'PARTICLE_MODULE', 'image'],
      ['gone.bin', 'UNREADABLE', 'image'],
      ['sub', 'UNREADABLE', 'image'],
      ['blinky.elf', 'UNSUPPORTED_FILE', 'image'],
    ])
  })

  it('are removed for good', async () => {
    const { library, folder } = await opened()
    await library.images.importUpload('blinky.dfu', blinky)
    expect(await library.images.remove(name)).toBe(true)
    expect(await library.images.remove(name)).toBe(false)
    expect(await library.images.remove('../sets')).toBe(false)
    expect(readdirSync(join(folder, 'images'))).toEqual([])
    await expect(library.imageOf(name)).rejects.toMatchObject({ code: 'FIRMWARE_MISSING' })
  })

  it('that are not there are missing', async () => {
    const { library } = await opened()
    expect(await library.images.find(gone)).toBeNull()
    expect(await library.images.find('../../etc/passwd')).toBeNull()
    await expect(library.imageOf(gone)).rejects.toMatchObject({ code: 'FIRMWARE_MISSING' })
  })

  it.each([
    ['a changed file', (at: (file: string) => string) => writeFileSync(at(name), dfuFile(program(900, 8)))],
    ['a file that is gone', (at: (file: string) => string) => rm(at(name))],
    ['a note that is no note', (at: (file: string) => string) => writeFileSync(at(`${name}.json`), '{"format":1}')],
    [
      'a note that calls it what it is not',
      (at: (file: string) => string) =>
        writeFileSync(at(`${name}.json`), '{"format":"dfu-station-image","version":1,"source":"a","importedAt":-1}'),
    ],
  ])('with %s are found, told apart, and mended by importing them again', async (_, damage) => {
    const { library, at } = await opened()
    await library.images.importUpload('blinky.dfu', blinky)
    await library.images.importUpload('other.bin', program(50))
    await damage(at)
    expect(await library.images.list()).toMatchObject({
      files: [{ source: 'other.bin' }],
      damaged: [`images/${name}.json`],
    })
    expect(await library.damaged()).toEqual([`images/${name}.json`])
    await expect(library.imageOf(name)).rejects.toMatchObject({ code: 'FIRMWARE_CORRUPT' })
    await expect(library.images.find(name)).rejects.toMatchObject({ code: 'FIRMWARE_CORRUPT' })
    expect((await library.images.importUpload('blinky.dfu', blinky)).imported).toMatchObject([{ isNew: true }])
    expect((await library.images.list()).files).toHaveLength(2)
    expect(await library.damaged()).toEqual([])
  })

  it('whose note was edited to another name are what their bytes are, or nothing', async () => {
    const { library, at } = await opened()
    const raw = program(70)
    await library.images.importUpload('raw.bin', raw)
    const note = { format: 'dfu-station-image', version: 1, source: 'raw.dfu', importedAt: 1 }
    writeFileSync(at(`${sha256Of(raw)}.json`), JSON.stringify(note))
    await expect(library.images.find(sha256Of(raw))).rejects.toMatchObject({ code: 'FIRMWARE_CORRUPT' })
    expect((await library.images.list()).damaged).toHaveLength(1)
  })

  it('imported all at once are all there', async () => {
    const { library, again } = await opened()
    const other = await again()
    const files = Array.from({ length: 12 }, (_, at) => program(100 + at, at))
    await Promise.all(
      files.flatMap((bytes, at) => [library, other].map(({ images }) => images.importUpload(`${at}.bin`, bytes))),
    )
    expect((await library.images.list()).files).toHaveLength(12)
    expect(await library.damaged()).toEqual([])
  })

  it('leave nothing behind where a file is refused', async () => {
    const { library, folder } = await opened()
    await library.images.importUpload('bad.dfu', program(30))
    expect(readdirSync(join(folder, 'images'))).toEqual([])
  })

  it('belong to a library with some of its sets, too', async () => {
    const { library } = await opened()
    await library.images.importUpload('blinky.dfu', blinky)
    expect(await library.within([]).images.find(name)).toMatchObject({ sha256: name })
  })
})
