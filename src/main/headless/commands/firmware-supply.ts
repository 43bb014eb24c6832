// firmware versions, firmware fetch and firmware hex: what there is to choose among, user firmware from an address, and
// a whole flash for a programmer.
import { writeFileSync } from 'node:fs'
import type { HeldRelease, ReleaseLine } from '../../../shared/model/firmware-view.ts'
import { moduleName } from '../../../shared/model/module.ts'
import { openDataFolder } from '../../desk/data-folder.ts'
import { makeHex } from '../../desk/export-hex-file.ts'
import { fetchUserFirmware } from '../../desk/fetch-user-firmware.ts'
import { importUser } from '../../desk/take-recipe.ts'
import { holdUsb } from '../../desk/usb-lock.ts'
import { openLibrary } from '../../station/firmware/library.ts'
import type { FirmwareLibrary } from '../../station/firmware/library-model.ts'
import { releasesOf } from '../../station/firmware/release-lines.ts'
import { systemClock } from '../../station/system-clock.ts'
import type { CommandLine } from '../arguments.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { UsageError } from '../usage-error.ts'

const library = (line: CommandLine) => openLibrary(openDataFolder(line.data).library, { clock: systemClock })

export async function listVersions(line: CommandLine, output: Output): Promise<ExitCode> {
  const held = await library(line)
  const rows = releasesOf(await held.sets()).flatMap(({ platform, lines }) =>
    lines.flatMap(({ name, isLongTerm, releases }) =>
      releases.map((release) => ({ platform, line: name, isLongTerm, ...release })),
    ),
  )
  for (const row of rows)
    output.result(row, `${row.platform}  ${row.line}  ${row.deviceOs}  ${marksOf(row).join(', ')}`)
  return exitCodes.ok
}

function marksOf(row: HeldRelease & Pick<ReleaseLine, 'isLongTerm'>): readonly string[] {
  const marks = [
    row.isLongTerm && 'long term',
    row.isPreRelease && 'pre-release',
    row.isRecommended && 'recommended',
    row.isSynthetic && 'synthetic',
    ...row.lacks.map((key) => `lacks ${moduleName(key)}`),
  ]
  return marks.filter((mark) => mark !== false)
}

/** Never beside a station that has the boards of this computer: USB_IN_USE. */
export async function fetchFirmware(line: CommandLine, output: Output): Promise<ExitCode> {
  const [, , url = ''] = line.words
  const release = holdUsb({ kind: 'usb' })
  try {
    const options = { clock: systemClock, signal: new AbortController().signal }
    const fetched = await fetchUserFirmware({ url, sha256: line.sha256 }, await library(line), options)
    const { platform, userSha256, sha256, sizeBytes } = fetched
    output.result(
      { fetched },
      `fetched ${fetched.url}: ${sizeBytes} bytes, SHA-256 ${sha256}; ${platform} user firmware ${userSha256}`,
    )
    return exitCodes.ok
  } finally {
    release()
  }
}

export async function exportHexFile(line: CommandLine, output: Output): Promise<ExitCode> {
  const { platform, target, out } = line
  if (platform === null || target === null || out === null) {
    throw new UsageError('firmware hex: wants --platform P, --target VERSION and --out FILE')
  }
  const held = await library(line)
  const user = line.user === null ? null : await userFor(platform, line.user, held)
  const { text, notes } = await makeHex({ platform, deviceOs: target, user }, held)
  try {
    writeFileSync(out, text)
  } catch (thrown) {
    throw new UsageError(`--out ${out}: cannot be written (${(thrown as Error).message})`)
  }
  output.result({ hex: { platform, deviceOs: target, user, file: out, notes } }, `wrote ${out}`)
  for (const note of notes) output.note(note)
  return exitCodes.ok
}

async function userFor(platform: string, file: string, held: FirmwareLibrary): Promise<string> {
  const user = await importUser(file, held)
  if (user.platform === platform) return user.sha256
  throw new UsageError(`--user ${file}: is for ${user.platform}, wanted for ${platform}`)
}
