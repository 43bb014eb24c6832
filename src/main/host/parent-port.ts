// The USB process's end of the line: Node's IPC channel, or the parent port of an Electron utility process.

export interface ParentPort {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** The parent is gone: nobody can commit a record any more. */
  onLost(listener: () => void): void
}

interface UtilityPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
}

/** Signals that a terminal or a service manager sends to the whole group: the parent decides what they mean. */
const parentsSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export function openParentPort(): ParentPort {
  const utility = (process as unknown as { readonly parentPort?: UtilityPort }).parentPort
  if (utility) {
    return {
      send: (message) => utility.postMessage(message),
      onMessage: (listener) => utility.on('message', (event) => listener(event.data)),
      onLost: () => undefined,
    }
  }
  for (const signal of parentsSignals) process.on(signal, () => undefined)
  return {
    send: (message) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
    },
    onMessage: (listener) => {
      process.on('message', listener)
    },
    onLost: (listener) => {
      process.on('disconnect', listener)
    },
  }
}
