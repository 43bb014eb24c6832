// The contract over Electron's IPC: two channels in all, and the only file that may touch ipcMain. Every sender is
// checked, every input is checked by serveCall, and every answer is an outcome: an error thrown here would reach the
// page as its message only.
import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron/main'
import { feedNames } from '../../shared/contract/contract.ts'
import type { CallOutcome } from '../../shared/contract/define-contract.ts'
import { serveCall } from '../../shared/contract/serve-call.ts'
import type { Desk } from '../desk/desk.ts'
import { isTrustedSender } from './guards/trusted-sender.ts'

const maxWatches = 64

export interface ServeContractOptions {
  readonly desk: Desk
  /** The page of our window: the only one that may ask. */
  readonly page: WebContents
  readonly onRefused: (what: string) => void
}

export function serveContract({ desk, page, onRefused }: ServeContractOptions): void {
  ipcMain.handle('station:call', (event: IpcMainInvokeEvent, name: unknown, input: unknown) => {
    if (isTrustedSender(event, page)) return serveCall(desk.handlers, String(name), input)
    onRefused('a call from a page that is not ours')
    return refused
  })
  const watches = createWatches(desk, page)
  ipcMain.on('station:feed', (event: IpcMainEvent, asked: unknown) => {
    if (!isTrustedSender(event, page)) onRefused('a watch from a page that is not ours')
    else if (!isWatchRequest(asked)) onRefused('a watch that is none')
    else watches.change(asked)
  })
  // A page that goes takes its watches with it; the next one begins with none.
  page.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) watches.stopAll()
  })
  page.on('render-process-gone', () => watches.stopAll())
  page.on('destroyed', () => watches.stopAll())
}

const refused: CallOutcome<never> = {
  ok: false,
  fault: { code: 'CALL_REJECTED', detail: 'this page may not ask the station' },
}

/** `watch` names a feed, or is null to end the watch of this id. */
interface WatchRequest {
  readonly id: number
  readonly watch: (typeof feedNames)[number] | null
}

function isWatchRequest(asked: unknown): asked is WatchRequest {
  if (typeof asked !== 'object' || asked === null || !('id' in asked) || !('watch' in asked)) return false
  return Number.isSafeInteger(asked.id) && (asked.watch === null || feedNames.some((name) => name === asked.watch))
}

function createWatches(desk: Desk, page: WebContents) {
  const stops = new Map<number, () => void>()
  const stop = (id: number) => {
    stops.get(id)?.()
    stops.delete(id)
  }
  return {
    change: ({ id, watch }: WatchRequest) => {
      stop(id)
      if (watch === null || stops.size >= maxWatches) return
      const send = (frame: unknown) => {
        if (!page.isDestroyed()) page.send('station:feed', id, frame)
      }
      stops.set(id, desk.watch(watch, send))
    },
    stopAll: () => {
      for (const id of [...stops.keys()]) stop(id)
    },
  }
}
