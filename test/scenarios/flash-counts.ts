// The station's daily work: so many boards at once, of one family or of all, all of them passed and as their files say.
import { expectFlash, expectLedger, expectPassed } from './expectations.ts'
import { type Family, families, realSets } from './real-sets.ts'
import type { Scenario } from './scenario.ts'

export const flashCounts: readonly Scenario[] = [
  ...families.flatMap((platform) => [1, 8, 32].map((count) => flash([{ platform, count }]))),
  flash([
    { platform: 'boron', count: 12 },
    { platform: 'photon', count: 10 },
    { platform: 'p2', count: 10 },
  ]),
]

/** The kernel of a test has one processor for the station, 32 boards and itself. */
function isLong(kinds: readonly { readonly count: number }[]): boolean {
  return kinds.length === 1 && (kinds[0]?.count ?? 0) > 8
}

function flash(kinds: readonly { readonly platform: Family; readonly count: number }[]): Scenario {
  const boards = kinds.map(({ platform, count }) => `${count} ${platform}`).join(', ')
  return {
    name: 'flash at once',
    boards,
    ...(isLong(kinds) && { onDemandOn: { kernel: 'takes most of a minute, and 32 of all families run beside it' } }),
    run: async ({ ground, note }) => {
      const bench = await ground.openBench({
        boards: kinds.map((kind) => ({ ...kind, deviceOs: realSets[kind.platform].from })),
      })
      try {
        const startedMs = bench.clock.monotonic()
        const slots = await bench.under.verdicts()
        const passedMs = bench.clock.monotonic()
        expectPassed(bench, slots)
        await expectLedger(bench, slots.length)
        await expectFlash(
          bench,
          ground,
          slots.map(({ slot }) => slot),
        )
        const seconds = (ms: number) => (ms / 1000).toFixed(1)
        const longest = Math.max(...slots.map(({ job }) => job?.durationMs ?? 0))
        note(
          `plugged in to last verdict ${seconds(passedMs - startedMs)} s, longest job ${seconds(longest)} s, ` +
            `witness ${seconds(bench.clock.monotonic() - passedMs)} s`,
        )
      } finally {
        await bench.end()
      }
    },
  }
}
