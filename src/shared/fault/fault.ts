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

/** What is printed beside the button that the table calls MODE, where it is another word. */
const modeButton: Readonly<Record<string, string>> = { photon: 'SETUP', p1: 'SETUP' }
/** Modules without buttons of their own: the buttons, or the pins, are on the board that carries them. */
const soms: ReadonlySet<string> = new Set(['asom', 'bsom', 'b5som', 'esomx', 'xsom', 'msom', 'sulu', 'trackerm'])

/** What is told otherwise of a DFU device that is none of Particle's: nobody knows its buttons and its lights. */
const deviceWords: Readonly<Partial<Record<FaultCode, { readonly title?: string; readonly remedy: string }>>> = {
  DFU_BY_BUTTON: {
    remedy: 'Bring the device into its bootloader by hand, as its maker says, then start again.',
  },
  IDENTITY_UNREADABLE: { remedy: 'Unplug the device, plug it in again. Second time: red bin.' },
  BOARD_SWAPPED: {
    title: 'Another device came back in this slot',
    remedy: 'Start it again alone. If it repeats, call the engineer: the recipe may not name all ids of the device.',
  },
  BOARD_SILENT: {
    remedy:
      'Unplug the device, plug it in again. Second time: bring it into its bootloader by hand, as its maker says.',
  },
  DEVICE_PROTECTED: {
    title: 'Memory of the device is protected',
    remedy: 'Put the device aside and call the engineer: only a recipe that says so may remove the protection.',
  },
}

/**
 * "Board unplugged. Check the cable...": the one sentence pair every door shows. With a platform the buttons have the
 * names that this board has for them; 'device' is a DFU device that is none of Particle's.
 */
export function describeFault(
  report: FaultReport,
  platform: string | null = null,
): { readonly title: string; readonly remedy: string } {
  const { title, remedy } = faultCodes[report.code]
  if (platform === 'device') return { title, remedy, ...deviceWords[report.code] }
  if (platform === null || !/\bMODE\b/.test(remedy)) return { title, remedy }
  const named = remedy.replaceAll(/\bMODE\b/g, modeButton[platform] ?? 'MODE')
  return { title, remedy: soms.has(platform) ? `${named} The buttons are on the carrier board.` : named }
}

export function assertNever(value: never): never {
  throw new Fault('INTERNAL', `unexpected value ${JSON.stringify(value)}`)
}
