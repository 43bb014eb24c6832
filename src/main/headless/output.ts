// What a command prints: results on stdout, one object or one line each; everything else on stderr.
import type { Log } from '../station/ports.ts'

export interface Output {
  readonly json: boolean
  /** One result: the object with --json, else the line. */
  result(object: unknown, line: string): void
  /** Text as it is, e.g. an export; waits while the reader is slow. False once the reader has gone. */
  text(chunk: string): Promise<boolean>
  /** For the person, never part of the result. */
  note(line: string): void
}

export function openOutput(json: boolean): Output {
  return {
    json,
    result: (object, line) => process.stdout.write(`${json ? JSON.stringify(object) : plainText(line)}\n`),
    text: (chunk) => new Promise((resolve) => process.stdout.write(chunk, (gone) => resolve(!gone))),
    note: (line) => process.stderr.write(`${oneLine(line)}\n`),
  }
}

/** Without what would steer a terminal: names in recipes and packs come from outside. */
function plainText(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, '\ufffd')
}

/** A refusal is one line, whatever it quotes. */
export function oneLine(text: string): string {
  return plainText(text.trim().replaceAll(/\s*\n\s*/g, ' '))
}

/** A reader that went away (a closed pipe) is no error of the station: boards are worked on to the end. */
export function outliveReaders(): void {
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
}

const levels = ['debug', 'info', 'warn', 'error'] as const

/** Warnings and errors on stderr; STATION_LOG=debug shows all. */
export function stderrLog(name = 'station'): Log {
  const least = levels.indexOf(levels.find((level) => level === process.env['STATION_LOG']) ?? 'warn')
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
