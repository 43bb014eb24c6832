// The station day in, day out: boards come, are identified, opened, claimed, worked on, left and taken out, two hundred
// times. Nothing may stay behind: no descriptor, no thread, no claim, and no growing memory.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { BoardEntry } from './bench-boards.ts'
import { expectLedger, expectPassed } from './expectations.ts'
import type { ScenarioBench } from './ground.ts'
import { realSets } from './real-sets.ts'
import type { Scenario, Stage } from './scenario.ts'
import { hasVerdict } from './station-under-test.ts'

const kinds = [kind('boron', 7), kind('photon', 7), kind('p2', 6)]
const boardCount = 20
const cycles = 200
/** Not counted: what is made once, at the first use, is made in these. */
const warmingRounds = 1
const rounds = cycles / boardCount
/** What may be alive more than before, garbage collected: 200 kept jobs would be ten times that. */
const mostGrowthBytes = 8 * 1024 * 1024
const lookMs = 100

export const longRuns: readonly Scenario[] = [
  { name: `${cycles} cycles of a short job`, boards: `${boardCount} boards, ${rounds} times each`, run: cycled },
]

/** Found in DFU: a short job claims, reads, writes or compares, and leaves; then Device OS is asked. */
function kind(platform: BoardEntry['platform'], count: number): BoardEntry {
  return { platform, count, start: 'dfu', deviceOs: realSets[platform].to }
}

async function cycled({ ground, note }: Stage): Promise<void> {
  const bench = await ground.openBench({ boards: kinds, isEmpty: true, recipe: 'user only' })
  try {
    for (let round = 0; round < warmingRounds; round += 1) await turn(bench, round)
    const before = ownResources()
    for (let round = 0; round < rounds; round += 1) await turn(bench, warmingRounds + round)
    const after = ownResources()
    await expectLedger(bench, (rounds + warmingRounds) * boardCount)
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

/** Every board comes, passes and leaves. Each round in another slot: a board that comes back might have reset itself. */
async function turn(bench: ScenarioBench, round: number): Promise<void> {
  const slots = bench.slots().map(({ slot }) => slot)
  const before = new Set<string>(bench.under.records().map(({ recordId }) => recordId))
  for (const slot of slots) await bench.hand({ act: 'plug', slot, board: ((slot + round) % boardCount) + 1 })
  const passed = await bench.under.until((views) =>
    views.every((view) => hasVerdict(view) && !before.has(view.job?.recordId ?? '')),
  )
  expectPassed(bench, passed)
  for (const slot of slots) await bench.hand({ act: 'unplug', slot })
  while (slots.some((slot) => bench.isListed(slot))) await bench.clock.sleep(lookMs)
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
function ownResources(): Resources | null {
  if (process.platform !== 'linux') return null
  collectGarbage()
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

/** Node lets nobody do so unless it is told to. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}
