// firmware import and firmware list; the other verbs are in firmware-supply.ts.
import { moduleName } from '../../../shared/model/module.ts'
import { openDataFolder } from '../../desk/data-folder.ts'
import { openLibrary } from '../../station/firmware/library.ts'
import { systemClock } from '../../station/system-clock.ts'
import type { CommandLine } from '../arguments.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { exportHexFile, fetchFirmware, listVersions } from './firmware-supply.ts'

export async function firmware(line: CommandLine, output: Output): Promise<ExitCode> {
  const [, verb, ...paths] = line.words
  if (verb === 'import') return importFirmware(line, paths, output)
  if (verb === 'versions') return listVersions(line, output)
  if (verb === 'fetch') return fetchFirmware(line, output)
  if (verb === 'hex') return exportHexFile(line, output)
  return listFirmware(line, output)
}

function library(line: CommandLine) {
  return openLibrary(openDataFolder(line.data).library, { clock: systemClock })
}

async function importFirmware(line: CommandLine, paths: readonly string[], output: Output): Promise<ExitCode> {
  const shelf = await library(line)
  const { imported, refused } = await shelf.importPaths(paths)
  for (const set of imported) {
    const names = [...set.modules, ...set.others].map((module) => `${moduleName(module)} ${module.version}`)
    const { id: setId, platform, deviceOsVersion, source, isNew } = set
    const what = `${platform ?? 'any platform'} ${deviceOsVersion ?? ''}`.trim()
    const lacks = set.lacks.map((each) => moduleName(each))
    const rest = lacks.length > 0 && set.deviceOsVersion ? `; not a complete set, it lacks ${lacks.join(', ')}` : ''
    const modules = [...set.modules, ...set.others].map(({ sha256 }) => sha256)
    output.result(
      { imported: { setId, platform, deviceOsVersion, source, isNew, modules, lacks: set.lacks } },
      `imported ${source}: ${what}: ${names.join(', ')}${rest}`,
    )
  }
  for (const { file, layer, reason, what } of refused) {
    if (output.json) output.result({ refused: { file, layer, reason, detail: what } }, '')
    output.note(`refused ${file}: ${what} [${reason}]`)
  }
  if (imported.length + refused.length === 0) {
    output.note(`${paths.join(', ')}: no firmware files`)
    return exitCodes.badInput
  }
  return refused.length === 0 ? exitCodes.ok : exitCodes.badInput
}

async function listFirmware(line: CommandLine, output: Output): Promise<ExitCode> {
  const shelf = await library(line)
  for (const module of await shelf.modules()) {
    const { platform, kind, index, version, deviceOsVersion, sizeBytes, sha256, suffixSha256, isSynthetic, source } =
      module
    const mark = isSynthetic ? 'synthetic  ' : ''
    output.result(
      { platform, kind, index, version, deviceOsVersion, sizeBytes, sha256, suffixSha256, isSynthetic, source },
      `${platform}  ${deviceOsVersion ?? '-'}  ${moduleName(module)}  ${version}  ${sizeBytes}  ${sha256.slice(0, 12)}  ${mark}${source}`,
    )
  }
  for (const file of await shelf.damaged()) output.note(`damaged index file, left out: ${file}`)
  return exitCodes.ok
}
