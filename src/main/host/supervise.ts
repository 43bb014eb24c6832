// Watches over the USB process: starts it, notices its death and its silence, starts it again after 1, 5 and 30 seconds, then stops
// and says so. A half-written board is never resumed: what was open is closed as interrupted by the owner of the ledger.
import { asFault, Fault } from '../../shared/fault/fault.ts'
import type { Clock, Log } from '../station/ports.ts'
import type { ForkHost, HostExit, HostProcess } from './host-process.ts'
import type { FromHost, HostWords, ToHost } from './link.ts'
import { type SignOfLife, watchSignOfLife } from './sign-of-life.ts'

const restartDelaysMs = [1_000, 5_000, 30_000] as const
/** A process that has lived this long has earned its restarts back. */
const provenAfterMs = 60_000
/** A process that hangs in the kernel outlives even a kill; nobody waits for it longer than this. */
const killedWithinMs = 2_000

export interface SuperviseOptions {
  readonly forkHost: ForkHost
  readonly environment: Readonly<Record<string, string>>
  readonly clock: Clock
  readonly log: Log
  readonly onMessage: (message: HostWords) => void
  /** A new process is there and waits for its configuration. */
  readonly onStarted: () => void
  /** The process died by itself, or hung and was killed. `willRestart` is false when it is given up. */
  readonly onCrashed: (fault: Fault, willRestart: boolean) => void
}

export interface SupervisedHost {
  send(message: ToHost): void
  /** Asks the process to end, waits for it up to `timeoutMs`, then kills it. */
  stop(timeoutMs: number): Promise<void>
  pid(): number | undefined
}

interface Watch {
  host: HostProcess | null
  startedAt: number
  crashes: number
  readonly stopping: AbortController
  ended: PromiseWithResolvers<void>
}

export function superviseHost(options: SuperviseOptions): SupervisedHost {
  const watch: Watch = {
    host: null,
    startedAt: 0,
    crashes: 0,
    stopping: new AbortController(),
    ended: Promise.withResolvers<void>(),
  }
  start(options, watch)
  return {
    send: (message) => watch.host?.send(message),
    pid: () => watch.host?.pid,
    stop: (timeoutMs) => stop(options, watch, timeoutMs),
  }
}

function start(options: SuperviseOptions, watch: Watch): void {
  const host = options.forkHost(options.environment)
  watch.host = host
  watch.startedAt = options.clock.monotonic()
  watch.ended = Promise.withResolvers<void>()
  const life = watchSignOfLife(options.clock)
  const gone = new AbortController()
  let hung: string | null = null
  const end = (how: string) => {
    // Of a process that was given up for dead, the exit may still come when the next one lives.
    if (watch.host !== host) return
    gone.abort()
    watch.host = null
    watch.ended.resolve()
    if (!watch.stopping.signal.aborted) crashed(options, watch, hung ?? how)
  }
  host.onMessage((message) => {
    // Words of the dead may still be on the line: what they opened now, nobody would ever close.
    if (watch.host === host) hear(options, life, message as FromHost)
  })
  host.onExit((exit) => end(`the USB process ended by itself (${wordsOf(exit)})`))
  const endSilent = async (signal: AbortSignal) => {
    const silentMs = await life.lost(signal)
    hung = `the USB process hung: it said nothing for ${silentMs / 1000} s and was killed`
    host.kill()
    await options.clock.sleep(killedWithinMs, signal)
    end(hung)
  }
  endSilent(AbortSignal.any([gone.signal, watch.stopping.signal])).catch(() => undefined)
  options.onStarted()
}

function hear({ onMessage }: SuperviseOptions, life: SignOfLife, message: FromHost): void {
  life.heard()
  if (message.kind === 'ready' || message.kind === 'failed') life.began()
  if (message.kind !== 'alive') onMessage(message)
}

function wordsOf(exit: HostExit): string {
  return 'signal' in exit ? `killed by ${exit.signal}` : `exit code ${exit.code}`
}

function crashed(options: SuperviseOptions, watch: Watch, detail: string): void {
  if (options.clock.monotonic() - watch.startedAt > provenAfterMs) watch.crashes = 0
  const delayMs = restartDelaysMs[watch.crashes]
  watch.crashes += 1
  options.log.error(detail)
  options.onCrashed(new Fault('HOST_CRASHED', detail), delayMs !== undefined)
  if (delayMs !== undefined) void startLater(options, watch, delayMs)
}

async function startLater(options: SuperviseOptions, watch: Watch, delayMs: number): Promise<void> {
  await options.clock.sleep(delayMs, watch.stopping.signal).catch(() => undefined)
  if (watch.stopping.signal.aborted) return
  try {
    start(options, watch)
  } catch (thrown) {
    watch.startedAt = options.clock.monotonic()
    crashed(options, watch, `the USB process cannot be started: ${asFault(thrown).detail}`)
  }
}

async function stop(options: SuperviseOptions, watch: Watch, timeoutMs: number): Promise<void> {
  watch.stopping.abort()
  if (!watch.host) return
  watch.host.send({ kind: 'stop' } satisfies ToHost)
  await endedWithin(options, watch, timeoutMs)
  if (!watch.host) return
  options.log.warn(`the USB process did not end in ${timeoutMs} ms and is killed`)
  watch.host.kill()
  await endedWithin(options, watch, killedWithinMs)
}

async function endedWithin({ clock }: SuperviseOptions, { ended }: Watch, timeoutMs: number): Promise<void> {
  const inTime = new AbortController()
  const patience = clock.sleep(timeoutMs, inTime.signal).catch(() => undefined)
  await Promise.race([ended.promise, patience])
  inTime.abort()
}
