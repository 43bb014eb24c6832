// The quirks that a station knows by itself, and those with the ones that a user wrote for it.
import { loaderQuirks } from './known-loaders.ts'
import { productQuirks } from './known-products.ts'
import { joinQuirks, parseQuirks, type QuirkBook } from './quirk-file.ts'

/** Text of a quirk file. */
export const knownQuirks = loaderQuirks + productQuirks

/** Name of the user's file in the data folder, and of the origin of its rows. */
export const quirkFileName = 'devices.quirk'

let knownBook: QuirkBook | null = null

/** The built-in rows and those of the user's text, which weigh more. Throws QUIRKS_INVALID for that text. */
export function stationQuirks(userText: string | null): QuirkBook {
  knownBook ??= parseQuirks(knownQuirks, 'built in')
  return userText === null ? knownBook : joinQuirks(knownBook, parseQuirks(userText, quirkFileName))
}
