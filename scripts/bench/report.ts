// The figures for people: a table on the terminal and the same as Markdown.
import type { MachineFacts } from './machine-facts.ts'
import type { ResultsFile } from './measured-part.ts'
import { type Measure, median, type Section, verdictOf } from './results.ts'

interface Row {
  readonly name: string
  readonly value: string
  readonly spread: string
  readonly aim: string
  readonly verdict: string
  readonly note: string
}

const heads: Row = { name: '', value: 'median', spread: 'least to most', aim: 'aim', verdict: '', note: '' }

export function textReport(results: ResultsFile): string {
  return blocks(results, textSection).join('\n\n')
}

export function markdownReport(results: ResultsFile, heading: '##' | '###'): string {
  return `${blocks(results, (section) => markdownSection(section, heading)).join('\n\n')}\n`
}

/** The circumstances stand once, and again where a part was measured in others. */
function blocks({ parts }: ResultsFile, print: (section: Section) => string): readonly string[] {
  return parts.flatMap(({ facts, sections }, n) => {
    const isSame = JSON.stringify(facts) === JSON.stringify(parts[n - 1]?.facts)
    return [...(isSame ? [] : [factsLine(facts)]), ...sections.map(print)]
  })
}

const marks = { begin: '<!-- results -->\n', end: '<!-- /results -->' } as const

/** The document with what stands between its marks replaced; throws when it has none. */
export function withFigures(document: string, figures: string): string {
  const begin = document.indexOf(marks.begin)
  const end = document.indexOf(marks.end)
  if (begin < 0 || end < begin) throw new Error(`the document has no ${marks.begin.trim()} ... ${marks.end}`)
  return `${document.slice(0, begin + marks.begin.length)}${figures}${document.slice(end)}`
}

function factsLine(facts: MachineFacts): string {
  const { processor, cores, memoryGiB, system, node, measuredAt, loadAtStart, commit } = facts
  const where = `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}`
  return `${where}; load ${loadAtStart} at the start; commit ${commit}; ${measuredAt}`
}

function textSection({ title, about, measures, skipped }: Section): string {
  if (skipped !== null) return `${title}\nSKIPPED: ${skipped}`
  const rows = measures.map(rowOf)
  const width = (key: keyof Row) => Math.max(...[heads, ...rows].map((row) => row[key].length))
  const line = (row: Row) =>
    [
      row.name.padEnd(width('name')),
      row.value.padStart(width('value')),
      row.spread.padStart(width('spread')),
      row.aim.padStart(width('aim')),
      row.verdict.padEnd(width('verdict')),
      row.note,
    ]
      .join('  ')
      .trimEnd()
  return [title, about, '', line(heads), ...rows.map(line)].join('\n')
}

function markdownSection({ title, about, measures, skipped }: Section, heading: string): string {
  if (skipped !== null) return [`${heading} ${title}`, `Skipped: ${skipped}.`].join('\n\n')
  const rows = measures.map(rowOf).map(({ name, value, spread, aim, verdict, note }) => {
    const shown = name.startsWith('  ') ? `&nbsp;&nbsp;${name.trim()}` : name
    return `| ${[shown, value, spread, aim, verdict, note].map((cell) => cell.replaceAll('|', '/')).join(' | ')} |`
  })
  const head = ['| | median | least to most | aim | | |', '| --- | ---: | ---: | ---: | --- | --- |']
  return [`${heading} ${title}`, about, [...head, ...rows].join('\n')].join('\n\n')
}

function rowOf(measure: Measure): Row {
  const { name, unit, values, aim, note, problem } = measure
  if (problem || values.length === 0) {
    return { name, value: '-', spread: '', aim: aim?.text ?? '', verdict: verdictOf(measure), note: problem ?? note }
  }
  const shown = (value: number) => figure(value, unit)
  const spread = values.length > 1 ? `${shown(Math.min(...values))} to ${shown(Math.max(...values))}` : 'once'
  const value = `${shown(median(values))} ${unit}`
  return { name, value, spread, aim: aim ? aim.text : '', verdict: verdictOf(measure), note }
}

/** Ratios near 1 are told apart in the third place. */
function figure(value: number, unit: string): string {
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : unit === 'x' && size < 1.2 ? 3 : 2)
}
