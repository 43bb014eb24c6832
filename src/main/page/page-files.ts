// The built renderer as a closed list of files: read once, then looked up by exact path. A path that is not on the list
// does not exist, so no request can walk out of the folder.
import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { Fault } from '../../shared/fault/fault.ts'

export interface PageFile {
  readonly path: string
  readonly mimeType: string
  /** Its name carries a hash of its content: it may be kept for ever. */
  readonly isHashed: boolean
}

export interface PageFiles {
  /** By path of the URL, still encoded as it came; '/' is the page itself. */
  find(pathname: string): PageFile | null
}

const mimeTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wav': 'audio/wav',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/** Lists the folder; rejects with INTERNAL where it holds no index.html. Files of other kinds are left out. */
export async function listPageFiles(folder: string): Promise<PageFiles> {
  const files = new Map<string, PageFile>()
  await collect(folder, '', files).catch((thrown: unknown) => {
    throw notBuilt(folder, thrown)
  })
  const index = files.get('/index.html')
  if (!index) throw notBuilt(folder, undefined)
  files.set('/', index)
  return { find: (pathname) => files.get(pathname) ?? null }
}

async function collect(folder: string, prefix: string, files: Map<string, PageFile>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    const url = `${prefix}/${encodeURIComponent(entry.name)}`
    const mimeType = mimeTypes[extname(entry.name).toLowerCase()]
    if (entry.isDirectory()) await collect(path, url, files)
    else if (entry.isFile() && mimeType) files.set(url, { path, mimeType, isHashed: url.startsWith('/assets/') })
  }
}

function notBuilt(folder: string, cause: unknown): Fault {
  return new Fault('INTERNAL', `the screens are not built: no index.html in ${folder}; run "npm run build"`, { cause })
}
