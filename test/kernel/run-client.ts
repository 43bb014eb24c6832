// Runs another program at the bench, to its end: what it printed and how it ended, whatever that was.
import { execFile } from 'node:child_process'

export interface ClientRun {
  /** Exit status; null when it was ended by a signal or past its time. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

const mostMs = 60_000

export function runClient(
  command: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ClientRun> {
  const { promise, resolve } = Promise.withResolvers<ClientRun>()
  const env = { ...process.env, ...environment }
  execFile(command, words, { env, timeout: mostMs, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
    const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null
    resolve({ status, stdout, stderr })
  })
  return promise
}
