// kill -9 of the USB process in mid-flash, on simulated boards: interrupted records, no PASS that was not proven, boards
// that wait for a person, and a process that comes back.
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { forkNodeHost } from '../../src/main/host/fork-node.ts'
import type { ForkHost } from '../../src/main/host/host-process.ts'
import { type DeskUnderTest, simulatedDesk, temporaryFolder } from './desk-under-test.ts'
import { recipe, stockedLibrary } from './samples.ts'

interface Watched {
  readonly forkHost: ForkHost
  readonly pids: readonly number[]
}

function watchedForks(): Watched {
  const pids: number[] = []
  return {
    pids,
    forkHost: (environment) => {
      const host = forkNodeHost(environment)
      pids.push(host.pid ?? 0)
      return host
    },
  }
}

function killLatest({ pids }: Watched): void {
  process.kill(pids.at(-1) ?? 0, 'SIGKILL')
}

async function benchInMidFlash(boards: string, slotCount: number, speed: number) {
  const dataFolder = temporaryFolder()
  await stockedLibrary(dataFolder)
  const watched = watchedForks()
  const under = await simulatedDesk({
    ...{ dataFolder, slotCount, recipe: recipe(), forkHost: watched.forkHost },
    simulation: { boards, speed },
  })
  const isWriting = () => under.slots().every(({ job }) => job?.steps.some(({ bytes }) => bytes > 0))
  return { under, watched, isWriting }
}

/** The new process has found every board again: what it holds has no plan any more. */
function untilHeld(under: DeskUnderTest): Promise<void> {
  return under.until(() => under.station().usb.up && under.slots().every(({ job }) => job?.outcome && !job.plan.length))
}

const states = (under: DeskUnderTest) => under.slots().map(({ state }) => state)
const outcomes = (under: DeskUnderTest) => under.records.map(({ closing }) => closing?.outcome)

describe('a USB process that is killed in mid-flash', () => {
  it('leaves interrupted records; its boards wait for a person, and a start passes', async () => {
    const { under, watched, isWriting } = await benchInMidFlash('boron:2,photon:1', 3, 6)
    await under.until(isWriting)
    killLatest(watched)
    await under.until(() => !under.station().usb.up)
    expect(outcomes(under)).toEqual(['interrupted', 'interrupted', 'interrupted'])
    expect(under.records.every(({ closing }) => closing?.fault?.code === 'HOST_CRASHED')).toBe(true)
    expect(under.records.every(({ closing }) => (closing?.modules ?? []).every(({ proof }) => proof === 'none'))).toBe(
      true,
    )

    await untilHeld(under)
    expect(watched.pids).toHaveLength(2)
    // They are identified again, and nothing begins: for longer than a board that may start waits.
    await delay(1_500)
    expect(states(under)).toEqual(['interrupted', 'interrupted', 'interrupted'])
    expect(under.slots().map(({ job }) => job?.recordId)).toEqual(
      under.slots().map(({ slot }) => under.records.find((record) => record.slot === slot)?.recordId),
    )
    expect(under.records).toHaveLength(3)

    await under.call('startSlots', { slots: [1, 3] })
    await under.until(() => under.records.length === 5)
    expect(outcomes(under).slice(3)).toEqual(['pass', 'pass'])
    await under.until(() => states(under)[0] === 'passed' && states(under)[2] === 'passed')
    expect(states(under)).toEqual(['passed', 'interrupted', 'passed'])
    expect(await under.call('verifyLedger', {})).toMatchObject({ ok: true, records: 5 })
  })

  it('at any moment: each record is closed once, and a PASS has every proof', async () => {
    const { under, watched } = await benchInMidFlash('photon:3,p2:1', 4, 40)
    // A tenth of a job apart, each time with all boards started anew: from the first byte to the closing.
    for (let round = 0; round < 2; round += 1) {
      const before = under.records.length
      await under.until(() => under.slots().some(({ state }) => state === 'working'))
      await delay(300 + round * 500)
      killLatest(watched)
      await under.until(() => !under.station().usb.up)
      await untilHeld(under)
      expect(under.records.length).toBeGreaterThan(before)
      await under.call('startSlots', { slots: [1, 2, 3, 4] })
    }
    await under.until(() => under.slots().every(({ state }) => state === 'passed'))
    const { records, total } = await under.call('searchRecords', { filter: {}, limit: 200 })
    expect(records.every(({ outcome }) => outcome === 'pass' || outcome === 'interrupted')).toBe(true)
    expect(new Set(under.records.map(({ recordId }) => recordId)).size).toBe(total)
    expect(under.records).toHaveLength(total)
    for (const { closing } of under.records) {
      if (closing?.outcome !== 'pass') continue
      expect(closing.modules.every(({ proof, after, target }) => proof !== 'none' && after === target)).toBe(true)
    }
    expect(await under.call('verifyLedger', {})).toMatchObject({ ok: true, problems: [] })
  })
})
