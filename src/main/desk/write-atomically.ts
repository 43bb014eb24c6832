// A file that is either the old one or the new one, whenever the power goes.
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'

export function writeAtomically(file: string, text: string): void {
  const beside = `${file}.${process.pid}.new`
  const handle = openSync(beside, 'w')
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(beside, file)
}
