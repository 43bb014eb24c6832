// The shared folder from which a station takes packs: looked at every few seconds, and at once when the system says that
// something changed. A file is read when it has stood still, and once; a share that does not answer holds up nothing.
import { type FSWatcher, watch } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { asFault, Fault, reportOf } from '../../shared/fault/fault.ts'
import type { WatchedPack, WatchedState, WatchView } from '../../shared/model/pack-view.ts'
import { readBounded } from '../station/firmware/folder-tree.ts'
import { maxArchiveBytes } from '../station/firmware/limits.ts'
import { refuser } from '../station/firmware/refusal.ts'
import type { Clock, Log } from '../station/ports.ts'
import type { PackFile } from './take-pack.ts'

export interface WatchedFolder {
  view(): WatchView
  /** Another folder, or none; what was known of the old one is forgotten. */
  watch(path: string | null): void
  /** Files that were refused are tried again: something else has changed. */
  tryAgain(): void
  [Symbol.dispose](): void
}

/** What became of a file that was read. */
export interface Considered {
  readonly state: Extract<WatchedState, 'taken' | 'known' | 'older'>
  readonly detail: string
}

export interface WatchedFolderOptions {
  readonly clock: Clock
  readonly log: Log
  /** Throws the fault of a pack that is refused. */
  readonly consider: (file: PackFile, path: string) => Promise<Considered>
  /** What is seen has changed. */
  readonly changed: () => void
  /** Absent: the disk. */
  readonly files?: FolderFiles
}

/** What is asked of a folder, each of which may never be answered. */
export interface FolderFiles {
  names(path: string): Promise<readonly string[]>
  /** Other for a file that has changed. */
  stamp(file: string): Promise<string>
  read(file: string, name: string): Promise<Uint8Array>
}

const disk: FolderFiles = {
  names: packNames,
  stamp: stampOf,
  read: (file, name) => readBounded(file, maxArchiveBytes, refuser('zip', name)),
}

const pollMs = 3_000
/** After the system says that something changed: more of it will. */
const hintMs = 300
/** A file that has not changed for so long is no longer written, unless the share is slow to say so. */
const stillMs = 2_000
/** What is no whole pack after so long never will be. */
const brokenAfterMs = 60_000
const answersWithinMs = 20_000
const maxFiles = 200
/** That nothing changed is told this often: somebody may look at when the folder was looked at. */
const tellAgainMs = 30_000

interface Seen {
  readonly stamp: string
  /** By the monotonic clock. */
  readonly since: number
  shown: WatchedPack
  isDone: boolean
}

export function openWatchedFolder(options: WatchedFolderOptions): WatchedFolder {
  let running: { readonly look: FolderLook; readonly stop: () => void } | null = null
  const end = () => {
    running?.stop()
    running = null
  }
  return {
    view: () => running?.look.view() ?? { path: null, problem: null, lookedAt: null, packs: [] },
    watch: (path) => {
      end()
      if (path !== null) running = begin(path, options)
      options.changed()
    },
    tryAgain: () => running?.look.tryAgain(),
    [Symbol.dispose]: end,
  }
}

function begin(path: string, options: WatchedFolderOptions) {
  const { clock, log } = options
  const ending = new AbortController()
  const look = lookAt(path, options, ending.signal)
  const loop = async () => {
    while (!ending.signal.aborted) {
      const hint = hintOf(path)
      await look.once()
      const pause = new AbortController()
      await Promise.race([clock.sleep(pollMs, AbortSignal.any([ending.signal, pause.signal])), hint.changed])
      pause.abort()
      hint.close()
      await clock.sleep(hintMs, ending.signal)
    }
  }
  loop().catch((thrown: unknown) => {
    if (!ending.signal.aborted) log.error(`${path} is not watched any more: ${asFault(thrown).message}`)
  })
  return { look, stop: () => ending.abort(new Fault('JOB_ABORTED', 'the folder is not watched any more')) }
}

/** Resolves at the first change that the system tells of; never where it tells of none, as on most shares. */
function hintOf(path: string) {
  const { promise: changed, resolve } = Promise.withResolvers<void>()
  let watcher: FSWatcher | null = null
  try {
    watcher = watch(path, { persistent: false }, () => resolve())
    watcher.on('error', () => undefined)
  } catch {
    // It is looked at every few seconds all the same.
  }
  return { changed, close: () => watcher?.close() }
}

type FolderLook = ReturnType<typeof lookAt>

function lookAt(path: string, options: WatchedFolderOptions, signal: AbortSignal) {
  const { clock, log, files = disk } = options
  const seen = new Map<string, Seen>()
  const answers = createDeadline(clock, signal)
  let problem: string | null = null
  let lookedAt: number | null = null
  const tell = sparingly(options)
  const shown = () => [...seen.values()].map((file) => file.shown)
  return {
    once: async () => {
      const before = problem
      try {
        const names = await answers(() => files.names(path))
        for (const name of seen.keys()) if (!names.includes(name)) seen.delete(name)
        for (const name of names.slice(0, maxFiles))
          await lookAtFile(name, { path, options, files, signal, seen, answers })
        problem = tooMany(names.length)
      } catch (thrown) {
        signal.throwIfAborted()
        problem = asFault(thrown).detail
      }
      if (problem !== null && problem !== before) log.warn(`${path}: ${problem}`)
      lookedAt = clock.now()
      tell(JSON.stringify([problem, shown()]))
    },
    view: (): WatchView => ({ path, problem, lookedAt, packs: shown() }),
    tryAgain: () => {
      for (const [name, { shown }] of seen) if (shown.state === 'refused') seen.delete(name)
    },
  }
}

function tooMany(count: number): string | null {
  return count > maxFiles ? `${count} packs are in it; the first ${maxFiles} are looked at` : null
}

/** Tells of what is other than the last time, and now and then that nothing is. */
function sparingly({ clock, changed }: WatchedFolderOptions): (seen: string) => void {
  let told = { seen: '', at: 0 }
  return (seen) => {
    const at = clock.monotonic()
    if (seen === told.seen && at - told.at < tellAgainMs) return
    told = { seen, at }
    changed()
  }
}

interface Look {
  readonly path: string
  readonly options: WatchedFolderOptions
  readonly files: FolderFiles
  readonly signal: AbortSignal
  readonly seen: Map<string, Seen>
  readonly answers: <T>(ask: () => Promise<T>) => Promise<T>
}

async function lookAtFile(name: string, look: Look): Promise<void> {
  const { clock } = look.options
  const stamp = await look.answers(() => look.files.stamp(join(look.path, name)))
  const known = look.seen.get(name)
  if (known?.stamp !== stamp) {
    const shown: WatchedPack = { file: name, state: 'copying', at: clock.now(), detail: 'not whole yet', fault: null }
    look.seen.set(name, { stamp, since: clock.monotonic(), shown, isDone: false })
  } else if (!known.isDone && clock.monotonic() - known.since >= stillMs) {
    await readStill(name, known, look)
  }
}

/** One entry that cannot be looked at (a link to nothing, a file that just went) is its own trouble, not that of others. */
async function stampOf(path: string): Promise<string> {
  return await stat(path).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => 'cannot be looked at',
  )
}

/** A file that stands still. What cannot be read whole may still grow, for a while. */
async function readStill(name: string, file: Seen, { path, options, files, signal, answers }: Look): Promise<void> {
  const { clock, log } = options
  const show = (shown: Omit<WatchedPack, 'file' | 'at'>) => {
    file.shown = { file: name, at: clock.now(), ...shown }
    file.isDone = true
  }
  try {
    const whole = join(path, name)
    const bytes = await answers(() => files.read(whole, name))
    show({ fault: null, ...(await options.consider({ name, bytes }, whole)) })
  } catch (thrown) {
    signal.throwIfAborted()
    const fault = asFault(thrown)
    if (fault.detail.startsWith(noAnswer)) throw fault
    if (fault.code === 'PACK_UNREADABLE' && clock.monotonic() - file.since < brokenAfterMs) return
    log.warn(`${name} in ${path} is not taken: ${fault.message}`)
    show({ state: 'refused', detail: fault.detail, fault: reportOf(fault) })
  }
}

async function packNames(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory() && /^[^.~].*\.dfupack$/i.test(entry.name))
    .map(({ name }) => name)
    .toSorted()
}

const noAnswer = 'the folder does not answer'

/** One question to a file system at a time: what did not answer yet is not asked again. */
function createDeadline(clock: Clock, signal: AbortSignal) {
  let unanswered: Promise<unknown> | null = null
  return async <T>(ask: () => Promise<T>): Promise<T> => {
    if (unanswered) throw new Fault('CALL_REJECTED', `${noAnswer}; it was asked a while ago`)
    const asked = ask()
    const answered = asked.then(
      () => undefined,
      () => undefined,
    )
    unanswered = answered
    const settled = answered.then(() => {
      if (unanswered === answered) unanswered = null
    })
    const waiting = new AbortController()
    const late = clock
      .sleep(answersWithinMs, AbortSignal.any([signal, waiting.signal]))
      .then(() => Promise.reject(new Fault('CALL_REJECTED', `${noAnswer} within ${answersWithinMs / 1000} s`)))
    late.catch(() => undefined)
    try {
      const value = await Promise.race([asked, late])
      await settled
      return value
    } finally {
      waiting.abort()
    }
  }
}
