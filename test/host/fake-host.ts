// USB processes that are none: what they are told is kept, and they say and end as the test wants.
import type { ForkHost, HostExit, HostProcess } from '../../src/main/host/host-process.ts'
import type { FromHost, ToHost } from '../../src/main/host/link.ts'
import type { Clock, Log } from '../../src/main/station/ports.ts'

export interface FakeHost extends HostProcess {
  readonly told: readonly ToHost[]
  readonly environment: Readonly<Record<string, string>>
  readonly bornAt: number
  readonly isKilled: () => boolean
  says(message: FromHost): void
  ends(exit: HostExit): void
}

export interface FakeHosts {
  readonly forkHost: ForkHost
  readonly born: readonly FakeHost[]
  /** The process that lives now, or the last that did. */
  latest(): FakeHost
}

export function fakeHosts(clock: Clock, diesWhenKilled = true): FakeHosts {
  const born: FakeHost[] = []
  return {
    born,
    latest: () => born.at(-1) as FakeHost,
    forkHost: (environment) => {
      const host = fakeHost({ environment, bornAt: clock.monotonic(), pid: 1000 + born.length, diesWhenKilled })
      born.push(host)
      return host
    },
  }
}

function fakeHost(of: {
  readonly environment: Readonly<Record<string, string>>
  readonly bornAt: number
  readonly pid: number
  readonly diesWhenKilled: boolean
}): FakeHost {
  const told: ToHost[] = []
  const messages: ((message: unknown) => void)[] = []
  const exits: ((exit: HostExit) => void)[] = []
  let killed = false
  const host: FakeHost = {
    ...{ told, environment: of.environment, bornAt: of.bornAt, pid: of.pid },
    isKilled: () => killed,
    send: (message) => {
      told.push(message as ToHost)
    },
    onMessage: (listener) => {
      messages.push(listener)
    },
    onExit: (listener) => {
      exits.push(listener)
    },
    kill: () => {
      killed = true
      if (of.diesWhenKilled) host.ends({ signal: 'SIGKILL' })
    },
    says: (message) => {
      for (const listener of messages) listener(message)
    },
    ends: (exit) => {
      for (const listener of exits) listener(exit)
    },
  }
  return host
}

export interface KeptLog extends Log {
  readonly lines: readonly string[]
}

export function keptLog(): KeptLog {
  const lines: string[] = []
  const at = (level: string) => (text: string) => {
    lines.push(`${level}: ${text}`)
  }
  const log: KeptLog = {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => log,
  }
  return log
}
