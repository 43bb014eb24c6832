// A file that a command makes: whole or not there, and never over another one that was there before, unless that was said.
import { existsSync, readFileSync } from 'node:fs'
import { writeAtomically } from '../desk/write-atomically.ts'
import type { CommandLine } from './arguments.ts'
import { UsageError } from './usage-error.ts'

/** Throws UsageError where --out names something that is there; asked before the work begins, and again at its end. */
export function refuseOverwrite({ out, force }: Pick<CommandLine, 'out' | 'force'>): void {
  if (out !== null && !force && existsSync(out))
    throw new UsageError(`--out ${out}: is there already; --force replaces it`)
}

export function writeOut({ out, force }: Pick<CommandLine, 'out' | 'force'>, content: Uint8Array): void {
  if (out === null) throw new UsageError('wants --out FILE')
  refuseOverwrite({ out, force })
  writeAtomically(out, content)
}

export function readInput(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (thrown) {
    throw new UsageError(`${file}: cannot be read (${(thrown as Error).message})`)
  }
}
