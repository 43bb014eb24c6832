// One request from the door to its answer: refused, let in, or sent to the call, feed, export or file that it names.
import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { feedNames } from '../../shared/contract/contract.ts'
import { serveCall } from '../../shared/contract/serve-call.ts'
import type { Desk } from '../desk/desk.ts'
import type { PageFiles } from '../page/page-files.ts'
import type { Admission } from './admission.ts'
import { answerOutcome, answerRefusal, begin } from './answer.ts'
import { readExportQuery } from './export-address.ts'
import type { Feeds } from './feeds.ts'
import { sendFile } from './file-address.ts'
import { readJson } from './read-body.ts'
import { type Refusal, refusalOf } from './refusal.ts'
import { sendExport } from './send-export.ts'
import { sessionCookie, sessionOf } from './session-cookie.ts'

export interface Door {
  readonly desk: Desk
  readonly files: PageFiles
  readonly feeds: Feeds
  readonly admission: Admission
  readonly port: number
  readonly onRefused: (refusal: Refusal, request: IncomingMessage) => void
}

const maxCallBytes = 64 * 1024
/** Firmware and packs chosen on a screen travel inside the call. */
const maxImportBytes = 100 * 1024 * 1024
const uploads: ReadonlySet<string> = new Set(['importFiles', 'importImages', 'importPack', 'examinePack'])

const noSession: Refusal = {
  status: 401,
  reason: 'this browser was not let in; open the address that the station printed, or ask it for a new one',
}
const nothingHere: Refusal = { status: 404, reason: 'nothing is here' }

export async function answerRequest(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '' } = request
  const refusal =
    refusalOf({ method, url, headers: request.headers }, door.port) ?? (await admit(door, request, response))
  if (!refusal) return
  door.onRefused(refusal, request)
  answerRefusal(response, refusal)
}

/** Resolves with what is to be refused, or null once the request was answered. */
async function admit(door: Door, request: IncomingMessage, response: ServerResponse): Promise<Refusal | null> {
  const [path = '', search = ''] = splitOnce(request.url ?? '', '?')
  const query = new URLSearchParams(search)
  const isKnown = door.admission.admits(sessionOf(request, door.port))
  const token = path === '/' && request.method === 'GET' ? query.get('token') : null
  if (token !== null) return letIn(door, response, { token, isKnown })
  if (!isKnown) return noSession
  if (request.method === 'POST')
    return path.startsWith('/call/') ? answerCall(door, path.slice(6), response) : nothingHere
  if (path.startsWith('/feed/')) return answerFeed(door, path.slice(6), response)
  if (path === '/export') return answerExport(door, query, response)
  if (path === '/file') return answerMadeFile(door, query, response)
  return answerFile(door, path, response)
}

function letIn(
  door: Door,
  response: ServerResponse,
  { token, isKnown }: { readonly token: string; readonly isKnown: boolean },
): Refusal | null {
  const secret = door.admission.exchange(token)
  if (secret === null && !isKnown)
    return { status: 403, reason: 'this address was used before; ask the station for a new one' }
  begin(response, 303, {
    location: '/',
    ...(secret === null ? {} : { 'set-cookie': sessionCookie(door.port, secret) }),
  })
  response.end()
  return null
}

async function answerCall(door: Door, name: string, response: ServerResponse): Promise<Refusal | null> {
  const body = await readJson(response.req, uploads.has(name) ? maxImportBytes : maxCallBytes)
  if (!body.ok) return body.refusal
  answerOutcome(response, 200, await serveCall(door.desk.handlers, name, body.value))
  return null
}

function answerFeed(door: Door, asked: string, response: ServerResponse): Refusal | null {
  const name = feedNames.find((each) => each === asked)
  if (name === undefined || response.req.method !== 'GET') return nothingHere
  door.feeds.open(name, response)
  return null
}

async function answerExport(door: Door, query: URLSearchParams, response: ServerResponse): Promise<Refusal | null> {
  const asked = readExportQuery(query)
  if (!asked) return { status: 400, reason: 'this is not an export of the ledger' }
  await sendExport(door.desk, asked, response)
  return null
}

/** What the station made for a person, by its name alone. */
async function answerMadeFile(door: Door, query: URLSearchParams, response: ServerResponse): Promise<Refusal | null> {
  const path = door.desk.madeFile(query.get('name') ?? '')
  if (path === null) return nothingHere
  await sendFile(path, response)
  return null
}

async function answerFile(door: Door, path: string, response: ServerResponse): Promise<Refusal | null> {
  const file = door.files.find(path)
  if (!file) return nothingHere
  const keep = file.isHashed ? { 'cache-control': 'private, max-age=31536000, immutable' } : {}
  begin(response, 200, { 'content-type': file.mimeType, ...keep })
  if (response.req.method === 'HEAD') response.end()
  else await pipeline(createReadStream(file.path), response)
  return null
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}
