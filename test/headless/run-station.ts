// The command line as a script runs it: a process of its own, a data folder that goes when the test ends.
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, onTestFinished } from 'vitest'
import type { FlashResult, Summary } from '../../src/main/headless/flash-result.ts'
import { stockedLibrary } from '../desk/samples.ts'

const commandLine = fileURLToPath(new URL('../../src/main/headless/station-cli.ts', import.meta.url))

export interface Ended {
  /** null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningStation {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  stdout(): string
  stderr(): string
  /** Once this has appeared on stdout. */
  said(text: string): Promise<void>
}

export function startStation(words: readonly string[], cwd?: string): RunningStation {
  const child = spawn(process.execPath, [commandLine, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd && { cwd }),
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let stdout = ''
  let stderr = ''
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const look of [...waiting]) look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return {
    child,
    ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr }))),
    stdout: () => stdout,
    stderr: () => stderr,
    said: (text) =>
      new Promise((resolve) => {
        const look = () => {
          if (!stdout.includes(text)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}

export function station(...words: readonly string[]): Promise<Ended> {
  return startStation(words).ended
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'station-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

let stock: Promise<string> | null = null
afterAll(async () => {
  if (stock) rmSync(await stock, { recursive: true, force: true })
})

async function makeStock(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'station-cli-stock-'))
  await stockedLibrary(folder)
  return folder
}

/** A data folder with the demo's firmware in its library. */
export async function stockedFolder(): Promise<string> {
  stock ??= makeStock()
  const folder = temporaryFolder()
  cpSync(join(await stock, 'firmware'), join(folder, 'firmware'), { recursive: true })
  return folder
}

export function jsonLines(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
}

export interface FlashOutput {
  readonly results: readonly FlashResult[]
  readonly summary: Summary
}

/** What "flash --json" printed; throws unless the summary came last, once. */
export function flashOutput(text: string): FlashOutput {
  const lines = jsonLines(text)
  const results = lines.slice(0, -1)
  const last = lines.at(-1)
  if (!last || !('summary' in last) || results.some((line) => 'summary' in line)) {
    throw new Error(`no summary at the end, or more than one:\n${text}`)
  }
  return { results: results as unknown as readonly FlashResult[], summary: last['summary'] as Summary }
}

export function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '')
}
