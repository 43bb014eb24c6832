// Where real firmware lies, if it does: STATION_FIRMWARE, or the folder beside the repository. It is never copied in, so
// what needs it is left out elsewhere, visibly.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const folder = resolve(process.env['STATION_FIRMWARE'] ?? join(import.meta.dirname, '../../../shared/firmware'))

/** The absolute path of a file, or why there is none. */
export function realFirmware(name: string): { readonly file: string } | { readonly skipped: string } {
  const file = join(folder, name)
  if (existsSync(file)) return { file }
  return { skipped: `no real firmware: ${file} not found (STATION_FIRMWARE names its folder)` }
}
