// Sounds: one cue for verdicts of one moment, fail before pass, and again until somebody is there.
import { describe, expect, it } from 'vitest'
import { startBenchCues } from '../../src/renderer/screens/frame/bench-cues.ts'
import { mirrorBench } from '../../src/renderer/station/mirror.ts'
import type { Cue } from '../../src/renderer/ui/sounds.ts'
import type { SlotView } from '../../src/shared/model/slot.ts'
import { fakeLink } from './fake-link.ts'
import { fullFrame, sampleSlot, stationView } from './samples.ts'

/** A clock that moves when told, and a bench of three working boards. */
function stage() {
  let now = 0
  const waiting: { at: number; work: () => void }[] = []
  const played: Cue[] = []
  const link = fakeLink({ firstFrame: () => fullFrame([1, 2, 3].map((slot) => sampleSlot(slot, 'working'))) })
  const cues = startBenchCues({
    mirror: mirrorBench(link),
    play: (cue) => played.push(cue),
    later(ms, work) {
      const entry = { at: now + ms, work }
      waiting.push(entry)
      return () => {
        if (waiting.includes(entry)) waiting.splice(waiting.indexOf(entry), 1)
      }
    },
  })
  let revision = 1
  return {
    cues,
    played,
    news: (...slots: SlotView[]) =>
      link.push('bench', { revision: ++revision, full: false, station: stationView(), slots }),
    wait(ms: number) {
      const end = now + ms
      for (;;) {
        const due = waiting.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0]
        if (due === undefined) break
        waiting.splice(waiting.indexOf(due), 1)
        now = due.at
        due.work()
      }
      now = end
    },
  }
}

describe('the sounds of the bench', () => {
  it('are one for all verdicts within 300 ms, and fail wins', () => {
    const { played, news, wait } = stage()
    news(sampleSlot(1, 'passed'))
    wait(100)
    news(sampleSlot(2, 'failed'))
    wait(100)
    news(sampleSlot(3, 'passed'))
    wait(1000)
    expect(played).toEqual(['fail'])
  })

  it('are silent while boards only work, and for what was there at the start', () => {
    const { played, news, wait } = stage()
    news(sampleSlot(1, 'working'))
    wait(60_000)
    expect(played).toEqual([])
  })

  it('repeat a failure every ten seconds, at most for a minute', () => {
    const { played, news, wait } = stage()
    news(sampleSlot(1, 'failed'))
    wait(300)
    wait(9999)
    expect(played).toHaveLength(1)
    wait(1)
    expect(played).toHaveLength(2)
    wait(600_000)
    expect(played).toHaveLength(6)
  })

  it('stop repeating once somebody touches the screen', () => {
    const { cues, played, news, wait } = stage()
    news(sampleSlot(1, 'failed'))
    wait(1000)
    cues.acknowledge()
    wait(600_000)
    expect(played).toEqual(['fail'])
  })

  it('play pass once', () => {
    const { played, news, wait } = stage()
    news(sampleSlot(1, 'passed'))
    wait(600_000)
    expect(played).toEqual(['pass'])
  })
})
