// Runs the station as a child of the launcher: signals reach it, its end is the launcher's end.
import { type SpawnOptions, spawn } from 'node:child_process'

export interface ChildEnd {
  /** Exit code; 128 and the signal's number for a child that was killed, as shells have it. */
  readonly code: number
  readonly isKilled: boolean
  /** A signal came for it: it did not end by itself. */
  readonly wasStopped: boolean
}

export interface RunChildOptions {
  readonly program: string
  readonly words: readonly string[]
  readonly cwd: string
  /** Every line of the child's output, in place of showing it. */
  readonly onLine?: (line: string) => void
}

export function runChild({ program, words, cwd, onLine }: RunChildOptions): Promise<ChildEnd> {
  const stdio: SpawnOptions['stdio'] = ['inherit', onLine ? 'pipe' : 'inherit', 'inherit']
  const child = spawn(program, [...words], { cwd, stdio })
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine?.(line)
  })
  let wasStopped = false
  const forget = passSignals((signal) => {
    wasStopped = true
    // A terminal sends Ctrl-C to the child by itself; twice would mean "now" to it.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  })
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => {
      forget()
      reject(cause)
    })
    child.on('close', (code, signal) => {
      forget()
      if (rest !== '') onLine?.(rest)
      resolve({ code: code ?? 128 + 15, isKilled: signal !== null, wasStopped })
    })
  })
}

function passSignals(pass: (signal: NodeJS.Signals) => void): () => void {
  const listeners = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const listener = () => pass(signal)
    process.on(signal, listener)
    return () => process.off(signal, listener)
  })
  return () => {
    for (const stop of listeners) stop()
  }
}
