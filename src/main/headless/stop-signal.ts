// The person, the terminal or the system asks the process to end. Asking again changes nothing: a Ctrl-C under npm comes
// twice, and every way of ending has its deadline.

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface StopSignal extends Disposable {
  readonly signal: AbortSignal
}

/** Until it is disposed of, the process does not end by these signals. */
export function listenForStop(): StopSignal {
  const stopped = new AbortController()
  const stop = () => stopped.abort()
  for (const name of endings) process.on(name, stop)
  return {
    signal: stopped.signal,
    [Symbol.dispose]: () => {
      for (const name of endings) process.off(name, stop)
    },
  }
}
