// A file that is either the old one or the new one, whenever the power goes or the disk is full.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { Fault } from '../../shared/fault/fault.ts'

/**
 * Throws CALL_REJECTED naming the file when it cannot be written; the old one is then still whole. `mode` is that of a
 * file that not everybody may read.
 */
export function writeAtomically(file: string, content: string | Uint8Array, mode = 0o666): void {
  const beside = `${file}.${process.pid}.new`
  try {
    writeSynced(beside, content, mode)
    renameSync(beside, file)
  } catch (thrown) {
    rmSync(beside, { force: true })
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new Fault('CALL_REJECTED', `${file}: cannot be written (${why})`, { cause: thrown })
  }
}

function writeSynced(file: string, content: string | Uint8Array, mode: number): void {
  const handle = openSync(file, 'w', mode)
  try {
    writeFileSync(handle, content)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
