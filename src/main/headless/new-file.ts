// A file that a command makes: whole or not there, and never over another one that was there before, unless that was said.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeAtomically } from '../desk/write-atomically.ts'
import type { CommandLine } from './arguments.ts'
import { UsageError } from './usage-error.ts'

/**
 * Throws UsageError where --out names something that is there, or what can be no file; asked before the work begins, and
 * again at its end.
 */
export function refuseOverwrite({ out, force }: Pick<CommandLine, 'out' | 'force'>): void {
  if (out === null) return
  if (isFolder(out)) throw new UsageError(`--out ${out}: is a folder, wants a file`)
  if (!force && existsSync(out)) throw new UsageError(`--out ${out}: is there already; --force replaces it`)
  if (!isFolder(dirname(out))) throw new UsageError(`--out ${out}: there is no folder ${dirname(out)}`)
}

export function writeOut({ out, force }: Pick<CommandLine, 'out' | 'force'>, content: Uint8Array): void {
  if (out === null) throw new UsageError('wants --out FILE')
  refuseOverwrite({ out, force })
  writeAtomically(out, content)
}

/** Throws UsageError, also for what is no plain file, such as a device that never ends, and for one above the limit. */
export function readInput(file: string, mostBytes: number): Uint8Array {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats && !stats.isFile()) throw new UsageError(`${file}: is no file`)
  if (stats && stats.size > mostBytes)
    throw new UsageError(`${file}: ${stats.size} bytes, at most ${mostBytes} are taken`)
  try {
    return readFileSync(file)
  } catch (thrown) {
    throw new UsageError(`${file}: cannot be read (${(thrown as Error).message})`)
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
