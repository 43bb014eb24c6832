// Real Device OS modules for tests, where this machine has them: STATION_FIRMWARE, or ../shared/firmware beside the
// repository. Absent, the tests that need them are skipped and say so in their names.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

export const firmwareFolder =
  process.env['STATION_FIRMWARE'] ?? resolve(import.meta.dirname, '../../../../shared/firmware')

export const hasFirmware = existsSync(resolve(firmwareFolder, 'MANIFEST.json'))

// Continuous integration has the modules; there a skip would hide a broken set-up.
if (!hasFirmware && process.env['CI'] === 'true') throw new Error(`no real firmware at ${firmwareFolder}`)

export const skipReason = hasFirmware ? '' : ' (skipped: no real firmware here, see STATION_FIRMWARE)'

export interface ManifestModule {
  readonly file: string
  readonly platform: string
  readonly platformId: number
  readonly size: number
  readonly flags: number
  readonly moduleFunction: number
  readonly moduleIndex: number
  readonly moduleVersion: number
  readonly startAddress: string
  readonly endAddress: string
  readonly prefixOffset: number
  readonly suffixSize: number
  readonly suffixSha256: string
  readonly dependency: ManifestDependency | null
  readonly dependency2: ManifestDependency | null
}

interface ManifestDependency {
  readonly function: number
  readonly index: number
  readonly version: number
}

/** The rows of the manifest that are plain modules of the platform. */
export function manifestModules(platform: string): readonly ManifestModule[] {
  if (!hasFirmware) return []
  const text = readFileSync(resolve(firmwareFolder, 'MANIFEST.json'), 'utf8')
  const manifest = JSON.parse(text) as { files: (ManifestModule & { kind: string })[] }
  return manifest.files.filter((row) => row.kind === 'module' && row.platform === platform)
}

export function readFirmware(file: string): Uint8Array {
  return Uint8Array.from(readFileSync(resolve(firmwareFolder, file)))
}

function dependenciesOf(row: ManifestModule): readonly ManifestDependency[] {
  return [row.dependency, row.dependency2].flatMap((one) =>
    one?.function ? [{ function: one.function, index: one.index, version: one.version }] : [],
  )
}

/** The header of a module as the simulator's own reader must read it. */
export function headerOf(row: ManifestModule) {
  return {
    startAddress: Number(row.startAddress),
    endAddress: Number(row.endAddress),
    flags: row.flags,
    version: row.moduleVersion,
    platformId: row.platformId,
    function: row.moduleFunction,
    index: row.moduleIndex,
    dependencies: dependenciesOf(row),
    prefixOffset: row.prefixOffset,
    sizeBytes: row.size,
  }
}
