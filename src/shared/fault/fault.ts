// A fault: a coded reason with the facts of the case. The table beside this file says what each code means and what
// the operator does about it. Throw Fault inside the core; pass FaultReport across every border.
import { type FaultCode, faultCodes } from './fault-codes.ts'

/** Plain form of a fault: what the ledger keeps, what crosses processes, what the screen shows. */
export interface FaultReport {
  readonly code: FaultCode
  /** The facts of this case in one line: names, addresses, got and expected. For the engineer. */
  readonly detail: string
}

export class Fault extends Error {
  readonly code: FaultCode
  readonly detail: string

  constructor(code: FaultCode, detail: string, options?: { readonly cause?: unknown }) {
    super(`${code}: ${detail}`, options)
    this.name = 'Fault'
    this.code = code
    this.detail = detail
  }
}

export function reportOf(fault: Fault): FaultReport {
  return { code: fault.code, detail: fault.detail }
}

/** Any thrown value as a Fault; what is not one is INTERNAL, a bug, with the original as its cause. */
export function asFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown
  return new Fault('INTERNAL', wordsOf(thrown), { cause: thrown })
}

/** Anything can be thrown, also what cannot be turned into text. */
function wordsOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  } catch {
    return `a thrown ${typeof thrown} without words`
  }
}

export function faultFrom(report: FaultReport): Fault {
  return new Fault(report.code, report.detail)
}

/** "Board unplugged. Check the cable...": the one sentence pair every door shows. */
export function describeFault(report: FaultReport): { readonly title: string; readonly remedy: string } {
  const row = faultCodes[report.code]
  return { title: row.title, remedy: row.remedy }
}

export function assertNever(value: never): never {
  throw new Fault('INTERNAL', `unexpected value ${JSON.stringify(value)}`)
}
