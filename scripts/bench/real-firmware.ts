// Where real firmware lies, if it does: STATION_FIRMWARE, or the folder beside the repository. It is never copied in, so
// what needs it is left out elsewhere, visibly.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const folder = resolve(process.env['STATION_FIRMWARE'] ?? join(import.meta.dirname, '../../../shared/firmware'))

/** Absolute paths of these files; a sentence naming the first that is missing. */
export function realFirmware(...names: readonly string[]): { readonly paths: readonly string[] } | string {
  const paths = names.map((name) => join(folder, name))
  const missing = paths.find((path) => !existsSync(path))
  return missing === undefined
    ? { paths }
    : `no real firmware: ${missing} not found (STATION_FIRMWARE names its folder)`
}
