// Time for the screen: the one place of the renderer that sets timers, so that tests can give their own.

/** Runs `work` after `ms`; the result takes it back. */
export type Later = (ms: number, work: () => void) => () => void

export function later(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms)
  return () => clearTimeout(timer)
}

/** Runs `work` every `ms` until taken back. */
export function repeatedly(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms)
  return () => clearInterval(timer)
}
