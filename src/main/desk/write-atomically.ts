// A file that is either the old one or the new one, whenever the power goes or the disk is full.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { Fault } from '../../shared/fault/fault.ts'

/** Throws CALL_REJECTED naming the file when it cannot be written; the old one is then still whole. */
export function writeAtomically(file: string, text: string): void {
  const beside = `${file}.${process.pid}.new`
  try {
    writeSynced(beside, text)
    renameSync(beside, file)
  } catch (thrown) {
    rmSync(beside, { force: true })
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new Fault('CALL_REJECTED', `${file}: cannot be written (${why})`, { cause: thrown })
  }
}

function writeSynced(file: string, text: string): void {
  const handle = openSync(file, 'w')
  try {
    writeFileSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
