import { describe, expect, it } from 'vitest'
import { createTimeline } from '../../src/main/sim/timeline.ts'
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'
import type { Clock } from '../../src/main/station/ports.ts'

const forEver = { signals: [], deadlineWallMs: Number.POSITIVE_INFINITY }

/** A clock whose timers are late, as those of an operating system are. */
function lateClock(overshootMs: number): Clock {
  const exact = createVirtualClock()
  return { ...exact, sleep: (ms, signal) => exact.sleep(Math.ceil(ms) + overshootMs, signal) }
}

describe('a board timeline', () => {
  it('keeps sums exact although every timer is late', async () => {
    const clock = lateClock(1.1)
    const timeline = createTimeline(clock, 1)
    let due = timeline.nowMs()
    for (let n = 0; n < 1000; n += 1) {
      due = timeline.nowMs() + 0.75
      await timeline.until(due, forEver)
      expect(clock.monotonic()).toBeGreaterThanOrEqual(due - 1e-6)
    }
    expect(timeline.nowMs()).toBeCloseTo(750, 6)
    expect(clock.monotonic()).toBeLessThan(750 + 3)
  })

  it('counts what the host itself takes between two waits', async () => {
    const clock = lateClock(1)
    const timeline = createTimeline(clock, 1)
    await timeline.until(10, forEver)
    await clock.sleep(20)
    expect(timeline.nowMs()).toBeCloseTo(31, 6)
  })

  it('runs faster by its speed', async () => {
    const clock = createVirtualClock()
    const timeline = createTimeline(clock, 20)
    await timeline.until(1000, forEver)
    expect(clock.monotonic()).toBeCloseTo(50, 6)
    expect(timeline.nowMs()).toBeCloseTo(1000, 6)
  })

  it('takes no time at speed 0, where what never ends meets its deadline at once', async () => {
    const clock = createVirtualClock()
    const timeline = createTimeline(clock, 0)
    expect(await timeline.until(600_000, forEver)).toBe('reached')
    expect(await timeline.until(Number.POSITIVE_INFINITY, { signals: [], deadlineWallMs: 5000 })).toBe('deadline')
    expect(clock.monotonic()).toBe(0)
    expect(timeline.nowMs()).toBe(600_000)
  })

  it('ends at the deadline, and at once when a signal says so', async () => {
    const clock = createVirtualClock()
    const timeline = createTimeline(clock, 1)
    expect(await timeline.until(1000, { signals: [], deadlineWallMs: 300 })).toBe('deadline')
    expect(clock.monotonic()).toBe(300)
    const stop = new AbortController()
    const waiting = timeline.until(1000, { ...forEver, signals: [stop.signal] })
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect(clock.monotonic()).toBe(300)
  })

  it('keeps the order of its events, and never goes back, when everything is overdue at once', async () => {
    const exact = createVirtualClock()
    let stallMs = 0
    const clock: Clock = { ...exact, monotonic: () => exact.monotonic() + stallMs }
    const timeline = createTimeline(clock, 20)
    await timeline.until(10, forEver)
    const order: string[] = []
    const times: number[] = []
    // The reset is set up before the answer that ends earlier, as a board does it.
    const reset = timeline.until(timeline.nowMs() + 200, forEver).then(() => order.push('reset'))
    const answer = timeline.until(timeline.nowMs() + 1, forEver).then(async () => {
      order.push('answer')
      times.push(timeline.nowMs())
      await timeline.until(timeline.nowMs() + 1, forEver)
      order.push('next answer')
      times.push(timeline.nowMs())
    })
    stallMs = 100
    await Promise.all([reset, answer])
    expect(order).toEqual(['answer', 'next answer', 'reset'])
    expect(times[1]).toBeGreaterThanOrEqual(times[0] ?? Number.NaN)
  })
})
