// The session cookie. Cookies do not know ports, so its name does: two stations on one computer keep apart.
import type { IncomingMessage } from 'node:http'

/** Without an age: it lasts as long as the browser, or until the station ends, for a line may run for weeks. */
export function sessionCookie(port: number, secret: string): string {
  return `${nameOf(port)}=${secret}; HttpOnly; SameSite=Strict; Path=/`
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
