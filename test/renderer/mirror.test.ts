// The mirror keeps what did not change, and never shows a bench with frames missing.
import { describe, expect, it, vi } from 'vitest'
import { mirrorBench } from '../../src/renderer/station/mirror.ts'
import { asRecordId } from '../../src/shared/model/ids.ts'
import type { BenchFrame } from '../../src/shared/model/slot.ts'
import { deviceOf, deviceSlot, noSerial } from './device-samples.ts'
import { fakeLink } from './fake-link.ts'
import { fullFrame, sampleSlot, stationView } from './samples.ts'

const bench = [sampleSlot(1, 'empty'), sampleSlot(2, 'working'), sampleSlot(3, 'passed')]

function news(revision: number, slots: BenchFrame['slots'], station = stationView()): BenchFrame {
  return { revision, full: false, station, slots }
}

describe('the mirror of the bench', () => {
  it('shows nothing before the first full frame, and that one whole', () => {
    const link = fakeLink()
    const mirror = mirrorBench(link)
    link.push('bench', news(7, bench))
    expect(mirror.station()).toBeNull()
    expect(mirror.slots()).toEqual([])
    link.push('bench', fullFrame(bench, stationView(), 8))
    expect(mirror.slots()).toEqual(bench)
  })

  it('replaces the slots of a frame and keeps the identity of all others', () => {
    const link = fakeLink({ firstFrame: () => fullFrame(bench) })
    const mirror = mirrorBench(link)
    const [first, , third] = mirror.slots()
    const station = mirror.station()
    const fresh = sampleSlot(2, 'failed')
    link.push('bench', news(2, [fresh]))
    expect(mirror.slot(1)).toBe(first)
    expect(mirror.slot(2)).toBe(fresh)
    expect(mirror.slot(3)).toBe(third)
    expect(mirror.station()).toBe(station)
    expect(mirror.slotNumbers()).toBe(mirror.slotNumbers())
  })

  it('watches anew when a revision is missing, and then goes on from the full frame', () => {
    let revision = 1
    const link = fakeLink({
      firstFrame: () => fullFrame(revision === 1 ? bench : [sampleSlot(1, 'ready')], stationView(), revision),
    })
    const mirror = mirrorBench(link)
    revision = 40
    link.push('bench', news(3, [sampleSlot(1, 'error')]))
    expect(link.watches('bench')).toBe(2)
    expect(mirror.slots().map((view) => view.state)).toEqual(['ready'])
    link.push('bench', news(41, [sampleSlot(1, 'passed')]))
    expect(mirror.slot(1)?.state).toBe('passed')
    expect(link.watches('bench')).toBe(2)
  })

  it('does not watch again and again when the full frame is late', () => {
    const frames = [fullFrame(bench)]
    const link = fakeLink({ firstFrame: () => frames.pop() ?? null })
    const mirror = mirrorBench(link)
    link.push('bench', news(5, []))
    link.push('bench', news(6, []))
    link.push('bench', news(7, []))
    expect(link.watches('bench')).toBe(2)
    link.push('bench', fullFrame([sampleSlot(1, 'ready')], stationView(), 8))
    expect(mirror.slots()).toHaveLength(1)
  })

  it('takes news of a slot that it does not have for a gap', () => {
    const link = fakeLink({ firstFrame: () => fullFrame(bench) })
    mirrorBench(link)
    link.push('bench', news(2, [sampleSlot(9, 'ready')]))
    expect(link.watches('bench')).toBe(2)
  })

  it('is silent once it is closed', () => {
    const link = fakeLink({ firstFrame: () => fullFrame(bench) })
    const mirror = mirrorBench(link)
    const listener = vi.fn()
    mirror.subscribe(listener)
    mirror.close()
    link.push('bench', news(2, [sampleSlot(1, 'ready')]))
    expect(listener).not.toHaveBeenCalled()
  })

  it('keeps the order of the sockets whatever the order of the frame', () => {
    const link = fakeLink({ firstFrame: () => fullFrame(bench.toReversed()) })
    expect(mirrorBench(link).slotNumbers()).toEqual([1, 2, 3])
  })

  it('remembers a board that failed in an earlier job, wherever it is put', () => {
    const failed = sampleSlot(1, 'failed')
    const link = fakeLink({ firstFrame: () => fullFrame([failed, sampleSlot(2, 'empty')]) })
    const mirror = mirrorBench(link)
    expect(mirror.failedBefore(1)).toBe(false)
    const job = failed.job && { ...failed.job, recordId: asRecordId('another') }
    link.push('bench', news(2, [sampleSlot(1, 'empty'), { ...failed, slot: 2, job }]))
    expect(mirror.failedBefore(2)).toBe(true)
    expect(mirror.failedBefore(1)).toBe(false)
  })

  it('forgets a failed device that only its port names when it leaves, and no other', () => {
    const nameless = deviceSlot(1, 'failed', deviceOf(1, noSerial))
    const named = deviceSlot(2, 'failed', deviceOf(2))
    const link = fakeLink({ firstFrame: () => fullFrame([nameless, named]) })
    const mirror = mirrorBench(link)
    const again = (view: typeof named) => ({ ...view, job: view.job && { ...view.job, recordId: asRecordId('next') } })
    link.push('bench', news(2, [again(nameless), again(named)]))
    expect([mirror.failedBefore(1), mirror.failedBefore(2)]).toEqual([true, true])
    link.push('bench', news(3, [sampleSlot(1, 'empty'), sampleSlot(2, 'empty')]))
    link.push('bench', news(4, [again(nameless), again(named)]))
    expect([mirror.failedBefore(1), mirror.failedBefore(2)]).toEqual([false, true])
  })
})
