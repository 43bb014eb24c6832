// The highest version of each pack that was made here, so that the next one rises. A file of its own: a station and a
// command line may both make packs, and neither keeps it in memory.
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Log } from '../station/ports.ts'
import { writeAtomically } from './write-atomically.ts'

const issuedSchema = z.record(z.string(), z.int().min(1))

/** By name. A file that cannot be read counts for nothing: a version can be given by hand. */
export function readIssued(file: string, log: Log): Readonly<Record<string, number>> {
  if (!existsSync(file)) return {}
  try {
    return issuedSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (thrown) {
    log.warn(`${file}: versions of packs made before are not known (${String(thrown).replaceAll(/\s+/g, ' ')})`)
    return {}
  }
}

/** Throws CALL_REJECTED when it cannot be written. */
export function rememberIssued(
  file: string,
  { name, version }: { readonly name: string; readonly version: number },
  log: Log,
): void {
  writeAtomically(file, `${JSON.stringify({ ...readIssued(file, log), [name]: version }, null, 2)}\n`)
}
