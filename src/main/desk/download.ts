// Fetches one file from an address, within limits of time, size and redirects. The only place of the station that
// reaches out, and only when an engineer asks it to.

import { maxFetchBytes, maxFetchMs, maxRedirects } from '../station/firmware/limits.ts'
import { type Refuse, refuser } from '../station/firmware/refusal.ts'
import type { Clock } from '../station/ports.ts'

export interface Download {
  /** Where it was in the end. */
  readonly url: string
  readonly bytes: Uint8Array
}

export interface DownloadOptions {
  readonly clock: Clock
  /** Ends it at once, with its reason. */
  readonly signal: AbortSignal
}

/** Throws a Refusal of layer fetch: BAD_URL, UNREACHABLE, TOO_LARGE, TOO_SLOW; or the reason of the signal. */
export async function download(url: string, options: DownloadOptions): Promise<Download> {
  const refuse = refuser('fetch', withoutSecrets(url))
  const ending = new AbortController()
  const late = new AbortController()
  const timer = options.clock.sleep(maxFetchMs, ending.signal).then(
    () => late.abort(),
    () => undefined,
  )
  try {
    const signal = AbortSignal.any([options.signal, late.signal])
    return await followed(checkedUrl(url, refuse), { ...options, signal, refuse })
  } catch (thrown) {
    options.signal.throwIfAborted()
    if (late.signal.aborted) return refuse('TOO_SLOW', `did not come within ${maxFetchMs} ms`, thrown)
    throw thrown
  } finally {
    ending.abort()
    await timer
  }
}

interface Fetching extends DownloadOptions {
  readonly refuse: Refuse
}

async function followed(first: URL, fetching: Fetching): Promise<Download> {
  const { refuse, signal } = fetching
  let url = first
  for (let turns = 0; turns <= maxRedirects; turns += 1) {
    signal.throwIfAborted()
    const response = await answerOf(url, fetching)
    const place = redirectOf(response)
    if (place === null) return { url: url.href, bytes: await bodyOf(response, fetching) }
    await response.body?.cancel()
    url = checkedUrl(URL.parse(place, url.href)?.href ?? place, refuse)
  }
  return refuse('UNREACHABLE', `it is sent on more than ${maxRedirects} times`)
}

async function answerOf(url: URL, { signal, refuse }: Fetching): Promise<Response> {
  const response = await fetch(url.href, { redirect: 'manual', signal, credentials: 'omit' }).catch((thrown: unknown) =>
    refuse('UNREACHABLE', `${url.host} cannot be reached: ${reasonOf(thrown)}`, thrown),
  )
  if (response.ok || redirectOf(response) !== null) return response
  await response.body?.cancel()
  return refuse('UNREACHABLE', `${url.host} answers ${response.status} ${response.statusText}`.trim())
}

function redirectOf({ status, headers }: Response): string | null {
  return status >= 300 && status < 400 ? headers.get('location') : null
}

async function bodyOf(response: Response, { refuse }: Fetching): Promise<Uint8Array> {
  const stated = Number(response.headers.get('content-length') ?? 0)
  if (stated > maxFetchBytes) refuse('TOO_LARGE', `says ${stated} bytes; ${maxFetchBytes} is the most`)
  const pieces: Uint8Array[] = []
  let sizeBytes = 0
  try {
    // Leaving the loop early ends the connection.
    for await (const piece of response.body ?? []) {
      sizeBytes += piece.length
      if (sizeBytes > maxFetchBytes) refuse('TOO_LARGE', `more than ${maxFetchBytes} bytes`)
      pieces.push(piece)
    }
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown
    return refuse('UNREACHABLE', `broke off after ${sizeBytes} bytes: ${reasonOf(thrown)}`, thrown)
  }
  return Buffer.concat(pieces)
}

function checkedUrl(text: string, refuse: Refuse): URL {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return refuse('BAD_URL', `"${withoutSecrets(text).slice(0, 200)}" is no http or https address`)
  }
  if (url.username !== '' || url.password !== '') refuse('BAD_URL', 'an address must not carry a name or a password')
  return url
}

/** Refusals are shown and logged. */
function withoutSecrets(text: string): string {
  const url = URL.parse(text)
  if (!url || (url.username === '' && url.password === '')) return text
  url.username = ''
  url.password = ''
  return url.href
}

/** fetch tells "fetch failed" and keeps the reason as its cause. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
  return cause instanceof Error ? cause.message : String(cause)
}
