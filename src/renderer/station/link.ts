// The link of a screen to its station, whichever door the page came through: the preload bridge of the desktop window,
// or HTTP beside the page. The rest of the renderer knows the two verbs and whether the station is there.
import type { CallName, FeedName, StationLink } from '../../shared/contract/contract.ts'
import type { CallOutcome } from '../../shared/contract/define-contract.ts'
import { bridgeLink } from './bridge-link.ts'
import { browserWeb, webLink } from './web-link.ts'

/** lost: no connection, trying again. denied: the door does not know this page (any more); trying again is no use. */
export type Connection = 'connecting' | 'open' | 'lost' | 'denied'

/** A station link that also says whether the station can be reached. The listener is called at once, then on change. */
export interface DoorLink extends StationLink {
  watchConnection(listener: (connection: Connection) => void): () => void
}

/** What the preload script puts on the window. */
export interface StationBridge {
  call(name: CallName, input: unknown): Promise<CallOutcome<unknown>>
  watch(name: FeedName, listener: (frame: unknown) => void): () => void
}

declare global {
  interface Window {
    readonly station?: StationBridge
  }
}

export function openLink(): DoorLink {
  return window.station === undefined ? webLink(browserWeb()) : bridgeLink(window.station)
}
