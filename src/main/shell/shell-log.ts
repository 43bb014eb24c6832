// The shell's log: one JSON object a line, in the data folder, because a window has no terminal. One older file is kept.
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DeskOptions } from '../desk/desk.ts'

type Log = DeskOptions['log']

const maxBytes = 5 * 1024 * 1024

export function openShellLog(dataFolder: string): Log {
  const folder = join(dataFolder, 'logs')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'shell.log')
  const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 }
  if (size > maxBytes) renameSync(path, join(folder, 'shell.old.log'))
  return logInto(path, 'shell')
}

function logInto(path: string, name: string): Log {
  const write = (level: string) => (text: string) => {
    try {
      appendFileSync(path, `${JSON.stringify({ at: new Date().toISOString(), level, name, text })}\n`)
    } catch {
      // A full disk stops flashing at the ledger; the log must not stop the shell.
    }
  }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (child) => logInto(path, `${name}.${child}`),
  }
}
