// Names inside an archive: decoded strictly and refused when they could mean a place outside of it. Nothing is ever
// written under these names, but they are shown, and they decide which set a file belongs to.
import { viewOf } from './module-format.ts'
import type { Refuse } from './refusal.ts'

const longestName = 1024
const unicodePathField = 0x7075

export function decodeName(bytes: Uint8Array, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (thrown) {
    return refuse('UNSAFE_PATH', 'an entry has a name that is not UTF-8', thrown)
  }
}

/** Relative, with forward slashes, without empty, "." or ".." parts, control characters or a drive letter. */
export function checkEntryName(name: string, refuse: Refuse): void {
  const shown = JSON.stringify(name.slice(0, 80))
  if (name.length === 0 || name.length > longestName) refuse('UNSAFE_PATH', `${shown} is not a file name`)
  if (name.startsWith('/')) refuse('UNSAFE_PATH', `${shown} is an absolute path`)
  if (name.includes('\\') || /^[A-Za-z]:/.test(name)) refuse('UNSAFE_PATH', `${shown} is a Windows path`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) refuse('UNSAFE_PATH', `${shown} has control characters`)
  const parts = name.replace(/\/$/, '').split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    refuse('UNSAFE_PATH', `${shown} climbs out of its folder`)
  }
}

/** The name in an Info-ZIP Unicode Path field, which other readers prefer; `name` when there is none. */
export function secondNameOf(extra: Uint8Array, name: string): string {
  const view = viewOf(extra)
  let at = 0
  while (at + 4 <= extra.length) {
    const size = view.getUint16(at + 2, true)
    const data = extra.subarray(at + 4, at + 4 + size)
    if (view.getUint16(at, true) === unicodePathField) return new TextDecoder().decode(data.subarray(5))
    at += 4 + size
  }
  return name
}
