// Makes the desk: opens what it owns, closes what an earlier run left open, starts the USB process, joins the handlers.
import type { FeedFrame, FeedName } from '../../shared/contract/contract.ts'
import type { ImportProgress } from '../../shared/model/firmware-view.ts'
import type { PacksView } from '../../shared/model/pack-view.ts'
import { benchCalls } from './bench-desk.ts'
import { madeFile } from './data-folder.ts'
import type { Desk, DeskOptions } from './desk.ts'
import { createDeskListeners, listen } from './desk-listeners.ts'
import { examineStation } from './examine-station.ts'
import { firmwareCalls } from './firmware-desk.ts'
import { supplyCalls } from './firmware-supply-desk.ts'
import { imageCalls } from './image-desk.ts'
import { ledgerCalls } from './ledger-desk.ts'
import { askAboutPack, openPack } from './open-pack.ts'
import { openState } from './open-state.ts'
import { packCalls, watchPacks } from './pack-desk.ts'

/**
 * Throws LEDGER_IN_USE, USB_IN_USE, LEDGER_DAMAGED, LEDGER_TOO_NEW or LEDGER_UNWRITABLE when the station must not start, and
 * CALL_REJECTED when its settings cannot be read.
 */
export async function createDesk(options: DeskOptions): Promise<Desk> {
  const listeners = createDeskListeners(options.log)
  const state = await openState(options, listeners)
  let closing: Promise<void> | null = null
  const close = () => {
    closing ??= state.close()
    return closing
  }
  try {
    await state.restartUsb()
    state.watched.watch(state.settings.current().watchedFolder)
  } catch (thrown) {
    await close()
    throw thrown
  }
  return {
    handlers: {
      ...benchCalls(state),
      ...firmwareCalls(state),
      ...imageCalls(state),
      ...supplyCalls(state),
      ...ledgerCalls(state),
      ...packCalls(state),
      examineStation: async () => examineStation(state.folder.root),
    },
    watch: <N extends FeedName>(feed: N, listener: (frame: FeedFrame<N>) => void) => {
      // Each feed has a frame type of its own; the name decides which, and the two stay together here.
      if (feed === 'bench') return state.mirror.watch(listener as Parameters<typeof state.mirror.watch>[0])
      if (feed === 'packs') return watchPacks(state, listeners, listener as (frame: PacksView) => void)
      return listen(listeners.imports, listener as (frame: ImportProgress) => void)
    },
    exportText: (format, filter) =>
      format === 'csv' ? state.ledger.exportCsv(filter) : state.ledger.exportJsonLines(filter),
    onRecord: (listener) => listen(listeners.records, listener),
    onBenchDone: (listener) => listen(listeners.benchDone, listener),
    openPack: (word) => openPack(state, word),
    askAboutPack: (word) => askAboutPack(state, word),
    madeFile: (name) => madeFile(state.folder, name),
    close,
  }
}
