// quirks: how DFU devices depart from the standard, as this station treats them: the whole table, or what is in force for
// one device. Looks at files only; no device need be plugged in.
import { faultFrom } from '../../../shared/fault/fault.ts'
import { dataFolderAt } from '../../desk/data-folder.ts'
import { readUserQuirks } from '../../desk/user-quirks.ts'
import { stationQuirks } from '../../station/devices/known-quirks.ts'
import { type QuirkRow, quirkText } from '../../station/devices/quirk-file.ts'
import { habitOfFlag, isUsedKey } from '../../station/devices/quirk-vocabulary.ts'
import type { CommandLine } from '../arguments.ts'
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-codes.ts'
import { type Output, oneLine } from '../output.ts'
import { namedDevice, quirksOf } from '../quirks-of.ts'
import { UsageError } from '../usage-error.ts'

/** 2 when the user's file has a mistake: what is shown then is without it, as the station works. */
export async function quirks(line: CommandLine, output: Output): Promise<ExitCode> {
  const { text, fault } = readUserQuirks(dataFolderAt(line.data).quirks)
  const book = stationQuirks(text)
  const [, name] = line.words
  if (name === undefined) for (const row of book.rows) tellRow(row, output)
  else tellDevice(name, book, output)
  if (!fault) return exitCodes.ok
  const told = faultFrom(fault)
  output.note(told.message)
  return exitCodeOf(told)
}

/** All rows together are a quirk file again. */
function tellRow(row: QuirkRow, output: Output): void {
  const unused = unusedWords(row)
  const comment = unused.length === 0 ? '' : `\n# not used here: ${unused.join(', ')}`
  output.result({ ...row, unused }, `# ${row.origin}, line ${row.line}${comment}\n${quirkText(row)}\n`)
}

function unusedWords({ values }: QuirkRow): readonly string[] {
  const flags = values.flatMap(({ key, value }) => (key === 'Flags' ? value.split(',') : []))
  const words = flags.map((flag) => flag.trim().replace(/^~/, '')).filter((flag) => flag !== '')
  const keys = values.map(({ key }) => key).filter((key) => !isUsedKey(key))
  return [...words.filter((flag) => habitOfFlag(flag) === null), ...keys]
}

function tellDevice(name: string, book: ReturnType<typeof stationQuirks>, output: Output): void {
  const named = namedDevice(name)
  if (!named) throw new UsageError(`quirks: wants a device as 1d50:5119 or USB\\VID_1D50&PID_5119: ${oneLine(name)}`)
  const report = quirksOf(named, book)
  const { usbId, instances, inForce, sharedLoader } = report
  const lines = [
    usbId,
    ...instances.map(({ instanceId, guid }) => `  ${guid}  ${instanceId}`),
    ...(sharedLoader ? [`  many products share this loader: ${sharedLoader}`] : []),
    ...inForce.flatMap(({ revision, quirks: words, unused, rows }) => [
      `  ${revision === null ? 'in force' : `in force at revision ${revision}`}: ${words.join(', ') || 'nothing'}`,
      ...(unused.length === 0 ? [] : [`    not used here: ${unused.join(', ')}`]),
      ...rows.map(({ section, origin, line }) => `    from [${section}], ${origin}, line ${line}`),
    ]),
  ]
  output.result(report, lines.join('\n'))
}
