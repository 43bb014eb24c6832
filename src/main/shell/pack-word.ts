// Which pack a line of words means: a file that a person named or opened, or a link. A link can come from any web page,
// so it carries a name and nothing else: no path, no address, no other wish.
import { resolve } from 'node:path'
import { packNameSchema } from '../../shared/model/pack-name.ts'
import type { PackWord } from '../desk/open-pack.ts'

export const linkScheme = 'dfu-station'

export interface AskedPack {
  readonly word: PackWord
  /** A person must agree before the station changes over. */
  readonly mustAsk: boolean
}

/** The last one among the words of a command line; `folder` is where relative names start. Null for none. */
export function askedPack(words: readonly string[], folder: string): AskedPack | null {
  const asked = words.flatMap((word) => (isLink(word) ? (linkedPack(word) ?? []) : (packFile(word, folder) ?? [])))
  return asked.at(-1) ?? null
}

function isLink(word: string): boolean {
  return word.toLowerCase().startsWith(`${linkScheme}:`)
}

function packFile(word: string, folder: string): AskedPack | null {
  const isFile = !word.startsWith('-') && word.toLowerCase().endsWith('.dfupack')
  return isFile ? { word: { file: resolve(folder, word) }, mustAsk: false } : null
}

/** "dfu-station://open?pack=Line%203"; null for anything else. */
export function linkedPack(link: string): AskedPack | null {
  const url = URL.parse(link)
  if (!url || url.protocol !== `${linkScheme}:` || url.host.toLowerCase() !== 'open' || !/^\/?$/.test(url.pathname))
    return null
  if (url.username !== '' || url.password !== '' || url.hash !== '') return null
  const [[key, text] = ['', ''], ...more] = [...url.searchParams]
  const name = packNameSchema.safeParse(text)
  return key === 'pack' && more.length === 0 && name.success ? { word: { name: name.data }, mustAsk: true } : null
}
