// Streams the ledger into a download. What goes wrong before the first line is an error page; what goes wrong later
// breaks the connection, so that half a file never looks like a whole one.
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Desk } from '../desk/desk.ts'
import { begin } from './answer.ts'
import type { ExportRequest } from './export-address.ts'

const mimeTypes = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson; charset=utf-8' } as const

export async function sendExport(desk: Desk, request: ExportRequest, response: ServerResponse): Promise<void> {
  const lines = desk.exportText(request.format, request.filter)[Symbol.asyncIterator]()
  const first = await lines.next()
  begin(response, 200, {
    'content-type': mimeTypes[request.format],
    'content-disposition': `attachment; filename="dfu-station-records.${request.format}"`,
  })
  if (response.req.method === 'HEAD') {
    response.end()
    await lines.return?.()
    return
  }
  await pipeline(Readable.from(whole(first, lines)), response)
}

async function* whole(first: IteratorResult<string>, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}
