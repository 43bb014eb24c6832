// What a verification found, line by line, as the station names it in the fault: modules, assets, flags and whatever else
// the board should not have. What the recipe wants is looked up beside it where it is a module.

import type { FaultReport } from '../../../shared/fault/fault.ts'
import { addressText } from '../../../shared/model/address.ts'
import { moduleName } from '../../../shared/model/module.ts'
import type { ImageRecord, ModuleRecord } from '../../../shared/model/record.ts'
import type { JobView } from '../../../shared/model/slot.ts'
import { deviceTexts } from '../../text/device.ts'
import { slotTexts } from '../../text/slot.ts'

export interface Difference {
  /** "system 1", "asset cat.txt", "set-up flag" */
  readonly name: string
  /** What was found, in the words of the station. */
  readonly text: string
  /** "version 2301": where the board says so and it is not the one wanted. */
  readonly found: string | null
  /** "system 1: 2301, not 4002": what a tile has room for. */
  readonly short: string
  /** Null where it is no module of the recipe. */
  readonly wanted: string | null
}

type Targets = Pick<JobView, 'modules' | 'images'>

/** In the order of the plan; empty for every other fault. */
export function differencesOf(fault: FaultReport | null, targets: Targets | null): readonly Difference[] {
  if (fault?.code !== 'BOARD_DIFFERS') return []
  const { modules, images } = targets ?? { modules: [], images: [] }
  return fault.detail.split('; ').map((line) => pieceDifference(line, images) ?? differenceOf(line, modules))
}

/** Of a piece of an image the station names the memory and its address: "Internal Flash at 0x08000000 differs from ...". */
function pieceDifference(line: string, images: readonly ImageRecord[]): Difference | null {
  const places = images.map(({ memory, address }) =>
    address === null ? memory : deviceTexts.placeOf(memory, addressText(address)),
  )
  const name = places.filter((place) => line.startsWith(`${place} `)).sort((a, b) => b.length - a.length)[0]
  return name === undefined ? null : { name, text: line.slice(name.length + 1), found: null, short: line, wanted: null }
}

function differenceOf(line: string, modules: readonly ModuleRecord[]): Difference {
  const end = line.indexOf(': ')
  const name = end < 0 ? '' : line.slice(0, end)
  const module = modules.find((each) => each.kind !== 'asset' && moduleName(each) === name)
  const text = end < 0 ? line : line.slice(end + 2)
  const base = { name, text, wanted: module === undefined ? null : slotTexts.versionOf(module.target) }
  if (module === undefined || module.before === null || module.before === module.target) {
    return { ...base, found: null, short: line }
  }
  const { before, target } = module
  return { ...base, found: slotTexts.versionOf(before), short: slotTexts.shortDifference(name, before, target) }
}
