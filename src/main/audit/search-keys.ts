// The keys by which a record is found: every ID of it, forwards for whole and start, backwards for the end, because
// people read out the last digits. Lower case throughout.

/** What a person or scanner gave as an ID: the first word. A label's "serial SPACE secret" loses its secret here. */
export function firstWord(text: string): string {
  return text.trim().split(/\s+/, 1)[0] ?? ''
}

export function searchKeysOf(ids: readonly (string | null)[]): readonly string[] {
  const words = ids.filter((id) => id !== null && id !== '').map((id) => String(id).toLowerCase())
  return [...new Set(words)].flatMap((word) => [forwards(word), backwards(word)])
}

/** Ranges of keys, lower bound inclusive and upper exclusive: IDs that begin with the text, and that end with it. */
export function keyRangesOf(text: string): { readonly starts: KeyRange; readonly ends: KeyRange } {
  const word = firstWord(text).toLowerCase()
  return { starts: rangeFrom(forwards(word)), ends: rangeFrom(backwards(word)) }
}

export interface KeyRange {
  readonly low: string
  readonly high: string
}

function rangeFrom(low: string): KeyRange {
  return { low, high: `${low}\u{10ffff}` }
}

function forwards(word: string): string {
  return `>${word}`
}

function backwards(word: string): string {
  return `<${[...word].reverse().join('')}`
}
