// Hands gone wild: boards are taken out, exchanged and put back faster than anybody could, on an idle bench and beside
// boards that are being flashed. What counts is the end: every slot shows the board that is in it, every record is about
// the board that it names, and nobody who was left alone was disturbed.

import assert from 'node:assert/strict'
import { particleOf } from '../../src/shared/model/identity.ts'
import type { BoardEntry } from './bench-boards.ts'
import { expectFlash, expectLedger, expectPassed, verdictOf } from './expectations.ts'
import type { ScenarioBench } from './ground.ts'
import { type Family, realSets } from './real-sets.ts'
import type { Scenario, Stage } from './scenario.ts'
import { hasVerdict } from './station-under-test.ts'

const calm = [kind('boron', 3), kind('photon', 3), kind('p2', 2)]
const calmCount = 8
const stormed = [kind('boron', 3), kind('photon', 3), kind('p2', 3)]
const stormedBoards = 9
/** Fewer slots than boards: the others are in the hands. */
const stormedSlots = 6
const moves = { idle: 24, besideWork: 40 } as const
const pausesMs = [0, 20, 80, 150, 300, 500]
/** Both grounds alike: an enumeration must take no longer than a pause may last. */
const speed = 40
/** Longer than any reset of its own keeps a board away: what comes then is a new visit. */
const handMs = 6_500
const lookMs = 100

export const hotplugStorms: readonly Scenario[] = [
  { name: 'hotplug storm, idle', boards: `${stormedBoards} boards in ${stormedSlots} slots`, run: stormOnIdleBench },
  {
    name: 'hotplug storm beside work',
    boards: `${stormedBoards} boards in ${stormedSlots} slots, ${calmCount} at work`,
    run: stormBesideWork,
  },
]

function kind(platform: Family, count: number): BoardEntry {
  return { platform, count, deviceOs: realSets[platform].from }
}

async function stormOnIdleBench({ ground, note }: Stage): Promise<void> {
  const bench = await ground.openBench({ boards: stormed, slots: stormedSlots, autoStart: false, speed })
  try {
    const storm = await rage(bench, { moves: moves.idle, firstSlot: 1, firstBoard: 1 })
    const slots = await bench.under.until((views) =>
      views.every(
        ({ state, board }, at) => state === 'ready' && particleOf(board)?.deviceId === idOf(bench, storm.inSlot[at]),
      ),
    )
    assert.deepEqual(
      slots.map(({ fault, job }) => [fault, job]),
      slots.map(() => [null, null]),
    )
    await expectLedger(bench, 0)
    note(`${moves.idle} moves in ${(storm.tookMs / 1000).toFixed(1)} s`)
  } finally {
    await bench.end()
  }
}

async function stormBesideWork({ ground, note }: Stage): Promise<void> {
  const slots = calmCount + stormedSlots
  const bench = await ground.openBench({ boards: [...calm, ...stormed], slots, speed })
  try {
    const storm = await rage(bench, { moves: moves.besideWork, firstSlot: calmCount + 1, firstBoard: calmCount + 1 })
    const left = await bench.under.until((views) => views.slice(0, calmCount).every(hasVerdict))
    expectPassed(bench, left.slice(0, calmCount))
    const disturbed = await afterTheStorm(bench, storm)
    expectPassed(bench, bench.under.station.slots())
    expectTrueRecords(bench)
    await expectLedger(bench, slots + disturbed.length)
    await expectFlash(
      bench,
      ground,
      left.map(({ slot }) => slot),
    )
    note(
      `${moves.besideWork} moves in ${(storm.tookMs / 1000).toFixed(1)} s cut ${disturbed.length} jobs: ${tally(disturbed)}`,
    )
  } finally {
    await bench.end()
  }
}

interface Storm {
  /** Board of each stormed slot at the end, the first slot first. */
  readonly inSlot: readonly number[]
  readonly firstSlot: number
  readonly tookMs: number
}

/** Takes a board out, and puts the same or another one in, slot after slot, by dice that fall the same each time. */
async function rage(
  bench: ScenarioBench,
  { moves, firstSlot, firstBoard }: { readonly moves: number; readonly firstSlot: number; readonly firstBoard: number },
): Promise<Storm> {
  const startedMs = bench.clock.monotonic()
  const throwDice = dice()
  const inSlot: number[] = Array.from({ length: stormedSlots }, (_, at) => firstBoard + at)
  const inHands = Array.from({ length: stormedBoards - stormedSlots }, (_, at) => firstBoard + stormedSlots + at)
  for (let move = 0; move < moves; move += 1) {
    const at = throwDice(stormedSlots)
    const slot = firstSlot + at
    await bench.hand({ act: 'unplug', slot })
    inHands.push(inSlot[at] ?? 0)
    await bench.clock.sleep(pausesMs[throwDice(pausesMs.length)] ?? 0)
    const [board = 0] = inHands.splice(throwDice(inHands.length), 1)
    await bench.hand({ act: 'plug', slot, board })
    inSlot[at] = board
    await bench.clock.sleep(pausesMs[throwDice(pausesMs.length)] ?? 0)
  }
  return { inSlot, firstSlot, tookMs: bench.clock.monotonic() - startedMs }
}

/** Small whole numbers below the limit, the same in every run (a linear congruential generator). */
function dice(): (limit: number) => number {
  let state = 20_250_101
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (state >>> 8) % limit
  }
}

/**
 * Whoever still works ends first; then all that were tossed about are taken out, and put in once more in peace. The
 * faults of the jobs that the storm cut off, one each.
 */
async function afterTheStorm(bench: ScenarioBench, storm: Storm): Promise<readonly string[]> {
  const mine = (slot: number) => slot >= storm.firstSlot
  const slots = storm.inSlot.map((_, at) => storm.firstSlot + at)
  await bench.under.until((views) => views.filter(({ slot }) => mine(slot)).every(hasVerdict))
  const before = new Set<string>(bench.under.records().map(({ recordId }) => recordId))
  for (const slot of slots) await bench.hand({ act: 'unplug', slot })
  while (slots.some((slot) => bench.isListed(slot))) await bench.clock.sleep(lookMs)
  await bench.clock.sleep(handMs)
  for (const [at, slot] of slots.entries()) await bench.hand({ act: 'plug', slot, board: storm.inSlot[at] ?? 0 })
  const views = await bench.under.until((each) =>
    each.filter(({ slot }) => mine(slot)).every((view) => hasVerdict(view) && !before.has(view.job?.recordId ?? '')),
  )
  for (const [at, slot] of slots.entries()) {
    const view = views[slot - 1]
    assert.deepEqual(
      [view && verdictOf(view), particleOf(view?.board ?? null)?.deviceId],
      ['passed', idOf(bench, storm.inSlot[at])],
    )
  }
  const cut = bench.under.records().filter(({ recordId, slot }) => before.has(recordId) && mine(slot))
  return cut.map(({ closing }) => closing?.fault?.code ?? 'PASS')
}

/** Each board has the records of its own platform, and none passed whose board was exchanged on the way. */
function expectTrueRecords(bench: ScenarioBench): void {
  const platforms = new Map(bench.boards.map(({ deviceId, platform }) => [deviceId, platform]))
  for (const { deviceId, platform, closing } of bench.under.records()) {
    assert.equal(platform, platforms.get(deviceId ?? ''))
    assert.equal(closing?.outcome === 'pass', closing?.fault === null)
  }
}

function idOf({ boards }: ScenarioBench, board: number | undefined): string | undefined {
  return boards[(board ?? 0) - 1]?.deviceId
}

function tally(words: readonly string[]): string {
  const counts = Object.entries(Object.groupBy(words, (word) => word))
  return counts.map(([word, all]) => `${all?.length} ${word}`).join(', ')
}
