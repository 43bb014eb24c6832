// The USB process as its owner sees it, whatever forked it: a child of Node or a utility process of Electron.

/** Why the process ended: an exit code, or the name of the signal that killed it. */
export type HostExit = { readonly code: number } | { readonly signal: string }

export interface HostProcess {
  readonly pid: number | undefined
  /** Structured clones only. Silently dropped once the process has ended. */
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  onExit(listener: (exit: HostExit) => void): void
  kill(): void
}

/** Starts src/main/host/station-host (built or source) with an environment of its own. */
export type ForkHost = (environment: Readonly<Record<string, string>>) => HostProcess
