// One run of the station as a person would start it: "station flash" on a simulated bench at real flash timing, with its
// USB process, its library and its ledger; watched from outside.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { demoRecipe, prepareDemo } from '../../src/main/desk/prepare-demo.ts'
import { benchLog } from './bench-log.ts'

const cli = fileURLToPath(new URL('../../src/main/headless/station-cli.ts', import.meta.url))
const loopDelay = pathToFileURL(fileURLToPath(new URL('./loop-delay.ts', import.meta.url))).href
const lookMs = 200

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
  /** Largest resident memory seen; null where /proc does not tell. */
  readonly peakBytes: number | null
  readonly loopP99Ms: number | null
}

export async function runStation(bench: string): Promise<StationRun> {
  const folder = mkdtempSync(join(tmpdir(), 'dfu-station-bench-'))
  try {
    return await runIn(folder, bench)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runIn(folder: string, bench: string): Promise<StationRun> {
  const data = join(folder, 'data')
  const facts = join(folder, 'facts')
  const recipe = join(folder, 'recipe.json')
  mkdirSync(facts)
  await prepareDemo(data, benchLog)
  writeFileSync(recipe, JSON.stringify(demoRecipe))
  const args = [cli, 'flash', '--sim', bench, '--recipe', recipe, '--data', data, '--json']
  const environment = { ...process.env, DFU_STATION_BENCH_FOLDER: facts, NODE_OPTIONS: `--import=${loopDelay}` }
  const startedMs = performance.now()
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const memory = watchMemory(child.pid)
  const complaints: string[] = []
  child.stderr.on('data', (text: Buffer) => complaints.push(text.toString()))
  const results: { readonly atMs: number; readonly outcome: string; readonly durationMs: number }[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    const { outcome, durationMs } = JSON.parse(line) as { outcome?: string; durationMs?: number | null }
    if (outcome !== undefined) results.push({ atMs: performance.now(), outcome, durationMs: durationMs ?? 0 })
  }
  await ended
  const peaks = memory.stop()
  if (results.length === 0) throw new Error(`station flash --sim ${bench}: no result\n${complaints.join('')}`)
  return {
    boards: results.length,
    passed: results.filter(({ outcome }) => outcome === 'pass').length,
    wallMs: Math.max(...results.map(({ atMs }) => atMs)) - startedMs,
    longestJobMs: Math.max(...results.map(({ durationMs }) => durationMs)),
    desk: { peakBytes: peaks.desk, loopP99Ms: loopOf(facts, 'station-cli') },
    usb: { peakBytes: peaks.usb, loopP99Ms: loopOf(facts, 'station-host') },
  }
}

function loopOf(folder: string, script: string): number | null {
  const all = readdirSync(folder).map(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { script: string; p99Ms: number },
  )
  return all.find((each) => each.script.includes(script))?.p99Ms ?? null
}

/** Looks at the largest resident size the kernel has seen of the process and of its child. */
function watchMemory(pid: number | undefined) {
  const peaks: { desk: number | null; usb: number | null } = { desk: null, usb: null }
  const look = () => {
    const usb = childOf(pid)
    peaks.desk = peakOf(pid) ?? peaks.desk
    peaks.usb = peakOf(usb) ?? peaks.usb
  }
  const timer = setInterval(look, lookMs)
  return {
    stop: () => {
      clearInterval(timer)
      return peaks
    },
  }
}

function childOf(pid: number | undefined): number | undefined {
  const text = readProc(`/proc/${pid}/task/${pid}/children`)
  const [first] = (text ?? '').trim().split(/\s+/)
  return first ? Number(first) : undefined
}

function peakOf(pid: number | undefined): number | null {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readProc(`/proc/${pid}/status`) ?? '')?.[1]
  return kib === undefined ? null : Number(kib) * 1024
}

function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
