// What a command prints: results on stdout, one object or one line each; everything else on stderr.
import type { Log } from '../station/ports.ts'

export interface Output {
  /** One result: the object with --json, else the line. */
  result(object: unknown, line: string): void
  /** Text as it is, e.g. an export; waits while the reader is slow. */
  text(chunk: string): Promise<void>
  /** For the person, never part of the result. */
  note(line: string): void
}

export function openOutput(json: boolean): Output {
  return {
    result: (object, line) => process.stdout.write(`${json ? JSON.stringify(object) : line}\n`),
    text: (chunk) => new Promise((resolve) => process.stdout.write(chunk, () => resolve())),
    note: (line) => process.stderr.write(`${line}\n`),
  }
}

/** Warnings and errors on stderr; STATION_LOG=debug shows all. */
export function stderrLog(name = 'station'): Log {
  const levels = ['debug', 'info', 'warn', 'error'] as const
  const least = levels.indexOf((process.env['STATION_LOG'] as (typeof levels)[number]) ?? 'warn')
  const at = (level: (typeof levels)[number]) => (text: string) => {
    if (levels.indexOf(level) >= least) process.stderr.write(`${level} ${name}: ${text}\n`)
  }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (child) => stderrLog(`${name}.${child}`),
  }
}
