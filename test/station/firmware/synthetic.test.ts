// Synthetic firmware is known by its bytes, in every form in which a library takes modules.
import { describe, expect, it } from 'vitest'
import { demoFirmware } from '../../../src/main/sim/synthetic/demo-firmware.ts'
import { parseModule } from '../../../src/main/station/firmware/parse-module.ts'
import { syntheticMark } from '../../../src/shared/model/module.ts'
import { boron, boronUser, buildModule, pack } from './module-builder.ts'
import { describeWithFirmware, firmwareFile, listedFiles } from './shared-firmware.ts'
import { folderWith, temporaryLibrary } from './temporary-library.ts'

const demo = demoFirmware()
const boronDemo = demo.filter(({ path }) => path.startsWith('boron/'))

describe('synthetic firmware', () => {
  it('is every module of the demo', () => {
    expect(demo.length).toBeGreaterThan(9)
    for (const { path, bytes } of demo) expect(parseModule(bytes, { source: path }).isSynthetic, path).toBe(true)
  })

  it('is no module without the mark', () => {
    for (const bytes of [boron.user(), boron.system(), boron.bootloader()]) {
      expect(parseModule(bytes, { source: 'real' }).isSynthetic).toBe(false)
    }
  })

  it('is known when it is packed', () => {
    const marked = buildModule({ ...boronUser(''), payload: new TextEncoder().encode(`......${syntheticMark}......`) })
    expect(parseModule(marked, { source: 'plain' }).isSynthetic).toBe(true)
    const packed = buildModule({ ...boronUser(''), flags: 0x02, payload: pack(marked) })
    expect(parseModule(packed, { source: 'packed' })).toMatchObject({ isCompressed: true, isSynthetic: true })
  })

  it('steps back behind real firmware of the same version, whichever came last', async () => {
    const library = await temporaryLibrary()
    await library.importPaths([await folderWith(Object.fromEntries(boronDemo.map(({ path, bytes }) => [path, bytes])))])
    expect((await library.findSet('boron', '4.0.2'))?.modules.every((module) => module.isSynthetic)).toBe(true)
    await library.importPaths([await folderWith({ 'system-part1.bin': boron.system() })])
    expect((await library.findSet('boron', '4.0.2'))?.modules).toMatchObject([{ kind: 'system', isSynthetic: false }])
  })

  it('cannot be passed off as real by the index of the library', async () => {
    const library = await temporaryLibrary()
    const [first] = boronDemo
    if (!first) return expect.fail('the demo has no boron')
    const { imported } = await library.importPaths([await folderWith({ 'module.bin': first.bytes })])
    const module = imported[0]?.modules[0]
    if (!module) return expect.fail('nothing was imported')
    await expect(library.bytesOf({ ...module, isSynthetic: false })).rejects.toMatchObject({ code: 'FIRMWARE_CORRUPT' })
  })
})

describeWithFirmware('real firmware', () => {
  it('is never called synthetic', () => {
    const files = listedFiles().filter(({ platformId, file }) => platformId === 13 && file.endsWith('.bin'))
    expect(files.length).toBeGreaterThan(3)
    for (const { file } of files) {
      expect(Buffer.from(firmwareFile(file)).includes(syntheticMark), file).toBe(false)
    }
  })
})
