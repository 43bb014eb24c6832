import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serveWeb, type WebDoor } from '../../src/main/web/serve-web.ts'
import type { BenchFrame } from '../../src/shared/model/slot.ts'
import { send } from './raw-request.ts'
import { benchFrame, createTestDesk, silentLog, type TestDesk } from './test-desk.ts'

let folder: string
let desk: TestDesk
let door: WebDoor
let cookie: string
const sockets: Socket[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'station-feeds-'))
  await writeFile(join(folder, 'index.html'), '<!doctype html>')
  desk = createTestDesk()
  door = await serveWeb({ desk, rendererFolder: folder, port: 0, log: silentLog })
  const entered = await send(door.port, { path: `/${new URL(door.url).search}` })
  cookie = String(entered.headers['set-cookie']).split(';')[0] ?? ''
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await door.close()
  await rm(folder, { recursive: true })
})

/** A watching screen whose reading the test can stop. */
function watch(name = 'bench') {
  const socket = connect({ host: '127.0.0.1', port: door.port })
  sockets.push(socket)
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.on('error', () => undefined)
  socket.write(`GET /feed/${name} HTTP/1.1\r\nHost: 127.0.0.1:${door.port}\r\nCookie: ${cookie}\r\n\r\n`)
  const frames = (): BenchFrame[] =>
    // Chunk sizes of the transfer coding stand on lines of their own.
    [...text.matchAll(/^data: (.*)$/gm)].flatMap(([, json]) => {
      try {
        return [JSON.parse(json ?? '') as BenchFrame]
      } catch {
        return []
      }
    })
  return { socket, frames, text: () => text }
}

const until = (condition: () => boolean) => expect.poll(condition, { timeout: 5_000, interval: 10 }).toBe(true)

describe('feeds', () => {
  it('begin with the full frame and go on with news', async () => {
    const screen = watch()
    await until(() => screen.frames().length === 1)
    desk.news()
    desk.news()
    await until(() => screen.frames().length === 3)
    expect(screen.frames().map(({ revision, full }) => [revision, full])).toEqual([
      [1, true],
      [2, false],
      [3, false],
    ])
    expect(screen.text()).toMatch(/content-type: text\/event-stream/i)
  })

  it('are only those of the contract', async () => {
    for (const name of ['secrets', 'toString', '']) {
      expect(await send(door.port, { path: `/feed/${name}`, headers: { cookie } })).toMatchObject({ status: 404 })
    }
  })

  it('stop watching the desk when the screen goes away', async () => {
    const screen = watch()
    await until(() => desk.watching() === 1)
    screen.socket.destroy()
    await until(() => desk.watching() === 0)
  })

  it('drop frames for a screen that does not read, and begin again with a full frame once it does', async () => {
    const screen = watch()
    await until(() => screen.frames().length === 1)
    screen.socket.pause()
    const filler = 'x'.repeat(100_000)
    const before = process.memoryUsage().rss
    // 2,000 frames of 100 KB: kept, they would be 200 MB.
    for (let sent = 0; sent < 2_000; sent += 1) {
      desk.news({ station: { ...benchFrame().station, stationId: filler } })
      if (sent % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
    screen.socket.resume()
    await until(() => screen.frames().at(-1)?.full === true && screen.frames().length > 1)
    expect(screen.frames().at(-1)?.revision).toBe(2_001)
    expect(screen.frames().length).toBeLessThan(200)
    expect(desk.watching()).toBe(1)
  })

  it('are limited in number', async () => {
    for (let opened = 0; opened < 64; opened += 1) watch()
    await until(() => desk.watching() === 64)
    expect(await send(door.port, { path: '/feed/bench', headers: { cookie } })).toMatchObject({ status: 503 })
  })

  it('end when the door closes, which does not wait for them', async () => {
    const screen = watch()
    await until(() => screen.frames().length === 1)
    const ended = new Promise((resolve) => screen.socket.on('close', resolve))
    const startedAt = performance.now()
    await door.close()
    await ended
    expect(performance.now() - startedAt).toBeLessThan(900)
    expect(desk.watching()).toBe(0)
  })

  it('keep the connection warm with a comment', async () => {
    const beats = Promise.withResolvers<void>()
    const clock = {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      sleep: async (_ms: number, signal?: AbortSignal) => {
        await beats.promise
        signal?.throwIfAborted()
        if (beaten) await new Promise(() => undefined)
        beaten = true
      },
    }
    let beaten = false
    const quick = await serveWeb({ desk, rendererFolder: folder, port: 0, log: silentLog, clock })
    const entered = await send(quick.port, { path: `/${new URL(quick.url).search}` })
    let text = ''
    const socket = connect({ host: '127.0.0.1', port: quick.port })
    sockets.push(socket)
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.write(
      `GET /feed/bench HTTP/1.1\r\nHost: 127.0.0.1:${quick.port}\r\nCookie: ${String(entered.headers['set-cookie']).split(';')[0]}\r\n\r\n`,
    )
    await until(() => text.includes('data:'))
    beats.resolve()
    await until(() => text.includes(': beat'))
    socket.destroy()
    await quick.close()
  })
})
