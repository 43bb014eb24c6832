// The step restore: whole sets through the station as a user starts it, its command line with a data folder of its own,
// whose slots are the ports of these boards and no others. Up to the newest set given, then down to the oldest.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compare } from 'semver'
import { defaultSettings } from '../../src/main/desk/settings-file.ts'
import type { LedgerRecord } from '../../src/shared/model/record.ts'
import { timeModelOf } from './model.ts'
import type { WalkReport } from './report.ts'
import type { WalkedBoard } from './walked-board.ts'

export type RestoreTurn = 'up' | 'down'

export interface Restore {
  /** All these boards at once, each to its set of this turn; those without one are told and left out. */
  run(turn: RestoreTurn, boards: readonly WalkedBoard[], report: WalkReport): Promise<RestoreResult>
  end(): void
}

export interface RestoreResult {
  readonly passed: readonly WalkedBoard[]
  readonly failed: readonly WalkedBoard[]
}

interface ImportedSet {
  readonly platform: string | null
  readonly deviceOsVersion: string | null
}

interface BoardTurn {
  readonly board: WalkedBoard
  readonly deviceOs: string
}

const commandLine = join(import.meta.dirname, '../../src/main/headless/station-cli.ts')
const commandLimitMs = 600_000
const mostOutputBytes = 64 * 1024 * 1024

/** Imports the sets into a library of its own; throws with the station's words when one is refused. */
export async function prepareRestore(sets: readonly string[]): Promise<Restore> {
  const data = mkdtempSync(join(tmpdir(), 'dfu-station-walk-'))
  const results = await station(data, ['firmware', 'import', ...sets])
  const imported = results.flatMap(({ imported: set }) => (set ? [set as ImportedSet] : []))
  const versionsFor = (platform: string) =>
    imported
      .flatMap((set) => (set.platform === platform && set.deviceOsVersion ? [set.deviceOsVersion] : []))
      .toSorted(compare)
  /** Its ledger is what a failure is looked up in. */
  let isKept = false
  return {
    run: async (turn, boards, report) => {
      const turns = boards.flatMap((board): readonly BoardTurn[] => {
        const versions = versionsFor(board.platform)
        const deviceOs = turn === 'up' ? versions.at(-1) : versions.length > 1 ? versions[0] : undefined
        if (deviceOs !== undefined) return [{ board, deviceOs }]
        report.note('restore', board, `${turn}: no ${turn === 'up' ? '' : 'second '}set was given for this platform`)
        return []
      })
      if (turns.length === 0) return { passed: [], failed: [] }
      const result = await restore(data, turns, report)
      isKept ||= result.failed.length > 0
      return result
    },
    end: () => {
      if (!isKept) rmSync(data, { recursive: true, force: true })
    },
  }
}

async function restore(data: string, turns: readonly BoardTurn[], report: WalkReport): Promise<RestoreResult> {
  const slots = turns.map(({ board }) => board.portPath)
  writeFileSync(join(data, 'settings.json'), JSON.stringify({ ...defaultSettings(), slots, learnsPorts: false }))
  const deviceOs = Object.fromEntries(turns.map(({ board, deviceOs: version }) => [board.platform, version]))
  const recipe = {
    ...{ format: 'dfu-station-recipe', version: 1, name: 'Hardware walk' },
    ...{ platforms: Object.keys(deviceOs), deviceOs, user: 'set', verify: 'read-back' },
  }
  const recipePath = join(data, 'recipe.json')
  writeFileSync(recipePath, JSON.stringify(recipe))
  const results = await station(data, ['flash', '--recipe', recipePath, '--count', String(turns.length)])
  const records = (await station(data, ['ledger', 'export', '--format', 'jsonl'])) as unknown as LedgerRecord[]
  const outcomes = turns.map((each) => {
    const result = results.find(({ deviceId }) => deviceId === each.board.deviceId) as BoardResult | undefined
    const record = records.find(({ recordId }) => recordId === result?.recordId)
    if (record) tell(each, record, report)
    if (result?.outcome === 'pass') return { board: each.board, isPassed: true }
    const { code = 'USB_GONE', detail = 'the station did not finish this board' } = result?.fault ?? {}
    report.failed('restore', each.board, { code, detail: `to ${each.deviceOs}: ${detail}` })
    if (record) report.note('restore', each.board, `its record: ledger show ${record.recordId} --json --data ${data}`)
    return { board: each.board, isPassed: false }
  })
  const boardsThat = (passed: boolean) =>
    outcomes.flatMap(({ board, isPassed }) => (isPassed === passed ? [board] : []))
  return { passed: boardsThat(true), failed: boardsThat(false) }
}

/** What flash prints of a board. */
interface BoardResult {
  readonly deviceId: string
  readonly recordId: string | null
  readonly outcome: string
  readonly fault: { readonly code: string; readonly detail: string } | null
}

function tell({ board, deviceOs }: BoardTurn, { closing }: LedgerRecord, report: WalkReport): void {
  if (!closing) return
  const model = timeModelOf(board.platform)
  const modelsMs = new Map(
    model && [
      ['Enter DFU', model.requestToResetMs + model.resetToDfuMs],
      ['Start Device OS', model.leaveToResetMs + model.resetToNormalMs],
    ],
  )
  const fact = (what: string, ms: number) =>
    report.fact('restore', board, {
      what: `to ${deviceOs}: ${what}`,
      timesMs: [ms],
      modelMs: modelsMs.get(what) ?? null,
    })
  for (const { name, durationMs, result } of closing.steps) if (result === 'done') fact(name, durationMs)
  fact('whole job', closing.durationMs)
}

type Result = Readonly<Record<string, unknown>>

/** The objects that a command prints. Throws when it printed none, with what it complained of. */
function station(data: string, words: readonly string[]): Promise<readonly Result[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly Result[]>()
  const args = [commandLine, ...words, '--json', '--data', data]
  const options = { timeout: commandLimitMs, maxBuffer: mostOutputBytes }
  execFile(process.execPath, args, options, (error, stdout, stderr) => {
    const results = stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Result] : []))
    const isRefused = results.some((result) => 'refused' in result)
    if (results.length > 0 && !isRefused) resolve(results)
    else reject(new Error(`dfu-station ${words.join(' ')}: ${stderr || String(error)}`))
  })
  return promise
}
