// How the door answers: every answer carries the policy headers, and nothing but files with a hash in their name is
// ever kept by a browser.
import type { ServerResponse } from 'node:http'
import type { CallOutcome } from '../../shared/contract/define-contract.ts'
import { policyHeaders } from '../page/page-policy.ts'
import type { Refusal } from './refusal.ts'

const noStore = { 'cache-control': 'no-store' } as const

export function begin(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>): void {
  response.writeHead(status, { ...policyHeaders, ...noStore, ...headers })
}

export function answerText(response: ServerResponse, status: number, text: string): void {
  begin(response, status, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(`${text}\n`)
}

/** Refused: in words for a person, and as an outcome for a screen that made a call. */
export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
  // What is left of the body will not be read as another request.
  response.setHeader('connection', 'close')
  if (response.req.method === 'POST') {
    answerOutcome(response, refusal.status, { ok: false, fault: { code: 'CALL_REJECTED', detail: refusal.reason } })
  } else {
    answerText(response, refusal.status, `Refused: ${refusal.reason}.`)
  }
  response.req.resume()
}

export function answerOutcome(response: ServerResponse, status: number, outcome: CallOutcome<unknown>): void {
  const text = JSON.stringify(outcome)
  begin(response, status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
  })
  response.end(text)
}
