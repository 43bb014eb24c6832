// Which bcdDevice the program must report when all is done: the one the recipe names, else the one that a cabinet states,
// where that reads as one.
import { Fault } from '../../../shared/fault/fault.ts'
import type { DeviceTarget } from '../../../shared/model/firmware-view.ts'

export interface WantedRevision {
  readonly revision: number
  /** The recipe demands it: also a program that cannot be asked has not reported it then. */
  readonly isDemanded: boolean
}

/** null where nothing says which. */
export function wantedRevision({ wish, image }: DeviceTarget): WantedRevision | null {
  if (wish.version !== null) {
    const revision = revisionOf(wish.version)
    if (revision === null) throw new Fault('RECIPE_INVALID', `${wish.version} is no bcdDevice`)
    return { revision, isDemanded: true }
  }
  const stated = image?.version ? revisionOf(image.version) : null
  return stated === null ? null : { revision: stated, isDemanded: false }
}

/** "1.02", and "1.2" as tools print the same, are 0x0102; "0x0102" is itself. null for other forms. */
function revisionOf(text: string): number | null {
  const raw = /^0x([0-9a-f]{4})$/i.exec(text)?.[1]
  if (raw !== undefined) return Number.parseInt(raw, 16)
  const [, major, minor] = /^(\d{1,2})\.(\d{1,2})$/.exec(text) ?? []
  if (major === undefined || minor === undefined) return null
  return Number.parseInt(`${major}${minor.padStart(2, '0')}`, 16)
}
