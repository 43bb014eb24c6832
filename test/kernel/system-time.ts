// The time that every process of this computer agrees on.

/** Milliseconds since the system runs. */
export function systemNowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
