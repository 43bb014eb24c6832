// The address of a file that the station made for a person, and its way into a browser.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ExportResult } from '../../shared/contract/contract.ts'
import { begin } from './answer.ts'

/** What this door does with such a file: the browser fetches it from there. Fits DeskOptions.deliverFile. */
export async function offerFile(path: string): Promise<ExportResult> {
  return { kind: 'download', url: `file?${new URLSearchParams({ name: basename(path) })}` }
}

/** `path` is one that the desk gave for a name. */
export async function sendFile(path: string, response: ServerResponse): Promise<void> {
  const { size } = await stat(path)
  begin(response, 200, {
    'content-type': 'application/octet-stream',
    'content-length': String(size),
    // A name in any script (RFC 6266, RFC 8187); browsers keep to the last part of it.
    'content-disposition': `attachment; filename*=UTF-8''${extended(basename(path))}`,
  })
  if (response.req.method === 'HEAD') response.end()
  else await pipeline(createReadStream(path), response)
}

/** What encodeURIComponent leaves as it is and RFC 8187 does not. */
function extended(name: string): string {
  return encodeURIComponent(name).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}
