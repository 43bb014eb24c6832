// What a run of scenarios leaves for a reader: scenario, boards, seconds, result, and the figures it noted.
import type { Scenario } from './scenario.ts'

export interface ScenarioRow {
  readonly scenario: Scenario
  readonly seconds: number
  readonly result: string
  readonly notes: readonly string[]
}

/** Lines of text, each ended; columns as wide as their widest cell. */
export function scenarioTable(rows: readonly ScenarioRow[]): string {
  const total = rows.reduce((sum, { seconds }) => sum + seconds, 0)
  const cells = [
    ['scenario', 'boards', 'seconds', 'result'],
    ...rows.map(({ scenario, seconds, result }) => [scenario.name, scenario.boards, seconds.toFixed(1), result]),
    ['all', '', total.toFixed(1), ''],
  ]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  const notes = [[], ...rows.map((row) => row.notes), []]
  const lines = cells.flatMap((line, at) => [
    line
      .map((cell, column) => (column === 2 ? cell.padStart(widths[2] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  '),
    ...(notes[at] ?? []).map((note) => `    ${note}`),
  ])
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}
