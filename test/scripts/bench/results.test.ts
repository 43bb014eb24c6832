import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { floorOf } from '../../../scripts/bench/floor.ts'
import { type MeasuredPart, merged } from '../../../scripts/bench/measured-part.ts'
import { textReport } from '../../../scripts/bench/report.ts'
import { type Aim, atLeast, atMost, measured, verdictOf } from '../../../scripts/bench/results.ts'
import { awaited, away, polling } from '../../../scripts/bench/trace.ts'

const verdict = (values: readonly number[], aim: Aim | null, problem: string | null = null) =>
  verdictOf(measured({ name: 'a ratio', unit: 'x', values }, { aim, problem }))

it.each([
  { by: 'the worst repetition of an upper limit', values: [1, 1.02], aim: atMost(1.01), expected: 'missed' },
  { by: 'all repetitions within it', values: [1, 1.01], aim: atMost(1.01), expected: 'met' },
  { by: 'the worst repetition of a lower limit', values: [2.1, 1.9], aim: atLeast(2), expected: 'missed' },
  { by: 'the median where it is noisy', values: [1.9, 2.1, 5], aim: atLeast(2, 'median'), expected: 'met' },
  { by: 'a median that is too low', values: [1.9, 1.8, 5], aim: atLeast(2, 'median'), expected: 'missed' },
  { by: 'the lack of any figure', values: [], aim: atMost(1), expected: 'missed' },
  { by: 'nothing where there is no aim', values: [7], aim: null, expected: '' },
])('a measure is judged by $by', ({ values, aim, expected }) => {
  expect(verdict(values, aim)).toBe(expected)
})

it('a measure with a problem never meets its aim', () => {
  expect(verdict([0.5], atMost(1), '3 of 4 boards passed')).toBe('missed')
})

const facts = {
  measuredAt: 'then',
  system: '',
  processor: '',
  cores: 2,
  memoryGiB: 1,
  node: '',
  loadAtStart: 0,
  commit: '',
}
const part = (name: string, title: string, at = 'then'): MeasuredPart => ({
  name,
  facts: { ...facts, measuredAt: at },
  sections: [{ title, about: '', measures: [], skipped: null }],
})

it('a part that was measured again replaces itself and no other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-results-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'results.json')
  writeFileSync(file, JSON.stringify({ parts: [part('peers', 'old peers'), part('floor', 'old floor')] }))
  const { parts } = merged(file, [part('floor', 'new floor', 'now')], ['floor', 'peers', 'never measured'])
  expect(parts.map(({ sections }) => sections[0]?.title)).toEqual(['new floor', 'old peers'])
  const report = textReport({ parts })
  expect(report.match(/; (then|now)/g)).toEqual(['; now', '; then'])
})

it('what could not be measured is said in place of its table', () => {
  const sections = [{ title: 'Peers', about: 'how', measures: [], skipped: 'the test kernel is not built' }]
  expect(textReport({ parts: [{ name: 'peers', facts, sections }] })).toContain('SKIPPED: the test kernel is not built')
})

it('the floor of a board leaves out pauses that the station used, and questions that came too early', () => {
  const account = { eraseMs: 1000, programMs: 500, wireMs: 300, waitMs: 900, handlerMs: 80, earlyMs: 50, transfers: 9 }
  const split = new Map([
    [away, 400],
    [awaited, 200],
    [polling, 10],
  ])
  expect(floorOf(account, split)).toEqual({ pausesMs: 600, handlersMs: 60, floorMs: 1000 + 500 + 250 + 600 + 60 })
})
