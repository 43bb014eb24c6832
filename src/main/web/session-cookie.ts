// The session cookie. Cookies do not know ports, so its name does: two stations on one computer keep apart.
import type { IncomingMessage } from 'node:http'

/** One shift. The session itself ends earlier when the station does. */
const maxAgeSeconds = 12 * 60 * 60

export function sessionCookie(port: number, secret: string): string {
  return `${nameOf(port)}=${secret}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${maxAgeSeconds}`
}

/** The secret that the request carries, or an empty string. */
export function sessionOf(request: IncomingMessage, port: number): string {
  const prefix = `${nameOf(port)}=`
  const pair = (request.headers.cookie ?? '').split(';').find((each) => each.trim().startsWith(prefix))
  return pair?.trim().slice(prefix.length) ?? ''
}

function nameOf(port: number): string {
  return `station-${port}`
}
