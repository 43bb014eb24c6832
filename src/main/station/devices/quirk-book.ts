// What quirks are in force for one device: all rows that name it, the more general ones first, and what they add up to. It
// reads ids and descriptors and never asks the device.
import { type DfuHabits, plainHabits } from '../dfu/habits.ts'
import { guidOf, type QuirkedDevice, quirkNamesOf } from './instance-ids.ts'
import type { QuirkBook, QuirkRow } from './quirk-file.ts'
import {
  type HabitSwitch,
  habitOfFlag,
  isNumberKey,
  isUsedKey,
  type NumberKey,
  quirkNumber,
} from './quirk-vocabulary.ts'

export interface QuirksInForce {
  readonly habits: DfuHabits
  /** What is in force, in fwupd's words: "ignore-polltimeout", "DfuForceTimeout=5000". */
  readonly quirks: readonly string[]
  /** What the rows say besides and means nothing here: other programs' flags and keys. */
  readonly unused: readonly string[]
  /** RemoveDelay: how long the device may stay away when it starts anew; null where nothing is said. */
  readonly returnPatienceMs: number | null
  /** DfuForceVersion = 0: whatever its descriptors say, it is no DFU device. */
  readonly isNoDfuDevice: boolean
  readonly rows: readonly QuirkRow[]
}

/**
 * Rows that name the device add up, from the class of an interface over its vendor and its product to its revision; of
 * two for the same name the later one weighs more. Flags add up, too, and "~flag" takes one away; of other keys the last
 * value holds.
 */
export function habitsOf(book: QuirkBook, device: QuirkedDevice): QuirksInForce {
  const rows = quirkNamesOf(device).flatMap((name) => rowsOf(book, name))
  const values = new Map<string, string>()
  const flags = new Set<string>()
  for (const { key, value } of rows.flatMap((row) => row.values)) {
    if (key === 'Flags') takeFlags(flags, value)
    else values.set(key, value)
  }
  const number = (key: NumberKey): number | null => quirkNumber(key, values.get(key) ?? '')
  const numbers = [...values].filter(([key]) => isNumberKey(key)).map(([key, value]) => `${key}=${value}`)
  const strange = [...values.keys()].filter((key) => !isUsedKey(key))
  return {
    habits: {
      ...plainHabits,
      ...switches(flags),
      forcedVersion: number('DfuForceVersion'),
      forcedTimeoutMs: number('DfuForceTimeout'),
      forcedTransferBytes: number('DfuForceTransferSize'),
    },
    quirks: [...[...flags].filter((flag) => habitOfFlag(flag) !== null), ...numbers],
    unused: [...[...flags].filter((flag) => habitOfFlag(flag) === null), ...strange],
    returnPatienceMs: number('RemoveDelay'),
    isNoDfuDevice: number('DfuForceVersion') === 0,
    rows,
  }
}

function rowsOf({ rows }: QuirkBook, name: string): readonly QuirkRow[] {
  const guid = guidOf(name)
  return rows.filter(({ section }) => section === name || section === guid)
}

function takeFlags(flags: Set<string>, list: string): void {
  for (const word of list.split(',').map((each) => each.trim())) {
    if (word.startsWith('~')) flags.delete(word.slice(1).trim())
    else if (word !== '') flags.add(word)
  }
}

function switches(flags: ReadonlySet<string>): Partial<Record<HabitSwitch, boolean>> {
  const on = [...flags].map(habitOfFlag).filter((habit) => habit !== null)
  return Object.fromEntries(on.map((habit) => [habit, true]))
}
