// Whatever hands do to a bench of devices whose serial numbers tell nothing: no PASS over a device that does not hold the
// program, and nothing opened that the recipe of the moment does not name.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SimulatedDfuDevice } from '../../../src/main/sim/generic/dfu-device.ts'
import { deviceBench, deviceRecipe, dfuDevice, port, programOf } from './device-bench.ts'

const ports = ['1-1.1', '1-1.2'].map(port)
const program = programOf(0x0102, 2048)
const longerThanResetMs = 7_000

type Act =
  | { readonly kind: 'exchange'; readonly slot: number; readonly device: number }
  | { readonly kind: 'reset' | 'button' | 'start'; readonly slot: number }
  | { readonly kind: 'wait'; readonly ms: number }

const slot = fc.constantFrom(0, 1)
const acts = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('exchange' as const), slot, device: fc.nat(3) }),
    fc.record({ kind: fc.constantFrom('reset' as const, 'button' as const, 'start' as const), slot }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(50, 400, 1_500, 5_000, 60_000) }),
  ),
  { minLength: 1, maxLength: 12 },
)

function holdsProgram(device: SimulatedDfuDevice): boolean {
  return Buffer.compare(device.memory(0).subarray(0, program.length), program) === 0
}

describe('a bench of two slots and four devices', () => {
  it('never shows PASS over a device that does not hold the program', async () => {
    const property = fc.asyncProperty(acts, fc.constantFrom('same', 'none'), async (all, serial) => {
      const bench = deviceBench({ ports, recipe: deviceRecipe([{ bytes: program, version: '1.02' }]) })
      const devices = Array.from({ length: 4 }, () => dfuDevice({ serial }))
      const inPort: (SimulatedDfuDevice | null)[] = [null, null]
      const takeOut = (at: number) => {
        bench.bus.unplug(ports[at] as (typeof ports)[number])
        inPort[at] = null
      }
      const putIn = (at: number, device: SimulatedDfuDevice) => {
        bench.bus.plug(ports[at] as (typeof ports)[number], device)
        inPort[at] = device
      }
      const perform = async (act: Act): Promise<void> => {
        if (act.kind === 'wait') return bench.clock.sleep(act.ms)
        const present = inPort[act.slot] ?? null
        if (act.kind === 'button') present?.pressButton()
        else if (act.kind === 'start') bench.station.dispatch({ kind: 'start', slots: [act.slot + 1] })
        else if (act.kind === 'reset' && present) {
          takeOut(act.slot)
          putIn(act.slot, present)
        } else if (act.kind === 'exchange') {
          const next = devices[act.device]
          if (!next || inPort.includes(next)) return
          if (present) takeOut(act.slot)
          await bench.clock.sleep(longerThanResetMs)
          putIn(act.slot, next)
        }
      }
      for (const act of all) {
        await perform(act)
        await bench.clock.sleep(300)
        for (const [at, device] of inPort.entries()) {
          if (device && bench.slot(at + 1).state === 'passed') expect(holdsProgram(device)).toBe(true)
        }
      }
      await bench.clock.sleep(120_000)
      for (const [at, device] of inPort.entries()) {
        const { state, question } = bench.slot(at + 1)
        if (!device) expect(['empty', 'error', 'failed']).toContain(state)
        else if (question === null) expect(['passed', 'failed', 'error']).toContain(state)
        if (device && state === 'passed') expect(holdsProgram(device)).toBe(true)
      }
      expect(bench.records().filter(({ closing }) => closing === null)).toEqual([])
    })
    await fc.assert(property, { numRuns: 60 })
  })
})
