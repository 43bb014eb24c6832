// What a benchmark measured: values with a unit, their spread over repetitions, and the aim they are held against.

export interface Measure {
  readonly name: string
  readonly unit: string
  /** One for each repetition. */
  readonly values: readonly number[]
  /** Null where there is nothing to reach; the number is for the reader. */
  readonly aim: Aim | null
  readonly note: string
  /** Why the values are no measure: a board that did not pass, a fact the computer does not tell. */
  readonly problem: string | null
}

type Told = Partial<Pick<Measure, 'aim' | 'note' | 'problem'>>

export function measured(what: Pick<Measure, 'name' | 'unit' | 'values'>, told: Told = {}): Measure {
  return { aim: null, note: '', problem: null, ...what, ...told }
}

export interface Aim {
  readonly side: 'at most' | 'at least'
  readonly value: number
  /** As it is printed. */
  readonly text: string
  /**
   * The repetition that must reach it. The worst, so that a lucky one does not hide a bad one; the median where a single
   * repetition of under a second is as much the computer's mood as the program's.
   */
  readonly by: 'worst' | 'median'
}

/** `text` only where the limit has slack that the reader need not see. */
export function atMost(value: number, by: Aim['by'] = 'worst', text = String(value)): Aim {
  return { side: 'at most', value, text: `<= ${text}`, by }
}

export function atLeast(value: number, by: Aim['by'] = 'worst', text = String(value)): Aim {
  return { side: 'at least', value, text: `>= ${text}`, by }
}

export interface Section {
  readonly title: string
  /** How to read it. */
  readonly about: string
  readonly measures: readonly Measure[]
  /** Why nothing was measured on this computer; null where it was. */
  readonly skipped: string | null
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

export function verdictOf({ values, aim, problem }: Measure): 'met' | 'missed' | '' {
  if (!aim) return ''
  if (problem || values.length === 0) return 'missed'
  const judged = aim.by === 'median' ? [median(values)] : values
  const isMet = (value: number) => (aim.side === 'at most' ? value <= aim.value : value >= aim.value)
  return judged.every(isMet) ? 'met' : 'missed'
}
