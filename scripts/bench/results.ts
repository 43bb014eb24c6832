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

export interface Aim {
  readonly most: number
  /** As it is printed. */
  readonly text: string
}

export interface Section {
  readonly title: string
  /** How to read it. */
  readonly about: string
  readonly measures: readonly Measure[]
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** Judged by the worst repetition, so that a lucky one does not hide a bad one. */
export function verdictOf({ values, aim, problem }: Measure): 'met' | 'missed' | '' {
  if (!aim) return ''
  if (problem) return 'missed'
  return values.every((value) => value <= aim.most) ? 'met' : 'missed'
}
