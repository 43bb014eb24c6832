// Values of options as text, and what they mean: a number within limits, a platform, a port, an address. What is none of
// these is a UsageError that names the option.
import { type PortPath, parsePortPath } from '../../shared/model/ids.ts'
import { isPlatformName, type PlatformName, platformNames } from '../../shared/model/platform.ts'
import { UsageError } from './usage-error.ts'

interface Limits {
  readonly least: number
  readonly most?: number
  readonly whole?: boolean
  readonly otherwise: number | null
}

export function number(name: string, text: string | undefined, limits: Limits): number | null {
  if (text === undefined) return limits.otherwise
  const value = Number(text)
  const fits = value >= limits.least && value <= (limits.most ?? Number.MAX_VALUE)
  if (text.trim() !== '' && fits && (!limits.whole || Number.isInteger(value))) return value
  const most = limits.most === undefined ? 'or more' : `to ${limits.most}`
  throw new UsageError(`${name} ${text}: wants ${limits.whole ? 'a whole number, ' : ''}${limits.least} ${most}`)
}

export function platform(text: string | undefined): PlatformName | null {
  if (text === undefined || isPlatformName(text)) return text ?? null
  throw new UsageError(`--platform ${text}: wants one of ${platformNames.join(', ')}`)
}

export function sha256(text: string | undefined): string | null {
  if (text === undefined || /^[0-9a-f]{64}$/i.test(text)) return text?.toLowerCase() ?? null
  throw new UsageError(`--sha256 ${text}: wants 64 hexadecimal digits`)
}

export function format(text = 'csv'): 'csv' | 'jsonl' {
  if (text === 'csv' || text === 'jsonl') return text
  throw new UsageError(`--format ${text}: wants csv or jsonl`)
}

/** A physical USB place, as `devices` shows it. */
export function usbPort(name: string, text: string | undefined): PortPath | null {
  if (text === undefined) return null
  const port = parsePortPath(text)
  if (port) return port
  throw new UsageError(`${name} ${text}: wants a USB port as "devices" shows it, such as 1-1.4`)
}

const mostAddress = 0xffff_ffff

/** Decimal or 0x: an address of memory or a count of bytes. */
export function memoryNumber(name: string, text: string | undefined, least = 0): number | null {
  if (text === undefined) return null
  const value = /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= mostAddress) return value
  throw new UsageError(`${name} ${text}: wants ${least} to 0xffffffff, decimal or 0x`)
}

/** An alternate setting by number, or the start of its name. */
export function memory(text: string | undefined): number | string | null {
  if (text === undefined) return null
  return /^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : text
}

/** Four hexadecimal digits, as in "0483:df11". */
export function usbId(name: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const [, digits] = /^(?:0x)?([0-9a-f]{4})$/i.exec(text) ?? []
  if (digits) return Number.parseInt(digits, 16)
  throw new UsageError(`${name} ${text}: wants four hexadecimal digits, such as 0483`)
}

/** bcdDevice as people write it: "1.02" or "0x0102". */
export function revision(name: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const [, whole, part, raw] = /^(?:(\d{1,2})\.(\d{2})|0x([0-9a-f]{4}))$/i.exec(text) ?? []
  if (whole !== undefined) return Number.parseInt(`${whole}${part}`, 16)
  if (raw !== undefined) return Number.parseInt(raw, 16)
  throw new UsageError(`${name} ${text}: wants a version such as 1.02 or 0x0102`)
}
