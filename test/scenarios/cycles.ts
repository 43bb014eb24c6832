// The station day in, day out: boards come, are identified, opened, claimed, worked on, left and taken out, two hundred
// times. Nothing may stay behind: no descriptor, no thread, no claim, and no growing memory.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { SlotView } from '../../src/shared/model/slot.ts'
import type { BoardEntry } from './bench-boards.ts'
import { expectLedger, expectPassed } from './expectations.ts'
import type { ScenarioBench } from './ground.ts'
import { type Family, realSets } from './real-sets.ts'
import type { Scenario, Stage } from './scenario.ts'
import { sideBySide } from './side-by-side.ts'
import { hasVerdict } from './station-under-test.ts'

/** Two boards take turns in each slot: one that comes back to its slot so soon might have reset itself. */
const kinds = [kind('boron', 14), kind('photon', 14), kind('p2', 12)]
const slotCount = 20
const cycles = 200
const cyclesEach = cycles / slotCount
/** What may be alive more than before, garbage collected: 200 kept boards are 6 MiB. */
const mostGrowthBytes = 2 * 1024 * 1024
const lookMs = 20

export const longRuns: readonly Scenario[] = [
  { name: `${cycles} cycles of a short job`, boards: `${slotCount} slots, ${cyclesEach} boards each`, run: cycled },
]

/** Found in DFU: a short job claims, reads, writes or compares, and leaves; then Device OS is asked. */
function kind(platform: Family, count: number): BoardEntry {
  return { platform, count, start: 'dfu', deviceOs: realSets[platform].to }
}

async function cycled({ ground, note }: Stage): Promise<void> {
  const bench = await ground.openBench({ boards: kinds, slots: slotCount, isEmpty: true, recipe: 'user only' })
  const slots = bench.slots().map(({ slot }) => slot)
  try {
    // What is made once, at its first use, is made in the first cycle of each slot.
    await sideBySide(slots.map((slot) => cycle(bench, slot, 0)))
    const before = await ownResources()
    await sideBySide(slots.map((slot) => cycleOften(bench, slot)))
    const after = await ownResources()
    await expectLedger(bench, cycles + slotCount)
    note(inWords(before, after))
    if (before && after) {
      assert.deepEqual([after.descriptors, after.threads], [before.descriptors, before.threads])
      assert.ok(after.aliveBytes - before.aliveBytes < mostGrowthBytes, inWords(before, after))
    }
    await expectUnclaimed(bench)
  } finally {
    await bench.end()
  }
}

async function cycleOften(bench: ScenarioBench, slot: number): Promise<void> {
  for (let times = 1; times <= cyclesEach; times += 1) await cycle(bench, slot, times)
}

/** A board comes, passes and leaves. */
async function cycle(bench: ScenarioBench, slot: number, times: number): Promise<void> {
  const before = bench.slots()[slot - 1]?.job?.recordId ?? null
  const isNew = ({ job }: SlotView) => job?.recordId && job.recordId !== before
  await bench.hand({ act: 'plug', slot, board: slot + (times % 2) * slotCount })
  const views = await bench.under.until((all) =>
    all.some((view) => view.slot === slot && hasVerdict(view) && isNew(view)),
  )
  expectPassed(
    bench,
    views.filter((view) => view.slot === slot),
  )
  await bench.hand({ act: 'unplug', slot })
  while (bench.isListed(slot)) await bench.clock.sleep(lookMs)
}

/** With the station idle on the same boards, another program gets them. */
async function expectUnclaimed(bench: ScenarioBench): Promise<void> {
  if (!bench.claimElsewhere) return
  bench.under.station.dispatch({ kind: 'auto-start', on: false })
  const slots = bench.slots().map(({ slot }) => slot)
  await bench.under.until((views) => views.every(({ state }) => state === 'empty'))
  for (const slot of slots) await bench.hand({ act: 'plug', slot, board: slot })
  await bench.under.until((views) => views.every(({ state }) => state === 'ready'))
  await bench.claimElsewhere(slots)
}

interface Resources {
  readonly descriptors: number
  readonly threads: number
  readonly residentBytes: number
  /** Objects and buffers that are still in use. */
  readonly aliveBytes: number
}

/** Of this process; null where the system does not tell. */
async function ownResources(): Promise<Resources | null> {
  if (process.platform !== 'linux') return null
  await collectGarbage()
  const { rss, heapUsed, external } = process.memoryUsage()
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
    residentBytes: rss,
    aliveBytes: heapUsed + external,
  }
}

function inWords(before: Resources | null, after: Resources | null): string {
  if (!before || !after) return 'this system does not count descriptors and threads'
  const mib = (bytes: number) => (bytes / 1024 / 1024).toFixed(1)
  const memory = ({ aliveBytes, residentBytes }: Resources) => `${mib(aliveBytes)} (${mib(residentBytes)}) MiB`
  const from = `${before.descriptors} descriptors, ${before.threads} threads, ${memory(before)} alive (resident) before`
  return `${from}; ${after.descriptors}, ${after.threads}, ${memory(after)} after`
}

/** Node lets nobody do so unless it is told to. What native code holds is let go of only in the turns after. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  for (let times = 0; times < 4; times += 1) {
    collect()
    await turn()
  }
}
