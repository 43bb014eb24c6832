import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { PackFile } from '../../src/main/desk/take-pack.ts'
import { openWatchedFolder } from '../../src/main/desk/watched-folder.ts'
import type { Clock } from '../../src/main/station/ports.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { Fault } from '../../src/shared/fault/fault.ts'
import { keptLog } from '../host/fake-host.ts'
import { temporaryFolder } from './desk-under-test.ts'

const times = 100
/** A hundred times as fast as the day. */
const fastClock: Clock = {
  now: () => systemClock.now(),
  monotonic: () => systemClock.monotonic() * times,
  sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
}

function watched(judge: (file: PackFile) => void = () => undefined) {
  const path = join(temporaryFolder(), 'shared')
  mkdirSync(path)
  const read: string[] = []
  const log = keptLog()
  const folder = openWatchedFolder({
    ...{ clock: fastClock, log, changed: () => undefined },
    consider: async (file) => {
      read.push(`${file.name} ${file.bytes.length}`)
      judge(file)
      return { state: 'taken', detail: file.name }
    },
  })
  onTestFinished(() => folder[Symbol.dispose]())
  folder.watch(path)
  const shown = () => folder.view().packs.map(({ file, state }) => `${file} ${state}`)
  const looks = async (count: number) => {
    for (let at = 0; at < count; at += 1) {
      const before = folder.view().lookedAt
      await expect.poll(() => folder.view().lookedAt, { interval: 5 }).not.toBe(before)
    }
  }
  return { path, folder, read, log, shown, looks }
}

describe('a watched folder', () => {
  it('gives each pack once, when it has stood still', async () => {
    const { path, read, shown, looks } = watched()
    writeFileSync(join(path, 'a.dfupack'), 'whole')
    await expect.poll(shown).toEqual(['a.dfupack taken'])
    await looks(4)
    expect(read).toEqual(['a.dfupack 5'])
  })

  it('leaves a file alone while it grows', async () => {
    const { path, read, shown, looks } = watched()
    const file = join(path, 'a.dfupack')
    for (let size = 1; size <= 20; size += 1) {
      writeFileSync(file, 'x'.repeat(size))
      await systemClock.sleep(10)
    }
    expect(read.filter((each) => each !== 'a.dfupack 20')).toEqual([])
    await expect.poll(shown).toEqual(['a.dfupack taken'])
    await looks(2)
    expect(read).toEqual(['a.dfupack 20'])
  })

  it('tries what is not whole again for a while, then says so once', async () => {
    const { path, read, log, shown, looks, folder } = watched(() => {
      throw new Fault('PACK_UNREADABLE', 'cut short')
    })
    writeFileSync(join(path, 'a.dfupack'), 'half')
    await expect.poll(() => read.length).toBeGreaterThan(2)
    expect(shown()).toEqual(['a.dfupack copying'])
    await expect.poll(shown, { timeout: 5_000 }).toEqual(['a.dfupack refused'])
    const tried = read.length
    await looks(5)
    expect(read).toHaveLength(tried)
    expect(log.lines.filter((line) => line.includes('is not taken'))).toHaveLength(1)
    expect(folder.view().packs[0]).toMatchObject({ fault: { code: 'PACK_UNREADABLE' }, detail: 'cut short' })
  })

  it('reads what was refused again when it changes, or when it is told to', async () => {
    let isBad = true
    const { path, read, shown, folder, looks } = watched(() => {
      if (isBad) throw new Fault('PACK_UNTRUSTED', 'nobody knows that key')
    })
    const file = join(path, 'a.dfupack')
    writeFileSync(file, 'x')
    await expect.poll(shown).toEqual(['a.dfupack refused'])
    await looks(3)
    expect(read).toHaveLength(1)
    utimesSync(file, 1_000_000, 1_000_000)
    await expect.poll(() => read.length).toBe(2)
    isBad = false
    await expect.poll(shown).toEqual(['a.dfupack refused'])
    folder.tryAgain()
    await expect.poll(shown).toEqual(['a.dfupack taken'])
  })

  it('looks at packs alone: no other files, no hidden ones, no folders', async () => {
    const { path, shown, looks } = watched()
    for (const name of ['a.zip', '.a.dfupack', '~a.dfupack', 'a.dfupack.part', 'B.DFUPACK']) {
      writeFileSync(join(path, name), 'x')
    }
    mkdirSync(join(path, 'c.dfupack'))
    await expect.poll(shown).toEqual(['B.DFUPACK taken'])
    await looks(2)
    expect(shown()).toEqual(['B.DFUPACK taken'])
  })

  it('refuses what is larger than any pack, without reading it', async () => {
    const { path, shown, read } = watched()
    writeFileSync(join(path, 'a.dfupack'), '')
    truncateSync(join(path, 'a.dfupack'), 200 * 1024 * 1024)
    await expect.poll(shown).toEqual(['a.dfupack refused'])
    expect(read).toEqual([])
  })

  it('says that it is gone, and goes on when it is back', async () => {
    const { path, folder, shown, log, looks } = watched()
    rmSync(path, { recursive: true })
    await expect.poll(() => folder.view().problem).toMatch(/ENOENT/)
    await looks(3)
    expect(log.lines).toHaveLength(1)
    mkdirSync(path)
    writeFileSync(join(path, 'a.dfupack'), 'x')
    await expect.poll(shown).toEqual(['a.dfupack taken'])
    expect(folder.view().problem).toBeNull()
  })

  it('that does not answer is said to, asked nothing more, and looked at again once it has answered', async () => {
    const path = temporaryFolder()
    const late = Promise.withResolvers<readonly string[]>()
    const said: (string | null)[] = []
    let asked = 0
    const folder = openWatchedFolder({
      ...{ clock: fastClock, log: keptLog(), changed: () => said.push(folder.view().problem) },
      consider: async () => ({ state: 'taken', detail: 'taken' }),
      files: {
        names: () => {
          asked += 1
          return asked === 1 ? late.promise : Promise.resolve(['a.dfupack'])
        },
        stamp: async () => '1',
        read: async () => new Uint8Array(),
      },
    })
    onTestFinished(() => folder[Symbol.dispose]())
    folder.watch(path)
    await expect.poll(() => said, { timeout: 10_000 }).toContain('the folder does not answer within 20 s')
    await expect.poll(() => folder.view().problem).toMatch(/asked a while ago/)
    expect(asked).toBe(1)
    late.resolve([])
    await expect.poll(() => folder.view().packs.map(({ state }) => state)).toEqual(['taken'])
    expect(folder.view().problem).toBeNull()
  })

  it.skipIf(process.platform === 'win32')('does not wait for a pipe', async () => {
    const { path, shown, read } = watched()
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(path, 'a.dfupack')])
    await expect.poll(shown).toEqual(['a.dfupack refused'])
    expect(read).toEqual([])
  })

  it('is forgotten for another one', async () => {
    const { path, folder, shown, read } = watched()
    writeFileSync(join(path, 'a.dfupack'), 'x')
    await expect.poll(shown).toEqual(['a.dfupack taken'])
    const other = join(path, 'other')
    mkdirSync(other)
    folder.watch(other)
    expect(folder.view()).toMatchObject({ path: other, packs: [] })
    writeFileSync(join(path, 'b.dfupack'), 'x')
    await expect.poll(() => folder.view().lookedAt).not.toBeNull()
    folder.watch(null)
    expect(folder.view().path).toBeNull()
    expect(read).toEqual(['a.dfupack 1'])
  })
})
