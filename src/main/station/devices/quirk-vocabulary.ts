// The words of a quirk file that mean something here: fwupd's flags and keys for DFU, and which habit each of them is. All
// other words are other programs' business.
import type { DfuHabits } from '../dfu/habits.ts'

type Switches = { [K in keyof DfuHabits as DfuHabits[K] extends boolean ? K : never]: true }
export type HabitSwitch = keyof Switches

export const flagHabits: Readonly<Record<string, HabitSwitch>> = {
  'absent-sector-size': 'absentSectorSize',
  'allow-zero-polltimeout': 'allowZeroPollTimeout',
  'attach-extra-reset': 'attachExtraReset',
  'attach-upload-download': 'attachUploadDownload',
  'detach-for-attach': 'detachForAttach',
  'force-dfu-mode': 'forceDfuMode',
  gd32: 'gd32',
  'ignore-polltimeout': 'ignorePollTimeout',
  'ignore-upload': 'ignoreUpload',
  'index-force-detach': 'indexForceDetach',
  'legacy-protocol': 'legacyProtocol',
  'manifest-poll': 'manifestPoll',
  'needs-bootloader': 'needsBootloader',
  'no-bus-reset-attach': 'noBusResetAttach',
  'no-dfu-runtime': 'noDfuRuntime',
  'no-get-status-upload': 'noGetStatusUpload',
  'no-pid-change': 'noPidChange',
  'use-any-interface': 'useAnyInterface',
  'will-disappear': 'willDisappear',
}

/** Keys whose value is a number, with what it may be. */
export const numberKeys = {
  DfuForceVersion: { least: 0, most: 0xffff },
  DfuForceTimeout: { least: 1, most: 600_000 },
  DfuForceTransferSize: { least: 1, most: 0xffff },
  RemoveDelay: { least: 0, most: 600_000 },
} as const

export type NumberKey = keyof typeof numberKeys

export function isNumberKey(key: string): key is NumberKey {
  return Object.hasOwn(numberKeys, key)
}

/** Keys that only name things, or that every DFU row has. */
const silentKeys: ReadonlySet<string> = new Set(['Flags', 'Plugin', 'Name', 'Vendor', 'Summary', 'Icon'])

/** False for a key that means nothing here. */
export function isUsedKey(key: string): boolean {
  return isNumberKey(key) || silentKeys.has(key)
}

/** The habit of a flag; null for a flag that means nothing here. */
export function habitOfFlag(flag: string): HabitSwitch | null {
  return Object.hasOwn(flagHabits, flag) ? (flagHabits[flag] ?? null) : null
}

/**
 * A number as fwupd writes it: hexadecimal with 0x, else decimal; null where it is neither. bcdDFUVersion must be
 * hexadecimal, or 0: "0110" without 0x would be 110, which nobody means.
 */
export function quirkNumber(key: NumberKey, text: string): number | null {
  if (!/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) return null
  const value = Number(text)
  if (key === 'DfuForceVersion' && value !== 0 && !/^0x/i.test(text)) return null
  const { least, most } = numberKeys[key]
  return value >= least && value <= most ? value : null
}
