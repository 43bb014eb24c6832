// Numbers, times and ids as text, the same on every screen.

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const stampFormat = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' })
const timeFormat = new Intl.DateTimeFormat('sv-SE', { timeStyle: 'medium' })

/** "14:05" */
export function clockText(at: number): string {
  return clockFormat.format(at)
}

/** "2026-11-03 14:05:09", local time */
export function stampText(at: number): string {
  return stampFormat.format(at)
}

/** "14:05:09", local time */
export function timeText(at: number): string {
  return timeFormat.format(at)
}

/** "40 ms", "4.2 s", "41 s", "2 min 05 s" */
export function durationText(ms: number): string {
  if (ms < 950) return `${Math.round(ms)} ms`
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}

/** "about 22 s left" without the words: whole seconds, never less than one. */
export function remainingText(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}

/** "63 %": never 100 before the end. */
export function percentText(fraction: number): string {
  return `${Math.floor(fraction * 100)} %`
}

/** "96.3 %" of judged boards, or a dash before the first. */
export function yieldText(good: number, all: number): string {
  return all === 0 ? '–' : `${((good / all) * 100).toFixed(1)} %`
}

/** "12 B", "65.5 KiB", "1.2 MiB" */
export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}

/** "16 KiB", "1 MiB", "16 B": sizes of memories, which are whole; else as bytesText. */
export function sizeText(bytes: number): string {
  if (bytes >= 1024 * 1024 && bytes % (1024 * 1024) === 0) return `${bytes / 1024 / 1024} MiB`
  return bytes >= 1024 && bytes % 1024 === 0 ? `${bytes / 1024} KiB` : bytesText(bytes)
}

/** The first eight digits name a file among the few of a library. */
export function shortHash(sha256: string): string {
  return sha256.slice(0, 8)
}

/** A name of a board, cut where the part begins that tells it from its like: the end of an ID, or its port. */
export function nameParts(name: string): { readonly head: string; readonly tail: string } {
  const port = / on (\d+-[\d.]+)$/.exec(name)?.[1]
  const tail = port ?? name.slice(-6)
  return { head: name.slice(0, name.length - tail.length), tail }
}

export function versionText(version: number | null): string {
  return version === null ? '–' : String(version)
}
