// Text of a quirk file to its rows and back: fwupd's key-file syntax, one section for each device. It must not know what a
// flag does; numbers are checked here, so that a mistake is told with its line.
import { Fault } from '../../../shared/fault/fault.ts'
import { isNumberKey, quirkNumber } from './quirk-vocabulary.ts'

export interface QuirkValue {
  readonly key: string
  readonly value: string
}

/** One section: what is said of the devices of one name. */
export interface QuirkRow {
  /** Instance id in capitals, GUID in small letters, or the name as it stands where it is another program's. */
  readonly section: string
  readonly values: readonly QuirkValue[]
  /** "built in", or the name of the file. */
  readonly origin: string
  /** Of the section, from 1. */
  readonly line: number
}

export interface QuirkBook {
  /** In the order of their files; what is said later weighs more. */
  readonly rows: readonly QuirkRow[]
}

const mostChars = 1_000_000
const shownChars = 60
const guidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** Older files say what kind of name a section has; nothing depends on it. */
const namePrefix = /^(DeviceInstanceId|Guid|HwId)=/

/** Throws QUIRKS_INVALID with file and line. Unknown keys and flags are kept. */
export function parseQuirks(text: string, origin: string): QuirkBook {
  if (text.length > mostChars) throw new Fault('QUIRKS_INVALID', `${origin}: longer than ${mostChars} characters`)
  const rows: (QuirkRow & { readonly values: QuirkValue[] })[] = []
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim()
    const at = { origin, line: index + 1 }
    if (line === '' || line.startsWith('#')) continue
    const row = rows.at(-1)
    if (line.startsWith('[')) rows.push({ section: sectionOf(line, at), values: [], ...at })
    else if (row) row.values.push(pairOf(line, at))
    else throw refusal(at, 'there is no [section] above it', line)
  }
  return { rows }
}

export function joinQuirks(...books: readonly QuirkBook[]): QuirkBook {
  return { rows: books.flatMap(({ rows }) => rows) }
}

/** A row as it could stand in a file. */
export function quirkText({ section, values }: Pick<QuirkRow, 'section' | 'values'>): string {
  return [`[${section}]`, ...values.map(({ key, value }) => `${key} = ${value}`)].join('\n')
}

export function isGuid(text: string): boolean {
  return guidForm.test(text)
}

interface Place {
  readonly origin: string
  readonly line: number
}

function sectionOf(line: string, at: Place): string {
  const name = /^\[(.*)\]$/.exec(line)?.[1]?.trim().replace(namePrefix, '')
  if (!name) throw refusal(at, 'a section is [a name in brackets]', line)
  if (isGuid(name)) return name.toLowerCase()
  if (!/^usb\\/i.test(name)) return name
  const upper = name.toUpperCase()
  if (/^USB\\(VID|CLASS)_/.test(upper) && !isUsbName(upper)) throw refusal(at, 'this names no USB device', line)
  return upper
}

function isUsbName(name: string): boolean {
  return (
    /^USB\\VID_[0-9A-F]{4}(&PID_[0-9A-F]{4}(&REV_[0-9A-F]{4})?)?$/.test(name) ||
    /^USB\\CLASS_[0-9A-F]{2}(&SUBCLASS_[0-9A-F]{2}(&PROT_[0-9A-F]{2})?)?$/.test(name)
  )
}

function pairOf(line: string, at: Place): QuirkValue {
  const sign = line.indexOf('=')
  const key = line.slice(0, Math.max(0, sign)).trim()
  const value = line.slice(sign + 1).trim()
  if (sign < 0 || key === '') throw refusal(at, 'a line is a section, a comment or "Key = value"', line)
  if (isNumberKey(key) && quirkNumber(key, value) === null) throw refusal(at, `${key} cannot have this value`, line)
  return { key, value }
}

/** What the line holds goes to a screen: no control characters, and not much of it. */
function refusal({ origin, line }: Place, why: string, text: string): Fault {
  const shown = [...text.slice(0, 2 * shownChars)].slice(0, shownChars).join('').replaceAll(/\p{C}/gu, '?')
  return new Fault('QUIRKS_INVALID', `${origin}, line ${line}: ${why}: ${shown}`)
}
