// The web door from the screen's side: outcomes become values and faults, streams come back by themselves.
import { describe, expect, it } from 'vitest'
import type { Connection } from '../../src/renderer/station/link.ts'
import { type Web, webLink } from '../../src/renderer/station/web-link.ts'
import { Fault } from '../../src/shared/fault/fault.ts'

interface FakeEvents {
  readonly address: string
  readyState: number
  isClosed: boolean
  onopen: () => void
  onmessage: (message: { data: string }) => void
  onerror: () => void
  close(): void
}

function fakeWeb(respond: (address: string, init: RequestInit) => Response | Promise<Response>) {
  const opened: FakeEvents[] = []
  const waiting: (() => void)[] = []
  const web: Web = {
    fetch: async (address, init) => respond(address, init),
    openEvents(address) {
      const events: FakeEvents = {
        address,
        readyState: 1,
        isClosed: false,
        onopen: () => {},
        onmessage: () => {},
        onerror: () => {},
        close() {
          this.isClosed = true
        },
      }
      opened.push(events)
      return events as unknown as EventSource
    },
    later(_ms, work) {
      waiting.push(work)
      return () => {
        waiting.splice(waiting.indexOf(work), 1)
      }
    },
  }
  return { web, opened, waiting }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('calls through the web door', () => {
  it('post JSON beside the page, with the header that foreign pages may not send', async () => {
    const seen: { address: string; init: RequestInit }[] = []
    const { web } = fakeWeb((address, init) => {
      seen.push({ address, init })
      return Response.json({ ok: true, value: null })
    })
    await webLink(web).call('startSlots', { slots: [2] })
    expect(seen[0]?.address).toBe('call/startSlots')
    expect(seen[0]?.init).toMatchObject({
      method: 'POST',
      credentials: 'same-origin',
      body: '{"slots":[2]}',
      headers: { 'x-station': '1' },
    })
  })

  it('throw the fault of the station with its code and detail', async () => {
    const { web } = fakeWeb(() =>
      Response.json({ ok: false, fault: { code: 'LEDGER_UNWRITABLE', detail: 'disk full' } }),
    )
    await expect(webLink(web).call('listRecipes', {})).rejects.toMatchObject({
      code: 'LEDGER_UNWRITABLE',
      detail: 'disk full',
    })
  })

  it.each([
    ['no connection', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['a page that is no answer', () => new Response('<html>', { status: 502 })],
  ])('throw a fault for %s', async (_name, respond) => {
    const { web } = fakeWeb(respond)
    await expect(webLink(web).call('listRecipes', {})).rejects.toBeInstanceOf(Fault)
  })
})

describe('feeds through the web door', () => {
  it('give each frame, tell the connection, and end with the stop', () => {
    const { web, opened } = fakeWeb(() => Response.json({}))
    const link = webLink(web)
    const connections: Connection[] = []
    const frames: unknown[] = []
    link.watchConnection((connection) => connections.push(connection))
    const stop = link.watch('imports', (frame) => frames.push(frame))
    opened[0]?.onopen()
    opened[0]?.onmessage({ data: '{"file":"a.bin","done":1,"total":2}' })
    opened[0]?.onerror()
    opened[0]?.onopen()
    stop()
    expect(opened[0]?.address).toBe('feed/imports')
    expect(frames).toEqual([{ file: 'a.bin', done: 1, total: 2 }])
    expect(connections).toEqual(['connecting', 'open', 'lost', 'open'])
    expect(opened[0]?.isClosed).toBe(true)
  })

  it('open anew when the browser gave up, until the screen stops', async () => {
    const { web, opened, waiting } = fakeWeb(() => new Response('', { status: 503 }))
    const link = webLink(web)
    const stop = link.watch('bench', () => {})
    const first = opened[0]
    if (first === undefined) throw new Error('no stream was opened')
    first.readyState = 2
    first.onerror()
    expect(opened).toHaveLength(1)
    waiting.shift()?.()
    expect(opened).toHaveLength(2)
    stop()
    expect(opened[1]?.isClosed).toBe(true)
    await settled()
    expect(waiting).toEqual([])
  })

  it('say that the door no longer knows this page', async () => {
    const { web, opened } = fakeWeb(() => new Response('', { status: 401 }))
    const link = webLink(web)
    const connections: Connection[] = []
    link.watchConnection((connection) => connections.push(connection))
    link.watch('bench', () => {})
    const first = opened[0]
    if (first === undefined) throw new Error('no stream was opened')
    first.readyState = 2
    first.onerror()
    await settled()
    expect(connections).toEqual(['connecting', 'lost', 'denied'])
  })
})
