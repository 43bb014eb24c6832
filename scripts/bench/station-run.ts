// One run of the station as a person would start it: "station flash", with its USB process, its library and its ledger;
// watched from outside. On which bus is the affair of the words it is given.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../../src/main/headless/station-cli.ts', import.meta.url))
const preload = new URL('./process-facts.ts', import.meta.url).href
/** Ten times what a Photon needs: a station that hangs shall not take the benchmark with it. */
const longestRunMs = 200_000

export interface StationRun {
  readonly boards: number
  readonly passed: number
  /** From the start of the command to its last result. */
  readonly wallMs: number
  /** By the records: the longest job, from record opened to verdict. */
  readonly longestJobMs: number
  readonly desk: ProcessFacts
  readonly usb: ProcessFacts
}

export interface ProcessFacts {
  /** Largest resident memory, by the kernel; null where /proc does not tell. */
  readonly peakBytes: number | null
  readonly loopP99Ms: number | null
  /** User and system time from start to end. */
  readonly cpuMs: number | null
}

/** "station flash" with these words. Throws with what it complained of when there is no result. */
export async function runFlash(...words: readonly string[]): Promise<StationRun> {
  const folder = mkdtempSync(join(tmpdir(), 'dfu-station-bench-'))
  try {
    return await runIn(folder, words)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runIn(folder: string, words: readonly string[]): Promise<StationRun> {
  const facts = join(folder, 'facts')
  mkdirSync(facts)
  const environment = { ...process.env, DFU_STATION_BENCH_FOLDER: facts, NODE_OPTIONS: `--import=${preload}` }
  const startedMs = performance.now()
  const args = [cli, 'flash', ...words, '--json']
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const patience = setTimeout(() => child.kill('SIGINT'), longestRunMs)
  const complaints: string[] = []
  child.stderr.on('data', (text: Buffer) => complaints.push(text.toString()))
  const results: { readonly atMs: number; readonly outcome: string; readonly durationMs: number }[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    const { outcome, durationMs } = JSON.parse(line) as { outcome?: string; durationMs?: number | null }
    if (outcome !== undefined) results.push({ atMs: performance.now(), outcome, durationMs: durationMs ?? 0 })
  }
  await ended
  clearTimeout(patience)
  if (results.length === 0) throw new Error(`station flash ${words.join(' ')}: no result\n${complaints.join('')}`)
  return {
    boards: results.length,
    passed: results.filter(({ outcome }) => outcome === 'pass').length,
    wallMs: Math.max(...results.map(({ atMs }) => atMs)) - startedMs,
    longestJobMs: Math.max(...results.map(({ durationMs }) => durationMs)),
    desk: factsOf(facts, 'station-cli'),
    usb: factsOf(facts, 'station-host'),
  }
}

const untold: ProcessFacts = { peakBytes: null, loopP99Ms: null, cpuMs: null }

function factsOf(folder: string, script: string): ProcessFacts {
  const all = readdirSync(folder).map(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ProcessFacts & { readonly script: string },
  )
  return all.find((each) => each.script.includes(script)) ?? untold
}
