// firmware import and firmware list, as scripts use them.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import JSZip from 'jszip'
import { describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/main/station/firmware/module-suffix.ts'
import { demoFile, demoFiles, layOutDemo } from '../desk/samples.ts'
import { jsonLines, linesOf, station, temporaryFolder } from './run-station.ts'

function damaged(path: string): Uint8Array {
  const bytes = Uint8Array.from(demoFile(path))
  bytes[3_000] = (bytes[3_000] ?? 0) ^ 0x40
  return bytes
}

async function list(data: string) {
  const { code, stdout } = await station('firmware', 'list', '--json', '--data', data)
  expect(code).toBe(0)
  return jsonLines(stdout)
}

describe('firmware import', () => {
  it('takes folders, zips and single files, and the list has every field that scripts were promised', async () => {
    const folder = temporaryFolder()
    layOutDemo(folder, 'boron/')
    const zip = new JSZip()
    for (const { path, bytes } of demoFiles.filter(({ path }) => path.startsWith('p2/'))) zip.file(path, bytes)
    writeFileSync(join(folder, 'p2.zip'), await zip.generateAsync({ type: 'uint8array' }))
    const [single = ''] = layOutDemo(folder, 'photon/2.3.1/user')
    const data = join(folder, 'data')
    const paths = [join(folder, 'boron'), join(folder, 'p2.zip'), single]
    const ended = await station('firmware', 'import', ...paths, '--data', data)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(linesOf(ended.stdout)).toHaveLength(3)

    const modules = await list(data)
    expect(modules).toHaveLength(9)
    for (const each of modules) {
      expect(Object.keys(each)).toEqual(
        expect.arrayContaining([
          ...['platform', 'kind', 'index', 'version', 'deviceOsVersion', 'sizeBytes', 'sha256', 'source'],
        ]),
      )
    }
    const system = demoFile('boron/4.0.2/system-part1.bin')
    expect(modules.find(({ platform, kind }) => platform === 'boron' && kind === 'system')).toMatchObject({
      ...{ index: 1, deviceOsVersion: '4.0.2', sizeBytes: system.length, sha256: sha256Of(system) },
      ...{ version: expect.any(Number), source: expect.stringContaining('system-part1.bin') },
    })
    expect(modules.every(({ isSynthetic }) => isSynthetic === true)).toBe(true)
    const told = await station('firmware', 'list', '--data', data)
    expect(linesOf(told.stdout)).toHaveLength(9)
    for (const line of linesOf(told.stdout)) expect(line).toContain('  synthetic  ')
  })

  it('refuses what is bad by name and reason, one line each, takes nothing of it, and takes the rest', async () => {
    const folder = temporaryFolder()
    const data = join(folder, 'data')
    mkdirSync(join(folder, 'bad'))
    writeFileSync(join(folder, 'bad', 'bootloader.bin'), demoFile('boron/4.0.2/bootloader.bin'))
    writeFileSync(join(folder, 'bad', 'system-part1.bin'), damaged('boron/4.0.2/system-part1.bin'))
    writeFileSync(join(folder, 'bomb.zip'), 'no zip at all')
    const [good = ''] = layOutDemo(folder, 'photon/2.3.1/user')
    const paths = ['bad', 'bomb.zip', 'nothere.bin'].map((name) => join(folder, name))
    const ended = await station('firmware', 'import', ...paths, good, '--data', data)
    expect(ended.code).toBe(2)
    expect(linesOf(ended.stdout)).toHaveLength(1)
    expect(ended.stdout).toContain('imported')
    const refusals = linesOf(ended.stderr)
    for (const name of ['system-part1.bin', 'bomb.zip', 'nothere.bin']) {
      expect(refusals.filter((line) => line.includes(name)).length, name).toBeGreaterThan(0)
    }
    expect(refusals.every((line) => /^refused .+: .+ \[[A-Z_]+\]$/.test(line))).toBe(true)
    expect((await list(data)).map(({ platform, kind }) => [platform, kind])).toEqual([['photon', 'user']])
  })

  it('with --json gives each import and each refusal as an object', async () => {
    const folder = temporaryFolder()
    const data = join(folder, 'data')
    const [good = ''] = layOutDemo(folder, 'p2/5.6.0/user')
    writeFileSync(join(folder, 'bad.bin'), damaged('boron/4.0.2/system-part1.bin'))
    const ended = await station('firmware', 'import', good, join(folder, 'bad.bin'), '--json', '--data', data)
    expect(ended.code).toBe(2)
    expect(jsonLines(ended.stdout)).toMatchObject([
      { imported: { platform: 'p2', isNew: true, modules: [sha256Of(demoFile('p2/5.6.0/user-part.bin'))] } },
      { refused: { file: 'bad.bin', reason: 'CRC_MISMATCH', detail: expect.any(String), layer: expect.any(String) } },
    ])
    expect(linesOf(ended.stderr)).toHaveLength(1)
  })

  it('twice changes nothing', async () => {
    const folder = temporaryFolder()
    const data = join(folder, 'data')
    layOutDemo(folder, 'boron/')
    const run = () => station('firmware', 'import', join(folder, 'boron'), '--json', '--data', data)
    const imports = [await run(), await run()].map(({ stdout }) => jsonLines(stdout))
    expect(imports).toMatchObject([[{ imported: { isNew: true } }], [{ imported: { isNew: false } }]])
    expect(await list(data)).toHaveLength(4)
  })

  it('of a folder without firmware says so', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'empty'))
    const ended = await station('firmware', 'import', join(folder, 'empty'), '--data', join(folder, 'data'))
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(linesOf(ended.stderr)).toHaveLength(1)
    expect(ended.stderr).toMatch(/^refused empty: /)
  })

  it('of an empty library the list is empty', async () => {
    const data = temporaryFolder()
    expect(await list(data)).toEqual([])
    expect(readdirSync(data).sort()).toEqual(['firmware', 'packs', 'recipes'])
  })
})
