// The results of a part with the circumstances it was measured in, and the file that keeps them: a part that is measured
// again replaces itself and no other.
import { existsSync, readFileSync } from 'node:fs'
import type { MachineFacts } from './machine-facts.ts'
import type { Section } from './results.ts'

export interface MeasuredPart {
  readonly name: string
  readonly facts: MachineFacts
  readonly sections: readonly Section[]
}

export interface ResultsFile {
  readonly parts: readonly MeasuredPart[]
}

/** What the file holds, with these parts instead of those of the same name, in the given order of names. */
export function merged(file: string, measured: readonly MeasuredPart[], order: readonly string[]): ResultsFile {
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<ResultsFile>).parts : []
  const byName = new Map([...(kept ?? []), ...measured].map((part) => [part.name, part]))
  return { parts: order.flatMap((name) => byName.get(name) ?? []) }
}
