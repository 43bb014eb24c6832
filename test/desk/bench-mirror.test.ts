import { describe, expect, it } from 'vitest'
import { createBenchMirror } from '../../src/main/desk/bench-mirror.ts'
import { emptyStation } from '../../src/main/desk/empty-station.ts'
import type { BenchFrame } from '../../src/shared/model/slot.ts'
import { port, readySlot, workingSlot } from './samples.ts'

function watched() {
  const mirror = createBenchMirror(emptyStation)
  mirror.layOut([port('1-1'), port('1-2'), null])
  const frames: BenchFrame[] = []
  const stop = mirror.watch((frame) => frames.push(frame))
  return { mirror, frames, stop }
}

describe('the bench as screens see it', () => {
  it('comes whole first, then slot by slot, and each revision is one more', () => {
    const { mirror, frames } = watched()
    mirror.replace([workingSlot(2)])
    mirror.changeStation({ operator: 'Ada' })
    mirror.replace([readySlot(1), readySlot(2)])
    mirror.layOut([null])
    expect(frames.map(({ full }) => full)).toEqual([true, false, false, false, true])
    const first = frames[0]?.revision ?? Number.NaN
    expect(frames.map(({ revision }) => revision - first)).toEqual([0, 1, 2, 3, 4])
    expect(frames.map(({ slots }) => slots.map(({ slot }) => slot))).toEqual([[1, 2, 3], [2], [], [1, 2], [1]])
    expect(frames[2]?.station.operator).toBe('Ada')
  })

  it('begins whole for whoever comes late, at the revision that the next one follows', () => {
    const { mirror, frames } = watched()
    mirror.replace([workingSlot(1)])
    const late: BenchFrame[] = []
    mirror.watch((frame) => late.push(frame))
    mirror.changeStation({ autoStart: false })
    expect(late[0]).toMatchObject({ full: true, revision: frames[1]?.revision })
    expect(late[0]?.slots[0]?.state).toBe('working')
    expect(late[1]?.revision).toBe((late[0]?.revision ?? 0) + 1)
  })

  it('is told no more once the watching stopped', () => {
    const { mirror, frames, stop } = watched()
    stop()
    mirror.changeStation({ autoStart: false })
    expect(frames).toHaveLength(1)
  })

  it('knows no slot that the bench has not', () => {
    const { mirror, frames } = watched()
    mirror.replace([readySlot(9)])
    expect(mirror.slots()).toHaveLength(3)
    expect(frames[1]?.slots).toEqual([])
  })

  it('rearranged, a slot that keeps its port keeps what it shows', () => {
    const { mirror } = watched()
    mirror.replace([workingSlot(1), workingSlot(2)])
    mirror.rearrange([port('1-1'), null, null, null])
    expect(mirror.slots().map(({ state }) => state)).toEqual(['working', 'off', 'off', 'off'])
    mirror.layOut([port('1-1')])
    expect(mirror.slots().map(({ state }) => state)).toEqual(['empty'])
  })
})
