// Opens what a desk has of packs: those it took, its keys, and the folder that brings new ones.
import type { Log } from '../station/ports.ts'
import { systemClock } from '../station/system-clock.ts'
import type { DataFolder } from './data-folder.ts'
import type { DeskListeners } from './desk-listeners.ts'
import { considerPack } from './follow-packs.ts'
import { openPackKeys } from './pack-keys.ts'
import { openPackShelf } from './pack-shelf.ts'
import type { SettingsFile } from './settings-file.ts'
import type { StationState } from './station-state.ts'
import { openWatchedFolder } from './watched-folder.ts'

interface OpenPacksWith {
  readonly folder: DataFolder
  readonly settings: SettingsFile
  readonly listeners: DeskListeners
  readonly log: Log
}

/** The state is complete only afterwards: it is asked for when a pack comes. */
export function openPacks(
  stateOf: () => StationState,
  { folder, settings, listeners, log }: OpenPacksWith,
): Pick<StationState, 'packs' | 'keys' | 'watched' | 'tellPacks'> {
  const tellPacks = () => listeners.tell(listeners.packs, null)
  return {
    packs: openPackShelf(folder.packs, log),
    keys: openPackKeys({ file: folder.signingKey, settings, clock: systemClock, log }),
    watched: openWatchedFolder({
      ...{ clock: systemClock, log, changed: tellPacks },
      consider: (file, path) => considerPack(stateOf(), file, path),
    }),
    tellPacks,
  }
}
