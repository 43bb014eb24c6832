// The quirks that the user of this station wrote: a file in the data folder, read whenever a USB process starts. One with a
// mistake is not in force, and everybody sees why: half a file could have a device treated in a way that nobody meant.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { asFault, describeFault, Fault, type FaultReport, reportOf } from '../../shared/fault/fault.ts'
import { stationQuirks } from '../station/devices/known-quirks.ts'
import type { StationCommand } from '../station/station-command.ts'
import type { StationState } from './station-state.ts'

export interface UserQuirks {
  /** Empty where there is no file, and where it has a mistake. */
  readonly text: string
  readonly fault: FaultReport | null
}

const mostBytes = 4 * 1024 * 1024

/** Never throws: a mistake is in `fault`, with file and line (QUIRKS_INVALID). */
export function readUserQuirks(file: string): UserQuirks {
  try {
    const text = existsSync(file) ? readText(file) : ''
    stationQuirks(text)
    return { text, fault: null }
  } catch (thrown) {
    const fault = asFault(thrown)
    return { text: '', fault: reportOf(fault) }
  }
}

/** What a USB process that starts is told; a mistake in the file is shown on the station. */
export function tellQuirks({ folder, mirror, log }: Pick<StationState, 'folder' | 'mirror' | 'log'>): StationCommand {
  const { text, fault } = readUserQuirks(folder.quirks)
  const quirkWarning = fault ? `${describeFault(fault).title}: ${fault.detail}` : null
  if (quirkWarning !== null) log.error(quirkWarning)
  mirror.changeStation({ quirkWarning })
  return { kind: 'quirks', text }
}

function readText(file: string): string {
  try {
    const stats = statSync(file)
    if (!stats.isFile()) throw new TypeError('it is no file')
    if (stats.size > mostBytes) throw new RangeError(`larger than ${mostBytes} bytes`)
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new Fault('QUIRKS_INVALID', `${file} cannot be read: ${why}`, { cause: thrown })
  }
}
