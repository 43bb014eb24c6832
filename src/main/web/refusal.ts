// Which requests are turned away before anybody looks at what they want. The door listens on the loopback address only;
// what is left are other pages in the same browser, and names that were made to point here (DNS rebinding).
import type { IncomingHttpHeaders } from 'node:http'

export interface Refusal {
  readonly status: number
  readonly reason: string
}

export interface RequestFacts {
  readonly method: string
  /** As it came, with its query. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

/** Null when the request may go on to have its session checked. */
export function refusalOf(request: RequestFacts, port: number): Refusal | null {
  const { method, headers, url } = request
  const host = headers.host ?? ''
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return refuse(421, `not the host ${host || '""'}`)
  if (!url.startsWith('/')) return refuse(400, 'the address must be a path')
  if (!['GET', 'HEAD', 'POST'].includes(method)) return refuse(405, `no method ${method} here`)
  if (headers.origin !== undefined && headers.origin !== `http://${host}`) {
    return refuse(403, `not for the origin ${headers.origin}`)
  }
  if (isForeign(headers)) return refuse(403, 'not for other sites')
  return method === 'POST' ? refusalOfPost(headers) : null
}

/** A link from elsewhere may open the page; nothing else may come from elsewhere. */
function isForeign(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  return headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document'
}

/** A form of another site can send neither this header nor this type without asking first, and is never answered. */
function refusalOfPost(headers: IncomingHttpHeaders): Refusal | null {
  if (headers.origin === undefined) return refuse(403, 'a call must carry its origin')
  if (headers['x-station'] !== '1') return refuse(403, 'a call must carry the header "x-station: 1"')
  const type = headers['content-type'] ?? ''
  if (!/^application\/json\s*(;\s*charset=utf-8\s*)?$/i.test(type)) {
    return refuse(415, 'a call must be of type application/json')
  }
  return null
}

function refuse(status: number, reason: string): Refusal {
  return { status, reason }
}
