// firmware versions, fetch and hex, as scripts use them.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { carveHex } from '../../src/main/station/firmware/carve-hex.ts'
import { sha256Of } from '../../src/main/station/firmware/module-suffix.ts'
import { refuser } from '../../src/main/station/firmware/refusal.ts'
import { fileServer } from '../desk/file-server.ts'
import { demoFile, layOutDemo, stockedLibrary } from '../desk/samples.ts'
import { boronUser, buildModule, p2 } from '../station/firmware/module-builder.ts'
import { zipWith } from '../station/firmware/zip-builder.ts'
import { flashOutput, jsonLines, linesOf, station, temporaryFolder } from './run-station.ts'

describe('firmware versions', () => {
  it('lists every release, one line each', async () => {
    const data = temporaryFolder()
    await stockedLibrary(data)
    const { code, stdout } = await station('firmware', 'versions', '--json', '--data', data)
    expect(code).toBe(0)
    expect(jsonLines(stdout)).toContainEqual(
      expect.objectContaining({ platform: 'boron', line: '4.x', deviceOs: '4.0.2', isRecommended: true, lacks: [] }),
    )
    const told = await station('firmware', 'versions', '--data', data)
    expect(linesOf(told.stdout)).toContain('boron  4.x  4.0.2  long term, recommended, synthetic')
  })
})

describe('firmware fetch', () => {
  it('takes user firmware, and what is not what was pinned not', async () => {
    const tinker = demoFile('boron/4.0.2/user-part.bin')
    const { origin } = await fileServer((_, response) => response.end(tinker))
    const data = temporaryFolder()
    const pinned = await station('firmware', 'fetch', origin, '--sha256', 'ab'.repeat(32), '--data', data)
    expect(pinned).toMatchObject({ code: 2, stdout: '' })
    expect(pinned.stderr).toContain('HASH_MISMATCH')
    const { code, stdout } = await station('firmware', 'fetch', `${origin}/t.bin`, '--json', '--data', data)
    expect(code).toBe(0)
    expect(jsonLines(stdout)).toMatchObject([{ fetched: { platform: 'boron', userSha256: sha256Of(tinker) } }])
  })
})

describe('flash --target auto', () => {
  it('gives boards the Device OS that their user firmware was built for', async () => {
    const data = temporaryFolder()
    await stockedLibrary(data)
    const file = join(data, 'older.bin')
    writeFileSync(file, buildModule({ ...boronUser('older'), dependencies: [[4, 1, 3103]] }))
    const words = ['--sim', 'boron:1', '--sim-speed', '60', '--count', '1', '--json', '--data', data]
    const { code, stdout, stderr } = await station('flash', '--target', 'auto', '--user', file, ...words)
    expect(stderr).toContain('4.0.2 is the next higher one')
    expect(code).toBe(0)
    expect(flashOutput(stdout).results).toMatchObject([{ platform: 'boron', outcome: 'pass' }])
  })
})

describe('an application bundle', () => {
  it('reaches a board with its assets and its variables, and the board reports them', async () => {
    const data = temporaryFolder()
    await stockedLibrary(data)
    const file = join(data, 'app.zip')
    const application = p2.locatedUserWithAsset('cat.txt', 'a cat')
    const assets = { 'assets/cat.txt': 'a cat', 'env.json': '{"B":"1","A":"2"}' }
    writeFileSync(file, zipWith({ 'app.bin': application, ...assets }))
    const words = ['--sim', 'p2:1', '--sim-speed', '60', '--count', '1', '--json', '--data', data]
    const { code, stdout } = await station('flash', '--target', 'auto', '--user', file, ...words)
    expect(code).toBe(0)
    const [result] = flashOutput(stdout).results
    expect(result).toMatchObject({ platform: 'p2', outcome: 'pass' })
    expect(result?.modules).toContainEqual(expect.objectContaining({ kind: 'user', proof: 'read-back' }))
    for (const reason of ['cat.txt', 'env']) {
      expect(result?.modules).toContainEqual(expect.objectContaining({ kind: 'asset', reason, proof: 'reported-hash' }))
    }
  })
})

describe('firmware hex', () => {
  it('writes a set with user firmware of a file, and says what is not in it', async () => {
    const data = temporaryFolder()
    await stockedLibrary(data)
    const [user = ''] = layOutDemo(temporaryFolder(), 'p2/5.6.0/user')
    const out = join(data, 'p2.hex')
    const words = ['--platform', 'p2', '--target', '5.6.0', '--user', user, '--out', out, '--data', data]
    const { code, stderr } = await station('firmware', 'hex', ...words)
    expect(code).toBe(0)
    expect(stderr).toContain('prebootloader-mbr')
    const { modules } = carveHex(readFileSync(out), refuser('hex', 'p2.hex'))
    expect(modules.map(({ bytes }) => sha256Of(bytes))).toContain(sha256Of(demoFile('p2/5.6.0/user-part.bin')))
  })

  it.each([
    [['--platform', 'p2', '--target', '5.6.0'], /wants --platform P, --target VERSION and --out FILE/],
    [['--platform', 'core', '--target', '5.6.0', '--out', 'x'], /--platform core: wants one of/],
    [['--platform', 'p2', '--target', '9.9.9', '--out', 'x'], /FIRMWARE_MISSING/],
  ])('refuses %j', async (words, says) => {
    const { code, stderr } = await station('firmware', 'hex', ...words, '--data', temporaryFolder())
    expect(code).toBe(2)
    expect(stderr).toMatch(says)
  })
})
