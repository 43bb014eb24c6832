// What the walk found: measured facts beside the simulator's model, differences in what boards show, and failures; as a
// table for the person and as JSON to send. It holds device IDs and no ICCID, IMEI or firmware.
import { writeFileSync } from 'node:fs'
import { arch, cpus, platform, release } from 'node:os'
import type { StepName } from './settings.ts'

export interface BoardName {
  readonly platform: string
  readonly deviceId: string
  readonly portPath: string
}

/** One measurement, in milliseconds of a real board. */
interface Fact extends BoardName {
  readonly step: StepName
  readonly what: string
  /** The mean of the samples. */
  readonly measuredMs: number
  readonly samples: number
  readonly slowestMs: number
  readonly modelMs: number | null
}

/** Something a board shows otherwise than the simulated one. */
interface Difference extends BoardName {
  readonly step: StepName
  readonly what: string
  readonly found: string
  readonly simulator: string
}

interface Note extends BoardName {
  readonly step: StepName
  readonly text: string
}

interface Failure extends BoardName {
  readonly step: StepName
  readonly code: string
  readonly detail: string
}

export interface WalkReport {
  fact(
    step: StepName,
    board: BoardName,
    fact: { what: string; timesMs: readonly number[]; modelMs: number | null },
  ): void
  differs(step: StepName, board: BoardName, difference: { what: string; found: string; simulator: string }): void
  note(step: StepName, board: BoardName, text: string): void
  failed(step: StepName, board: BoardName, failure: { code: string; detail: string }): void
  /** Writes the JSON and returns the table. */
  finish(): string
}

export interface ReportOptions {
  readonly path: string
  readonly steps: readonly StepName[]
  /** Measured times are multiplied by it. */
  readonly speed: number
}

/** Data sheets give typical values; twice as slow is no fault, and half the time is news as well. */
const deviatesFrom = 2

export function createReport({ path, steps, speed }: ReportOptions): WalkReport {
  const facts: Fact[] = []
  const differences: Difference[] = []
  const notes: Note[] = []
  const failures: Failure[] = []
  return {
    fact: (step, board, { what, timesMs, modelMs }) => {
      if (timesMs.length === 0) return
      const samples = timesMs.length
      const measuredMs = (timesMs.reduce((sum, ms) => sum + ms, 0) / samples) * speed
      const slowestMs = Math.max(...timesMs) * speed
      facts.push({ step, ...nameOf(board), what, measuredMs, samples, slowestMs, modelMs })
    },
    differs: (step, board, difference) => differences.push({ step, ...nameOf(board), ...difference }),
    note: (step, board, text) => notes.push({ step, ...nameOf(board), text }),
    failed: (step, board, failure) => failures.push({ step, ...nameOf(board), ...failure }),
    finish: () => {
      const computer = { system: `${platform()} ${release()} ${arch()}`, processor: cpus()[0]?.model ?? 'unknown' }
      const head = { format: 'dfu-station-hardware', version: 1, at: new Date().toISOString(), node: process.version }
      const whole = { ...head, computer, steps, speed, facts, differences, notes, failures }
      writeFileSync(path, `${JSON.stringify(whole, null, 2)}\n`)
      return [...tables(facts), ...remarks(differences, notes, failures), `written to ${path}`].join('\n')
    },
  }
}

function nameOf({ platform: name, deviceId, portPath }: BoardName): BoardName {
  return { platform: name, deviceId, portPath }
}

function titleOf({ platform: name, deviceId, portPath }: BoardName): string {
  return `${name} ${deviceId} on ${portPath}`
}

function tables(facts: readonly Fact[]): readonly string[] {
  const byBoard = Map.groupBy(facts, titleOf)
  return [...byBoard].flatMap(([title, rows]) => ['', title, ...rows.map(row)])
}

function row({ what, measuredMs, samples, slowestMs, modelMs }: Fact): string {
  const measured = `${text(measuredMs)}${samples > 1 ? `  (mean of ${samples}, slowest ${text(slowestMs)})` : ''}`
  if (modelMs === null) return `  ${what.padEnd(48)}${measured}`
  const ratio = measuredMs / modelMs
  const isFar = ratio > deviatesFrom || ratio < 1 / deviatesFrom
  const beside = `model ${text(modelMs)}  ${ratio.toFixed(2)} x${isFar ? '  DEVIATES' : ''}`
  return `  ${what.padEnd(48)}${measured.padEnd(45)}${beside}`
}

function text(ms: number): string {
  return ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${ms >= 100 ? ms.toFixed(0) : ms.toFixed(2)} ms`
}

function remarks(
  differences: readonly Difference[],
  notes: readonly Note[],
  failures: readonly Failure[],
): readonly string[] {
  const lines = (title: string, rows: readonly string[]) => (rows.length > 0 ? ['', title, ...rows] : [])
  return [
    ...lines(
      'Other than the simulated board: facts to correct',
      differences.map((one) => `  ${titleOf(one)}: ${one.what}: ${one.found}; simulator: ${one.simulator}`),
    ),
    ...lines(
      'Notes',
      notes.map((note) => `  ${titleOf(note)}: ${note.step}: ${note.text}`),
    ),
    ...lines(
      'Failed',
      failures.map((one) => `  ${titleOf(one)}: ${one.step}: ${one.code}: ${one.detail}`),
    ),
    '',
  ]
}
