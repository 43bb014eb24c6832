// Who may speak to the station: the main frame of our own window, showing our own page.
import { pageOrigin } from '../page-address.ts'

/** What is looked at of an IPC event. The frame is null when it is already gone. */
export interface SenderFacts {
  readonly sender: unknown
  readonly senderFrame: { readonly origin: string; readonly parent: unknown } | null
}

export function isTrustedSender(event: SenderFacts, page: unknown): boolean {
  const { sender, senderFrame } = event
  return sender === page && senderFrame !== null && senderFrame.parent === null && senderFrame.origin === pageOrigin
}
