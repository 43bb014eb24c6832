// The real clock waits as long as it is told, and never less: devices count on that.
import { expect, test } from 'vitest'
import { systemClock } from '../../src/main/station/system-clock.ts'

test('no sleep ends early, whatever the fraction of a millisecond that it begins at', async () => {
  const short: number[] = []
  for (let n = 0; n < 200; n += 1) {
    const begunAt = systemClock.monotonic()
    while (systemClock.monotonic() - begunAt < (n % 20) / 20) {}
    const sleptAt = systemClock.monotonic()
    const wantedMs = 1 + (n % 4) * 0.5
    await systemClock.sleep(wantedMs)
    short.push(wantedMs - (systemClock.monotonic() - sleptAt))
  }
  expect(Math.max(...short)).toBeLessThanOrEqual(0.001)
})

test('a sleep that is longer than a timer can be is no short one, and ends with its signal', async () => {
  const stop = new AbortController()
  let isOver = false
  const sleep = systemClock.sleep(Number.POSITIVE_INFINITY, stop.signal).finally(() => {
    isOver = true
  })
  await systemClock.sleep(20)
  expect(isOver).toBe(false)
  stop.abort(new Error('enough'))
  await expect(sleep).rejects.toThrow('enough')
})
