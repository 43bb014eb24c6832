// Scripted faults in words: a closed vocabulary, parsed into values, with a clear error for what it does not know.
// Blocks are data blocks of a visit to DFU mode, counted from 1. A fault strikes once in the life of a board unless the
// words end in "every time" or describe a lasting defect.
import { Fault } from '../../shared/fault/fault.ts'

export type BlockAct =
  | 'unplug'
  | 'stall'
  | 'wrong-status'
  | 'write-error'
  | 'busy-for-ever'
  | 'hang'
  | 'reset'
  | 'flip-bit'
  | 'misread'

/** Which return to the bus: the first of any kind, the one after a leave of DFU, the one into DFU. */
type Return = 'any' | 'from-dfu' | 'into-dfu'

export type SimFault =
  | { readonly kind: 'at-block'; readonly act: BlockAct; readonly block: number }
  | { readonly kind: 'unplug-during'; readonly phase: 'erase' | 'update' }
  | { readonly kind: 'silent-write'; readonly fromBlock: number }
  | { readonly kind: 'never-back'; readonly when: Return }
  | { readonly kind: 'another-board'; readonly when: Return }
  | { readonly kind: 'boots-into'; readonly mode: 'dfu' | 'safe' }
  | { readonly kind: 'stays-in-dfu' }
  | { readonly kind: 'access-denied'; readonly forMs: number }
  | { readonly kind: 'no-driver' }
  | { readonly kind: 'claimed' }
  | { readonly kind: 'upper-case-serial' }
  | { readonly kind: 'slow-flash'; readonly factor: number }

export interface ScriptedFault {
  readonly fault: SimFault
  readonly everyTime: boolean
  /** The words as they were written. */
  readonly words: string
}

interface Phrase {
  /** How the phrase is shown to people; N stands for a number. */
  readonly words: string
  readonly make: (n: number) => SimFault
}

const phrases: readonly Phrase[] = [
  atBlock('unplug at block N', 'unplug'),
  atBlock('stall at block N', 'stall'),
  atBlock('wrong status at block N', 'wrong-status'),
  atBlock('write error at block N', 'write-error'),
  atBlock('busy for ever at block N', 'busy-for-ever'),
  atBlock('no answer at block N', 'hang'),
  atBlock('reset at block N', 'reset'),
  atBlock('flip a bit at block N', 'flip-bit'),
  atBlock('misread block N', 'misread'),
  phrase('unplug during erase', () => ({ kind: 'unplug-during', phase: 'erase' })),
  phrase('unplug during update', () => ({ kind: 'unplug-during', phase: 'update' })),
  phrase('silent write', () => ({ kind: 'silent-write', fromBlock: 1 })),
  phrase('silent write from block N', (n) => ({ kind: 'silent-write', fromBlock: n })),
  ...returns('never comes back', 'never-back'),
  ...returns('comes back as another board', 'another-board'),
  phrase('boots into dfu', () => ({ kind: 'boots-into', mode: 'dfu' })),
  phrase('boots into safe mode', () => ({ kind: 'boots-into', mode: 'safe' })),
  phrase('stays in dfu', () => ({ kind: 'stays-in-dfu' })),
  phrase('access denied', () => ({ kind: 'access-denied', forMs: Number.POSITIVE_INFINITY })),
  phrase('access denied for N ms', (n) => ({ kind: 'access-denied', forMs: n })),
  phrase('no driver', () => ({ kind: 'no-driver' })),
  phrase('used by another program', () => ({ kind: 'claimed' })),
  phrase('upper case serial', () => ({ kind: 'upper-case-serial' })),
  phrase('flash slow by factor N', (n) => ({ kind: 'slow-flash', factor: n })),
]

/** Every phrase that is understood, N for a number from 1. */
export const faultPhrases: readonly string[] = phrases.map(({ words }) => words)

const everyTimeSuffix = ' every time'

/** One fault from its words; CALL_REJECTED names what was not understood and what would be. */
export function parseFault(words: string): ScriptedFault {
  const text = words.trim().toLowerCase().replaceAll(/\s+/g, ' ')
  const everyTime = text.endsWith(everyTimeSuffix)
  const bare = everyTime ? text.slice(0, -everyTimeSuffix.length) : text
  for (const candidate of phrases) {
    const number = numberIn(candidate.words, bare)
    if (number !== null) return { fault: candidate.make(number), everyTime, words }
  }
  throw new Fault('CALL_REJECTED', `no such fault: "${words}". Known: ${faultPhrases.join('; ')}`)
}

/** The number that stands for N, 0 when the phrase has none, null when the text is another phrase. */
function numberIn(words: string, text: string): number | null {
  const match = new RegExp(`^${words.replace('N', '([1-9]\\d{0,8})')}$`).exec(text)
  return match ? Number(match[1] ?? 0) : null
}

function phrase(words: string, make: (n: number) => SimFault): Phrase {
  return { words, make }
}

function atBlock(words: string, act: BlockAct): Phrase {
  return phrase(words, (block) => ({ kind: 'at-block', act, block }))
}

function returns(words: string, kind: 'never-back' | 'another-board'): readonly Phrase[] {
  return [
    phrase(words, () => ({ kind, when: 'any' })),
    phrase(`${words} after dfu`, () => ({ kind, when: 'from-dfu' })),
    phrase(`${words} into dfu`, () => ({ kind, when: 'into-dfu' })),
  ]
}
