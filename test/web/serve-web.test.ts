import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { offerFile } from '../../src/main/web/file-address.ts'
import { serveWeb, type WebDoor } from '../../src/main/web/serve-web.ts'
import { type RawRequest, send } from './raw-request.ts'
import { createTestDesk, silentLog, type TestDesk } from './test-desk.ts'

let folder: string
let desk: TestDesk
let door: WebDoor
let cookie: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'station-web-'))
  await mkdir(join(folder, 'page', 'assets'), { recursive: true })
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html><title>bench</title>')
  await writeFile(join(folder, 'page', 'assets', 'app-1a2b.js'), 'export {}')
  await writeFile(join(folder, 'page', 'notes.txt~'), 'not a file of the page')
  await writeFile(join(folder, 'secret.json'), '{"secret":true}')
})
afterAll(() => rm(folder, { recursive: true }))

beforeEach(async () => {
  desk = createTestDesk()
  door = await serveWeb({ desk, rendererFolder: join(folder, 'page'), port: 0, log: silentLog })
  const entered = await send(door.port, { path: new URL(door.url).pathname + new URL(door.url).search })
  cookie = String(entered.headers['set-cookie']).split(';')[0] ?? ''
})
afterEach(() => door.close())

const inside = (request: RawRequest) => send(door.port, { ...request, headers: { cookie, ...request.headers } })
const call = (name: string, body: string, headers: RawRequest['headers'] = {}) =>
  inside({
    method: 'POST',
    path: `/call/${name}`,
    body,
    headers: {
      origin: `http://127.0.0.1:${door.port}`,
      'x-station': '1',
      'content-type': 'application/json',
      ...headers,
    },
  })
const rejected = (detail: unknown) => ({ ok: false, fault: { code: 'CALL_REJECTED', detail } })

describe('the way in', () => {
  it('exchanges the token of the printed address for a cookie that scripts and other sites cannot use', async () => {
    const answer = await send(door.port, { path: new URL(door.newUrl()).search.replace(/^/, '/') })
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/')
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^station-${door.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    )
  })

  it('refuses the second use of a token', async () => {
    const path = new URL(door.url).pathname + new URL(door.url).search
    expect(await send(door.port, { path })).toMatchObject({ status: 403, text: expect.stringContaining('used before') })
  })

  it('shows the page to a browser that is already in and opens the used address again', async () => {
    expect(await inside({ path: `/${new URL(door.url).search}` })).toMatchObject({ status: 303 })
  })

  it('refuses a token that was never given out', async () => {
    expect(await send(door.port, { path: `/?token=${'A'.repeat(43)}` })).toMatchObject({ status: 403 })
  })

  it('gives every address a token of its own', () => {
    expect(new Set([door.url, door.newUrl(), door.newUrl()]).size).toBe(3)
  })

  it.each(['/', '/assets/app-1a2b.js', '/feed/bench', '/export?format=csv'])(
    'gives nothing of %s without a cookie',
    async (path) => {
      const answer = await send(door.port, { path })
      expect(answer.status).toBe(401)
      expect(answer.text).toMatch(/^Refused: this browser was not let in/)
    },
  )

  it('refuses a cookie that it did not issue', async () => {
    expect(await inside({ path: '/', headers: { cookie: `station-${door.port}=${'A'.repeat(43)}` } })).toMatchObject({
      status: 401,
    })
  })

  it('makes no call without a cookie', async () => {
    const answer = await call('readSettings', '{}', { cookie: '' })
    expect(answer.status).toBe(401)
    expect(desk.asked).toEqual([])
  })
})

describe('other hosts, other sites', () => {
  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '[::1]:80', '127.0.0.1.evil.example'])(
    'refuses the host %s, as a rebound name would send it',
    async (host) => {
      expect(await inside({ path: '/', headers: { host } })).toMatchObject({ status: 421 })
    },
  )

  it('answers to the name localhost too', async () => {
    expect(await inside({ path: '/', headers: { host: `localhost:${door.port}` } })).toMatchObject({ status: 200 })
  })

  it.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://localhost:1'])(
    'refuses the origin %s',
    async (origin) => {
      expect(await inside({ path: '/', headers: { origin } })).toMatchObject({ status: 403 })
      const answer = await call('readSettings', '{}', { origin })
      expect(answer.status).toBe(403)
      expect(JSON.parse(answer.text)).toEqual(rejected(`not for the origin ${origin}`))
      expect(desk.asked).toEqual([])
    },
  )

  it('refuses a call without an origin, without our header, or as a form would send it', async () => {
    const headers = { 'x-station': '1', 'content-type': 'application/json' }
    const origin = `http://127.0.0.1:${door.port}`
    const post = (own: RawRequest['headers']) =>
      inside({ method: 'POST', path: '/call/readSettings', body: '{}', ...(own ? { headers: own } : {}) })
    expect(await post(headers)).toMatchObject({ status: 403 })
    expect(await post({ ...headers, origin, 'x-station': '0' })).toMatchObject({ status: 403 })
    expect(await post({ ...headers, origin, 'content-type': 'text/plain' })).toMatchObject({ status: 415 })
    expect(await post({ ...headers, origin, 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
      status: 415,
    })
    expect(desk.asked).toEqual([])
  })

  it('refuses what a browser marks as asked for by another site, but lets a link open the page', async () => {
    const cross = { 'sec-fetch-site': 'cross-site' }
    expect(
      await inside({ path: '/assets/app-1a2b.js', headers: { ...cross, 'sec-fetch-mode': 'no-cors' } }),
    ).toMatchObject({ status: 403 })
    expect(await inside({ path: '/feed/bench', headers: { ...cross, 'sec-fetch-mode': 'cors' } })).toMatchObject({
      status: 403,
    })
    const opens = { ...cross, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    expect(await inside({ path: '/', headers: opens })).toMatchObject({ status: 200 })
    expect(await inside({ path: '/', headers: { ...opens, 'sec-fetch-dest': 'iframe' } })).toMatchObject({
      status: 403,
    })
  })

  it('answers no preflight', async () => {
    const answer = await inside({
      method: 'OPTIONS',
      path: '/call/readSettings',
      headers: { origin: `http://127.0.0.1:${door.port}` },
    })
    expect(answer.status).toBe(405)
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('listens on 127.0.0.1 and on no other address of this computer', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ address }) => address !== '127.0.0.1' && !address.startsWith('fe80'))
      .map(({ address }) => address)
    expect(await canConnect('127.0.0.1')).toBe(true)
    for (const address of [...others, '::1', '127.0.0.2'])
      expect([address, await canConnect(address)]).toEqual([address, false])
  })
})

describe('calls', () => {
  it('answers a call with its outcome', async () => {
    const answer = await call('startSlots', '{"slots":[1,2]}')
    expect(answer).toMatchObject({ status: 200, text: '{"ok":true,"value":null}' })
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(desk.asked).toEqual([{ name: 'startSlots', input: { slots: [1, 2] } }])
  })

  it('answers an unknown call and a wrong input with CALL_REJECTED', async () => {
    expect(JSON.parse((await call('launchMissiles', '{}')).text)).toEqual(rejected('no call is named "launchMissiles"'))
    expect(JSON.parse((await call('__proto__', '{}')).text)).toEqual(rejected('no call is named "__proto__"'))
    expect(JSON.parse((await call('startSlots', '{"slots":[]}')).text)).toEqual(
      rejected(expect.stringMatching(/^startSlots: slots/)),
    )
    expect(desk.asked).toEqual([])
  })

  it('answers a body that is not JSON with CALL_REJECTED', async () => {
    const answer = await call('readSettings', '{')
    expect([answer.status, JSON.parse(answer.text)]).toEqual([400, rejected('the body is not JSON')])
  })

  it('refuses a body above 64 KiB, announced or not', async () => {
    const body = JSON.stringify({ slots: [1], filler: 'x'.repeat(65 * 1024) })
    expect(await call('startSlots', body, { 'content-length': body.length })).toMatchObject({ status: 413 })
    expect(await call('startSlots', body, { 'transfer-encoding': 'chunked' })).toMatchObject({ status: 413 })
    expect(desk.asked).toEqual([])
  })

  it('takes firmware files of several megabytes', async () => {
    const files = [{ path: 'a.bin', contentBase64: 'A'.repeat(8 * 1024 * 1024) }]
    expect(await call('importFiles', JSON.stringify({ files }))).toMatchObject({ status: 200 })
    expect(desk.asked).toEqual([{ name: 'importFiles', input: { files } }])
  })

  it('takes recipe packs of several megabytes', async () => {
    const pack = { fileName: 'a.dfupack', contentBase64: 'A'.repeat(8 * 1024 * 1024) }
    for (const name of ['importPack', 'examinePack']) {
      expect(await call(name, JSON.stringify(pack))).toMatchObject({ status: 200 })
    }
    expect(desk.asked.map(({ name }) => name)).toEqual(['importPack', 'examinePack'])
  })

  it('makes no call by GET', async () => {
    expect(await inside({ path: '/call/readSettings' })).toMatchObject({ status: 404 })
    expect(desk.asked).toEqual([])
  })
})

describe('files', () => {
  it('sends the page and its files with their types and the policy', async () => {
    const page = await inside({ path: '/' })
    expect(page).toMatchObject({ status: 200, text: '<!doctype html><title>bench</title>' })
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': expect.stringMatching(/^default-src 'self';.*frame-ancestors 'none'/),
    })
    const script = await inside({ path: '/assets/app-1a2b.js' })
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': expect.stringContaining('immutable'),
    })
  })

  it.each([
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/../../secret.json',
    '/assets/..%5c..%5csecret.json',
    '//127.0.0.1/secret.json',
    '/index.html%00.js',
    '/assets',
    '/assets/',
    '/notes.txt~',
    '/INDEX.HTML/',
  ])('finds nothing at %s', async (path) => {
    expect(await inside({ path })).toMatchObject({ status: 404 })
  })

  it('refuses an address that is not a path', async () => {
    expect(await inside({ path: `http://127.0.0.1:${door.port}/` })).toMatchObject({ status: 400 })
  })
})

describe('exports', () => {
  it('streams the ledger as a download', async () => {
    const answer = await inside({ path: '/export?format=csv&outcome=pass' })
    expect(answer).toMatchObject({ status: 200, text: 'id,outcome\r\n1,pass\r\n' })
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="dfu-station-records.csv"',
      'cache-control': 'no-store',
    })
  })

  it('refuses a query that is no export', async () => {
    for (const query of [
      '',
      '?format=xlsx',
      '?format=csv&outcome=perfect',
      '?format=csv&from=yesterday',
      '?format=csv&more=1',
    ]) {
      expect([query, (await inside({ path: `/export${query}` })).status]).toEqual([query, 400])
    }
  })

  it('shows an error instead of a file when the ledger cannot be read', async () => {
    desk.exportLines = async function* () {
      yield* []
      throw new Error('disk')
    }
    const answer = await inside({ path: '/export?format=jsonl' })
    expect(answer.status).toBe(500)
    expect(answer.headers['content-disposition']).toBeUndefined()
  })

  it('breaks the connection when reading fails in the middle, so that half a file is not taken for a whole one', async () => {
    desk.exportLines = async function* () {
      yield 'id,outcome\r\n'
      throw new Error('disk')
    }
    await expect(inside({ path: '/export?format=csv' })).rejects.toThrow(/aborted|hang up|RESET/i)
  })
})

function canConnect(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: door.port })
    const end = (connected: boolean) => {
      socket.destroy()
      resolve(connected)
    }
    socket.setTimeout(500, () => end(false))
    socket.on('connect', () => end(true))
    socket.on('error', () => end(false))
  })
}

describe('files that the station made', () => {
  it('are a download under their own name, whatever its script', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'station-made-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const path = join(folder, 'Linie 3 (für Ähre).dfupack')
    await writeFile(path, 'a pack')
    const offered = await offerFile(path)
    if (offered.kind !== 'download') throw new Error('it was not offered')
    desk.madeFile = (name) => (name === 'Linie 3 (für Ähre).dfupack' ? path : null)
    const answer = await inside({ path: `/${offered.url}` })
    expect(answer).toMatchObject({ status: 200, text: 'a pack' })
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '6',
      'content-disposition': "attachment; filename*=UTF-8''Linie%203%20%28f%C3%BCr%20%C3%84hre%29.dfupack",
      'cache-control': 'no-store',
    })
  })

  it.each(['/file', '/file?name=', '/file?name=..%2Fsettings.json', '/file?name=nosuch'])(
    '%s is none',
    async (path) => {
      expect(await inside({ path })).toMatchObject({ status: 404 })
    },
  )
})
