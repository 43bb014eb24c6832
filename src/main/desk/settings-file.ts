// The settings of a station on disk. A damaged file is put aside, never silently overwritten, and the station starts
// with defaults.
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { hostname } from 'node:os'
import { Fault } from '../../shared/fault/fault.ts'
import { type Settings, settingsSchema } from '../../shared/model/settings.ts'
import type { Log } from '../station/ports.ts'
import { writeAtomically } from './write-atomically.ts'

const defaultSlotCount = 8

export interface SettingsFile {
  current(): Settings
  /** Writes the change to disk before it returns the new settings. Throws CALL_REJECTED when it cannot. */
  change(change: Partial<Settings>): Settings
}

export function defaultSettings(): Settings {
  return {
    stationId: hostname().slice(0, 60) || 'station',
    slots: Array.from({ length: defaultSlotCount }, () => null),
    learnsPorts: true,
    autoStart: true,
    operator: null,
    recipeId: null,
    packId: null,
    simulation: { on: false, boards: 'boron:4,photon:2,p2:2', speed: 10 },
    trustedKeys: [],
    onlySignedPacks: false,
    watchedFolder: null,
    focus: null,
  }
}

/** Throws CALL_REJECTED when the file is there and cannot be read: what it says may not be lost. */
export function openSettings(file: string, log: Log): SettingsFile {
  let settings = readSettings(file, log)
  return {
    current: () => settings,
    change: (change) => {
      const next = settingsSchema.parse({ ...settings, ...change })
      writeAtomically(file, `${JSON.stringify(next, null, 2)}\n`)
      settings = next
      return next
    },
  }
}

function readSettings(file: string, log: Log): Settings {
  if (!existsSync(file)) return defaultSettings()
  const text = readText(file)
  try {
    return settingsSchema.parse(JSON.parse(text))
  } catch (thrown) {
    const aside = `${file}.damaged-${Date.now()}`
    renameSync(file, aside)
    const why = thrown instanceof Error ? thrown.message.replaceAll(/\s+/g, ' ') : String(thrown)
    log.error(`${file}: damaged, put aside as ${aside}; the station starts with default settings (${why})`)
    return defaultSettings()
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    throw new Fault('CALL_REJECTED', `${file}: cannot be read (${String(thrown)})`, { cause: thrown })
  }
}
