// The demo as a newcomer starts it, in a process of its own, with a data folder that goes when the test ends.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const commandLine = fileURLToPath(new URL('../../src/main/headless/station-cli.ts', import.meta.url))

export interface DemoStation {
  readonly url: string
  readonly process: ChildProcess
  /** What it said on stderr. */
  readonly complaints: () => string
  stop(): Promise<number | null>
}

export async function startDemo(words: readonly string[]): Promise<DemoStation> {
  const data = await mkdtemp(join(tmpdir(), 'station-e2e-'))
  const child = spawn(process.execPath, [commandLine, 'demo', '--json', '--data', data, ...words], {
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
      throw new Error(`the demo ended with ${code}: ${complaints}`)
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
