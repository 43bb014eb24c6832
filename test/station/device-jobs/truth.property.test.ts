// No false PASS: any kind of device, any recipe, and a cable, a stranger or a stop at any moment. Whatever the job says is
// held against the chip, read past USB, and against the record. fast-check prints the seed of a failure.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stationQuirks } from '../../../src/main/station/devices/known-quirks.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import {
  imageFor,
  type JobBench,
  type JobRun,
  makeDevice,
  openJobBench,
  runJobOn,
  servedKinds,
  wishFor,
} from './job-bench.ts'

const troubles = ['none', 'none', 'pulled', 'stranger', 'twin', 'stopped'] as const
const cases = fc.record({
  kind: fc.constantFrom(...servedKinds),
  start: fc.option(fc.constantFrom('normal' as const, 'dfu' as const)),
  trouble: fc.constantFrom(...troubles),
  afterMs: fc.integer({ min: 0, max: 3_000 }),
  recipe: fc.record({ job: fc.constantFrom('flash' as const, 'verify' as const), force: fc.boolean() }),
  wish: fc.record({
    verify: fc.constantFrom('read-back', 'reported'),
    version: fc.constantFrom(null, '1.02', '1.03'),
    afterwards: fc.constantFrom('run', 'run', 'stay'),
    erase: fc.constantFrom('touched', 'touched', 'all'),
    memory: fc.constantFrom(null, 0, 'Program'),
  }),
  sizeBytes: fc.integer({ min: 1, max: 12_000 }),
  isFlashedBefore: fc.boolean(),
})
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never

function deedOf(bench: JobBench, { trouble, kind }: Case, stop: AbortController): () => void {
  const replace = (serial: string) => {
    if (bench.bus.unplug(bench.portPath)) bench.bus.plug(bench.portPath, makeDevice({ platform: kind, serial }))
  }
  return {
    none: () => undefined,
    pulled: () => void bench.bus.unplug(bench.portPath),
    stranger: () => replace('ZZZZZZZZZZZZ'),
    twin: () => replace('none'),
    stopped: () => stop.abort(new Fault('JOB_ABORTED', 'stopped')),
  }[trouble]
}

async function runCase(
  each: Case,
): Promise<{ readonly run: JobRun; readonly bench: JobBench; readonly bytes: Uint8Array }> {
  const { kind, start, afterMs, wish, recipe, sizeBytes } = each
  const bench = openJobBench({ platform: kind, ...(start && { start }) })
  const bytes = imageFor(kind, 0x0102, sizeBytes)
  const stop = new AbortController()
  const common = { bytes, device: wishFor(kind, wish), quirks: stationQuirks(null) }
  if (each.isFlashedBefore) {
    await runJobOn(bench, common)
    await bench.clock.sleep(5_000)
  }
  const deed = deedOf(bench, each, stop)
  const onEvent = ({ kind: news }: { readonly kind: string }) => {
    if (news === 'recorded') void bench.clock.sleep(afterMs).then(deed)
  }
  const run = await runJobOn(bench, { ...common, recipe, onEvent, signal: stop.signal })
  return { run, bench, bytes }
}

describe('whatever happens', () => {
  it('a PASS is the truth, and everything else has its reason', async () => {
    const outcomes = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(cases, async (each) => {
        // Without power, a program or a person's hand there is nothing in the port to begin with.
        const { run, bench, bytes } = await runCase(each).catch((thrown: Error) => {
          if (/nothing in the port|no DFU interface/.test(thrown.message)) fc.pre(false)
          throw thrown
        })
        const { closing, opening } = run
        outcomes.set(run.outcome, (outcomes.get(run.outcome) ?? 0) + 1)
        expect(closing.outcome).toBe(run.outcome)
        expect(closing.fault).toEqual(run.fault)
        expect(run.fault?.code).not.toBe('INTERNAL')
        expect(opening.device?.kind).toBe('dfu')
        if (run.outcome !== 'pass') {
          expect(run.fault?.detail.length).toBeGreaterThan(5)
          return
        }
        expect(closing.images.length).toBeGreaterThan(0)
        for (const { proof, action, readBackSha256, sha256, alternate } of closing.images) {
          expect(proof).not.toBe('none')
          expect(action === 'written' && each.recipe.job === 'verify').toBe(false)
          if (proof !== 'read-back') {
            expect(each.wish.verify).toBe('reported')
            continue
          }
          expect(readBackSha256).toBe(sha256)
          expect(Buffer.compare(bench.device.memory(alternate).subarray(0, bytes.length), bytes)).toBe(0)
        }
        const { version } = each.wish
        if (version) expect(closing.deviceAfter?.revision ?? 0x0102).toBe(version === '1.02' ? 0x0102 : 0x0103)
      }),
      { numRuns: 400 },
    )
    expect([...outcomes.keys()]).toEqual(expect.arrayContaining(['pass', 'fail', 'error', 'aborted']))
  }, 120_000)
})
