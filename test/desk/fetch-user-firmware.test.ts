// User firmware from an address: what comes into the library, and everything that does not.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { download } from '../../src/main/desk/download.ts'
import { fetchedUser, fetchUserFirmware } from '../../src/main/desk/fetch-user-firmware.ts'
import { takeRecipe } from '../../src/main/desk/take-recipe.ts'
import { maxFetchBytes, maxFetchMs, maxRedirects } from '../../src/main/station/firmware/limits.ts'
import { sha256Of } from '../../src/main/station/firmware/module-suffix.ts'
import type { Clock } from '../../src/main/station/ports.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { boron, boronUser, buildModule, p2, pack } from '../station/firmware/module-builder.ts'
import { temporaryLibrary } from '../station/firmware/temporary-library.ts'
import { zipWith } from '../station/firmware/zip-builder.ts'
import { fileServer } from './file-server.ts'
import { recipe } from './samples.ts'

const tinker = boron.user()
const bundle = zipWith({ 'app.bin': p2.userWithAsset('cat.txt', 'a cat'), 'assets/cat.txt': 'a cat' })

function options(change: { readonly clock?: Clock; readonly signal?: AbortSignal } = {}) {
  return { clock: systemClock, signal: new AbortController().signal, ...change }
}

/** A clock whose sleep is over when the test says so. */
function heldClock() {
  const over = Promise.withResolvers<void>()
  const slept: number[] = []
  const clock: Clock = {
    ...systemClock,
    sleep: (ms, signal) => {
      slept.push(ms)
      return Promise.race([
        over.promise,
        new Promise<void>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
      ])
    },
  }
  return { clock, slept, end: () => over.resolve() }
}

describe('user firmware from an address', () => {
  it.each([
    ['a module', { path: 'tinker.bin', bytes: tinker, platform: 'boron', user: tinker }],
    ['a module without an ending', { path: 'download?id=7', bytes: tinker, platform: 'boron', user: tinker }],
    ['a bundle', { path: 'app.zip', bytes: bundle, platform: 'p2', user: p2.userWithAsset('cat.txt', 'a cat') }],
    [
      'a compressed module',
      {
        path: 'p.bin',
        bytes: buildModule({ ...boronUser(''), flags: 0x02, payload: pack(tinker) }),
        platform: 'boron',
        user: tinker,
      },
    ],
  ] as const)('is taken from %s, and the address is kept with it', async (_, { path, bytes, platform, user }) => {
    const { origin } = await fileServer((_path, response) => response.end(bytes))
    const library = await temporaryLibrary()
    const fetched = await fetchUserFirmware({ url: `${origin}/${path}`, sha256: null }, library, options())
    expect(fetched).toEqual({
      ...{ url: `${origin}/${path}`, sha256: sha256Of(bytes), sizeBytes: bytes.length, platform, isNew: true },
      userSha256: sha256Of(user),
    })
    const [set] = await library.sets()
    expect(set?.fetched).toEqual({ url: `${origin}/${path}`, sha256: sha256Of(bytes) })
    const again = await fetchUserFirmware({ url: `${origin}/${path}`, sha256: fetched.sha256 }, library, options())
    expect(again.isNew).toBe(false)
  })

  it('follows redirects to where it is', async () => {
    const { origin, asked } = await fileServer((path, response) => {
      if (path === '/b.bin') response.end(tinker)
      else response.writeHead(302, { location: '/b.bin' }).end()
    })
    const library = await temporaryLibrary()
    const fetched = await fetchUserFirmware({ url: `${origin}/a`, sha256: sha256Of(tinker) }, library, options())
    expect(fetched.url).toBe(`${origin}/b.bin`)
    expect(asked).toEqual(['/a', '/b.bin'])
  })

  it.each([
    ['HASH_MISMATCH', { sha256: 'ab'.repeat(32) }, tinker],
    ['NOT_USER_FIRMWARE', {}, boron.bootloader()],
    ['NOT_USER_FIRMWARE', {}, zipWith({ 'a.bin': boron.user(), 'b.bin': boron.bootloader() })],
    ['TRUNCATED', {}, tinker.subarray(0, -8)],
    ['NOT_FIRMWARE', {}, Buffer.from('<html>'.padEnd(200, ' not found'))],
  ])('is refused with %s, and nothing is kept', async (reason, change, bytes) => {
    const { origin } = await fileServer((_, response) => response.end(bytes))
    const library = await temporaryLibrary()
    const wish = { url: `${origin}/x`, sha256: null, ...change }
    await expect(fetchUserFirmware(wish, library, options())).rejects.toMatchObject({
      code: 'FIRMWARE_REFUSED',
      reason,
    })
    expect(await library.sets()).toEqual([])
  })

  it('is named by a recipe through its hash alone: the address is asked no more', async () => {
    const { origin, asked } = await fileServer((_, response) => response.end(tinker))
    const library = await temporaryLibrary()
    const url = `${origin}/tinker.bin`
    const named = recipe({ platforms: ['boron'], user: { url, sha256: sha256Of(tinker) } })
    await expect(takeRecipe(named, 'r.json', library)).rejects.toMatchObject({ code: 'FIRMWARE_MISSING' })
    expect(asked).toEqual([])
    await fetchUserFirmware({ url, sha256: null }, library, options())
    expect(await takeRecipe(named, 'r.json', library)).toMatchObject({ user: { modules: { boron: sha256Of(tinker) } } })
    expect(asked).toHaveLength(1)
    const foreign = { ...named, platforms: ['p2' as const] }
    await expect(takeRecipe(foreign, 'r.json', library)).rejects.toMatchObject({ code: 'RECIPE_INVALID' })
  })

  it('of a bundle is named by the hash of the bundle', async () => {
    const { origin } = await fileServer((_, response) => response.end(bundle))
    const library = await temporaryLibrary()
    await fetchUserFirmware({ url: `${origin}/a.zip`, sha256: null }, library, options())
    const user = fetchedUser({ url: 'https://elsewhere.example', sha256: sha256Of(bundle) }, await library.sets())
    expect(user.sha256).toBe(sha256Of(p2.userWithAsset('cat.txt', 'a cat')))
  })
})

describe('a download', () => {
  it.each([
    ['ftp://127.0.0.1/a.bin'],
    ['file:///etc/passwd'],
    ['/tmp/a.bin'],
    ['http://user:word@127.0.0.1/a.bin'],
    ['ftp://user:word@127.0.0.1/a.bin'],
    ['data:application/octet-stream,abc'],
  ])('from %s is refused', async (url) => {
    await expect(download(url, options())).rejects.toMatchObject({
      ...{ reason: 'BAD_URL', layer: 'fetch' },
      // A password would go onto the screen and into the log.
      message: expect.not.stringContaining('word@'),
    })
  })

  it('that is sent to another kind of address is refused', async () => {
    const { origin } = await fileServer((_, response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    )
    await expect(download(origin, options())).rejects.toMatchObject({ reason: 'BAD_URL' })
  })

  it('that is sent round in a circle ends', async () => {
    const { origin, asked } = await fileServer((_, response) => response.writeHead(307, { location: '/' }).end())
    await expect(download(origin, options())).rejects.toMatchObject({ reason: 'UNREACHABLE' })
    expect(asked).toHaveLength(maxRedirects + 1)
  })

  it('that says it is too large is not begun, and one that grows too large is ended', async () => {
    const stated = await fileServer((_, response) =>
      response.writeHead(200, { 'content-length': maxFetchBytes + 1 }).write('x'),
    )
    await expect(download(stated.origin, options())).rejects.toMatchObject({ reason: 'TOO_LARGE' })
    let sent = 0
    const endless = await fileServer((_, response) => {
      const piece = Buffer.alloc(1024 * 1024)
      const more = () => {
        sent += piece.length
        if (!response.destroyed) response.write(piece, () => setImmediate(more))
      }
      more()
    })
    await expect(download(endless.origin, options())).rejects.toMatchObject({ reason: 'TOO_LARGE' })
    expect(sent).toBeLessThan(2 * maxFetchBytes)
  })

  it('that unpacks to more than the limit is ended', async () => {
    const packed = gzipSync(Buffer.alloc(maxFetchBytes + 1))
    const { origin } = await fileServer((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    )
    await expect(download(origin, options())).rejects.toMatchObject({ reason: 'TOO_LARGE' })
  })

  it('that breaks off is told apart from one that is whole', async () => {
    const { origin } = await fileServer((_, response) => {
      response.writeHead(200, { 'content-length': 1000 }).write('half')
      setTimeout(() => response.destroy(), 20)
    })
    await expect(download(origin, options())).rejects.toMatchObject({ reason: 'UNREACHABLE' })
  })

  it('where there is no such file, or no such server, is refused with its words', async () => {
    const { origin } = await fileServer((_, response) => response.writeHead(404).end('no'))
    await expect(download(origin, options())).rejects.toMatchObject({
      reason: 'UNREACHABLE',
      detail: expect.stringContaining('404'),
    })
    await expect(download('http://127.0.0.1:1/', options())).rejects.toMatchObject({ reason: 'UNREACHABLE' })
  })

  it('that is too slow ends at its deadline, in its answer and in its body', async () => {
    for (const begin of [false, true]) {
      const { origin, asked } = await fileServer((_, response) => {
        if (begin) response.writeHead(200).write('x')
      })
      const { clock, slept, end } = heldClock()
      const running = download(origin, options({ clock }))
      const refused = expect(running).rejects.toMatchObject({ reason: 'TOO_SLOW' })
      await expect.poll(() => asked.length).toBe(1)
      expect(slept).toEqual([maxFetchMs])
      end()
      await refused
    }
  })

  it('ends when the station ends, with its reason', async () => {
    const { origin, asked } = await fileServer(() => undefined)
    const ending = new AbortController()
    const running = expect(download(origin, options({ signal: ending.signal }))).rejects.toThrow('the station ends')
    await expect.poll(() => asked.length).toBe(1)
    ending.abort(new Error('the station ends'))
    await running
  })
})

describe('reaching out', () => {
  it('is done by one file of the station, and that one is the desk’s', () => {
    const root = join(import.meta.dirname, '../../src/main')
    const reaching = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => /\bfetch\(|\bhttps?\.request\(|\bhttp\.get\(|new WebSocket\(/.test(readFileSync(file, 'utf8')))
      .map((file) => file.slice(root.length + 1).replaceAll('\\', '/'))
    expect(reaching).toEqual(['desk/download.ts'])
  })
})
