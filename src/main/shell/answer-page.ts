// Answers a request of the page: a file of the built renderer with its type and the content policy, or nothing.
import { readFile } from 'node:fs/promises'
import type { PageFiles } from '../page/page-files.ts'
import { policyHeaders } from '../page/page-policy.ts'

export async function answerPage(files: PageFiles, request: Pick<Request, 'method' | 'url'>): Promise<Response> {
  const { host, pathname } = new URL(request.url)
  const file = host === 'station' && request.method === 'GET' ? files.find(pathname) : null
  if (!file) return new Response('Nothing is here.', { status: 404, headers: { ...policyHeaders } })
  const body = await readFile(file.path)
  return new Response(new Uint8Array(body), { headers: { ...policyHeaders, 'content-type': file.mimeType } })
}
