// Reads a JSON body of at most so many bytes. A longer one is refused at once; what still arrives of it is dropped
// unread, so that the client sees the answer and memory does not.
import type { IncomingMessage } from 'node:http'
import type { Refusal } from './refusal.ts'

export type Body = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly refusal: Refusal }

export async function readJson(request: IncomingMessage, maxBytes: number): Promise<Body> {
  const tooLong: Body = { ok: false, refusal: { status: 413, reason: `the body is longer than ${maxBytes} bytes` } }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return tooLong
  const bytes = await collect(request, maxBytes)
  if (!bytes) return tooLong
  try {
    return { ok: true, value: JSON.parse(bytes.toString('utf8')) }
  } catch {
    return { ok: false, refusal: { status: 400, reason: 'the body is not JSON' } }
  }
}

/** Null when there was more than `maxBytes`; rejects when the client went away in the middle. */
function collect(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let sizeBytes = 0
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length
      if (sizeBytes <= maxBytes) {
        chunks.push(chunk)
        return
      }
      chunks.length = 0
      resolve(null)
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', reject)
  })
}
