// The one place that tells a barcode scanner from a person: a scanner types fast and ends with Enter. What it types never
// reaches a button or a shortcut; what a person types is passed on a moment later. Pure: it is fed keys and times.

/** A scanner sends a key every few milliseconds; nobody types like this. */
export const scanGapMs = 45
const leastScanLength = 4

export interface ScanMachine {
  /** A printable key or Enter at `at` milliseconds. Says what to do with the event and what is now known. */
  readonly key: (key: string, at: number) => ScanVerdict
  /** No key came for longer than the gap: what was held back was typed by a person. */
  readonly settle: () => readonly string[]
  /** How many keys are held back now. */
  readonly heldCount: () => number
}

/**
 * held: keep the key back. scan: a whole barcode came; keep its Enter back too. typed: these held keys came from a person
 * (pass them on), and the present key is held. passed: let the key through, after the held ones.
 */
export type ScanVerdict =
  | { readonly kind: 'held' }
  | { readonly kind: 'scan'; readonly text: string }
  | { readonly kind: 'typed'; readonly keys: readonly string[] }
  | { readonly kind: 'passed'; readonly keys: readonly string[] }

export function createScanMachine(): ScanMachine {
  let held: string[] = []
  let lastAt = Number.NEGATIVE_INFINITY
  const release = () => {
    const keys = held
    held = []
    return keys
  }
  return {
    key(key, at) {
      const isFast = at - lastAt <= scanGapMs
      lastAt = at
      if (key === 'Enter') {
        const isScan = isFast && held.length >= leastScanLength
        const keys = release()
        return isScan ? { kind: 'scan', text: keys.join('') } : { kind: 'passed', keys }
      }
      if (isFast || held.length === 0) {
        held.push(key)
        return { kind: 'held' }
      }
      const keys = release()
      held.push(key)
      return { kind: 'typed', keys }
    },
    settle: release,
    heldCount: () => held.length,
  }
}

export type ScanCommand =
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'search'; readonly text: string }

/**
 * What a barcode asks for. A label of a board is "serial SPACE secret": only the first word is kept, the secret is
 * dropped here and goes nowhere. Null for a barcode without content.
 */
export function readScan(text: string): ScanCommand | null {
  const words = text.trim().split(/\s+/)
  const [first = '', second = ''] = words
  if (first === '') return null
  const command = first.toUpperCase()
  if (command === 'START' && words.length === 1) return { kind: 'start' }
  if (command === 'STOP' && words.length === 1) return { kind: 'stop' }
  if (command === 'SLOT' && words.length === 2 && /^\d{1,2}$/.test(second))
    return { kind: 'slot', slot: Number(second) }
  return { kind: 'search', text: first }
}
