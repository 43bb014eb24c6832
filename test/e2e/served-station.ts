// A station with its screens in a process of its own, as a person starts it: the demo, or one that serves. Its data folder
// goes when the test ends.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const commandLine = fileURLToPath(new URL('../../src/main/headless/station-cli.ts', import.meta.url))

export interface ServedStation {
  readonly url: string
  readonly process: ChildProcess
  /** What it said on stderr. */
  readonly complaints: () => string
  stop(): Promise<number | null>
}

export function startDemo(words: readonly string[]): Promise<ServedStation> {
  return startStation(['demo', ...words])
}

/** `words`: the command and its options. */
export async function startStation(words: readonly string[]): Promise<ServedStation> {
  const data = await mkdtemp(join(tmpdir(), 'station-e2e-'))
  const child = spawn(process.execPath, [commandLine, ...words, '--json', '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const url = await Promise.race([
    firstLine(child),
    ended.then((code) => {
      throw new Error(`the station ended with ${code}: ${complaints}`)
    }),
  ])
  return {
    url: (JSON.parse(url) as { readonly url: string }).url,
    process: child,
    complaints: () => complaints,
    stop: async () => {
      child.kill('SIGTERM')
      const code = await ended
      await rm(data, { recursive: true, force: true })
      return code
    },
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  let text = ''
  return new Promise((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
    })
  })
}
