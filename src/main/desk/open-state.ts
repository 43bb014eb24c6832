// Opens all that a desk owns and closes what an earlier run left open. The USB process is started, and started anew on
// another bus, by `restartUsb`.
import { asFault, Fault } from '../../shared/fault/fault.ts'
import type { Ledger } from '../audit/ledger.ts'
import { openLedger } from '../audit/open-ledger.ts'
import { softwareVersion } from '../software-version.ts'
import { openLibrary } from '../station/firmware/library.ts'
import type { FirmwareLibrary } from '../station/firmware/library-model.ts'
import type { Log } from '../station/ports.ts'
import { systemClock } from '../station/system-clock.ts'
import { createBenchMirror } from './bench-mirror.ts'
import { openBenchPorts } from './bench-ports.ts'
import { busOf } from './bus-of.ts'
import { openDataFolder } from './data-folder.ts'
import type { DeskOptions } from './desk.ts'
import type { DeskListeners } from './desk-listeners.ts'
import { emptyStation } from './empty-station.ts'
import { createTurns } from './in-turn.ts'
import { openPacks } from './open-packs.ts'
import { openRecipeShelf } from './recipe-shelf.ts'
import { keepRecords } from './record-keeper.ts'
import { recordClosed } from './run-usb.ts'
import { openSettings } from './settings-file.ts'
import type { StationState } from './station-state.ts'
import { removeAbandonedUploads } from './upload-folder.ts'
import { ownUsb, type UsbOwner } from './usb-owner.ts'

export type OpenState = StationState & { readonly close: () => Promise<void> }

export async function openState(options: DeskOptions, listeners: DeskListeners): Promise<OpenState> {
  const { log } = options
  const ending = new AbortController()
  const folder = openDataFolder(options.dataFolder)
  const settings = openSettings(folder.settings, log)
  const { stationId, autoStart, operator } = settings.current()
  const ledger = openLedger({ file: folder.ledger, stationId, softwareVersion, clock: systemClock })
  const { closedAtStart, library } = await afterOpening(ledger, folder.library, log)
  removeAbandonedUploads(folder.root)
  const mirror = createBenchMirror({
    ...emptyStation,
    stationId,
    autoStart: options.autoStart ?? autoStart,
    focus: settings.current().focus,
    operator,
    closedAtStart,
    isSimulated: busOf({ options, settings }).kind === 'simulated',
  })
  const records = keepRecords({
    ...{ ledger, clock: systemClock, log },
    onClosed: (closing) => recordClosed(state, listeners, closing),
  })
  const usb: UsbOwner = ownUsb(() => state, listeners)
  const state: OpenState = {
    ...{ options, folder, settings, ledger, records, library, mirror, log },
    recipes: openRecipeShelf(folder.recipes, log),
    resolved: { recipe: null },
    inRecipeTurn: createTurns(),
    ...openPacks(() => state, { folder, settings, listeners, log }),
    ending: ending.signal,
    ports: openBenchPorts({ options, settings }),
    clock: systemClock,
    tellImport: (progress) => listeners.tell(listeners.imports, progress),
    command: usb.command,
    restartUsb: usb.restart,
    close: () => {
      ending.abort(new Fault('JOB_ABORTED', 'the station is closing'))
      state.watched[Symbol.dispose]()
      return usb.close(() => {
        records[Symbol.dispose]()
        ledger[Symbol.dispose]()
      })
    },
  }
  return state
}

/** What an earlier run left open is closed before anything else is done; a ledger that fails in this lets go of its lock. */
async function afterOpening(
  ledger: Ledger,
  libraryFolder: string,
  log: Log,
): Promise<{ readonly closedAtStart: number; readonly library: FirmwareLibrary }> {
  try {
    const cut = ledger.closeInterrupted({ code: 'STATION_CRASHED', detail: 'found open when the station started' })
    const records = cut.length === 1 ? '1 record was' : `${cut.length} records were`
    if (cut.length > 0) log.warn(`${records} found open after the last run, and closed as interrupted`)
    return { closedAtStart: cut.length, library: await openLibrary(libraryFolder, { clock: systemClock }) }
  } catch (thrown) {
    ledger[Symbol.dispose]()
    throw asFault(thrown)
  }
}
