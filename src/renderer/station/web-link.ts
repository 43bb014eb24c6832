// The station behind the web door: calls are POSTs beside the page, feeds are server-sent events. The session cookie of
// the page opens the door; the `x-station` header keeps foreign pages out (they may not send it without asking).
import type { CallInput, CallName, CallOutput, FeedFrame, FeedName } from '../../shared/contract/contract.ts'
import { type CallOutcome, unwrap } from '../../shared/contract/define-contract.ts'
import { Fault } from '../../shared/fault/fault.ts'
import { type Later, later } from './later.ts'
import type { Connection, DoorLink } from './link.ts'

/** The browser's part, so that tests can play it. */
export interface Web {
  fetch(address: string, init: RequestInit): Promise<Response>
  openEvents(address: string): EventSource
  readonly later: Later
}

const retryMs = 2000
const closedForGood = 2

export function browserWeb(): Web {
  return {
    fetch: (address, init) => window.fetch(address, init),
    openEvents: (address) => new EventSource(address),
    later,
  }
}

export function webLink(web: Web): DoorLink {
  const connection = connectionState()
  return {
    call: (name, input) => post(web, name, input),
    watch(name, listener) {
      return watchFeed(web, name, { frame: listener, connection: connection.set })
    },
    watchConnection: connection.watch,
  }
}

async function post<N extends CallName>(web: Web, name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const response = await send(web, name, input)
  const outcome = await readOutcome<CallOutput<N>>(response)
  if (outcome === null) throw new Fault('CALL_REJECTED', `the station answered ${name} with HTTP ${response.status}`)
  return unwrap(outcome)
}

async function send(web: Web, name: CallName, input: unknown): Promise<Response> {
  try {
    return await web.fetch(`call/${name}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json', 'x-station': '1' },
      body: JSON.stringify(input),
    })
  } catch (cause) {
    throw new Fault('CALL_REJECTED', `the station cannot be reached (${name})`, { cause })
  }
}

async function readOutcome<T>(response: Response): Promise<CallOutcome<T> | null> {
  try {
    const body: unknown = await response.json()
    return typeof body === 'object' && body !== null && 'ok' in body ? (body as CallOutcome<T>) : null
  } catch {
    return null
  }
}

interface FeedListeners<N extends FeedName> {
  readonly frame: (frame: FeedFrame<N>) => void
  readonly connection: (connection: Connection) => void
}

/** Browsers reconnect a broken stream by themselves, but give up for good on an HTTP error: then we begin anew. */
function watchFeed<N extends FeedName>(web: Web, name: N, listeners: FeedListeners<N>): () => void {
  let events: EventSource | null = null
  let forgetRetry = () => {}
  let isStopped = false
  const open = () => {
    const source = web.openEvents(`feed/${name}`)
    events = source
    source.onopen = () => listeners.connection('open')
    source.onmessage = (message: MessageEvent<string>) => {
      listeners.connection('open')
      listeners.frame(JSON.parse(message.data) as FeedFrame<N>)
    }
    source.onerror = () => {
      listeners.connection('lost')
      if (source.readyState !== closedForGood || isStopped) return
      forgetRetry()
      forgetRetry = web.later(retryMs, open)
      void askWhyClosed(web).then((why) => isStopped || listeners.connection(why))
    }
  }
  open()
  return () => {
    isStopped = true
    forgetRetry()
    events?.close()
  }
}

/** A feed tells no status; a cheap call does. */
async function askWhyClosed(web: Web): Promise<Connection> {
  try {
    const response = await send(web, 'readSettings', {})
    return response.status === 401 || response.status === 403 ? 'denied' : 'lost'
  } catch {
    return 'lost'
  }
}

function connectionState() {
  let current: Connection = 'connecting'
  const listeners = new Set<(connection: Connection) => void>()
  return {
    set(next: Connection) {
      if (next === current) return
      current = next
      for (const listener of listeners) listener(next)
    },
    watch(listener: (connection: Connection) => void) {
      listeners.add(listener)
      listener(current)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
