// Every kind of simulated device flashed by the job that a recipe for it asks for: those that keep to the standard, those
// that do not, those that need a quirk, and those that lie. What they hold in the end is read past USB.
import { describe, expect, it } from 'vitest'
import { deviceKinds } from '../../../src/main/sim/generic/device-kinds.ts'
import { stationQuirks } from '../../../src/main/station/devices/known-quirks.ts'
import { imageFor, openJobBench, runJobOn, type ServedKind, servedKinds, wishFor } from './job-bench.ts'

interface Expectation {
  readonly wish?: object
  /** A user's quirk file. */
  readonly quirks?: string
  readonly alternate?: number
  /** The proof of a PASS; else the code of the fault. */
  readonly ends?: string
}

const reported = { wish: { verify: 'reported' }, ends: 'reported-status' } as const
const patient = (ids: string) => ({ quirks: `[USB\\${ids}]\nFlags = ignore-polltimeout\n` })

/** All others are flashed with a recipe that says nothing but who they are, and read back. */
const expectations: Partial<Record<ServedKind, Expectation>> = {
  'dfu-noupload': reported,
  'dfu-wrong-place': { wish: { memory: 'Program' } },
  'dfu-wrong-class': { quirks: '[USB\\VID_1209&PID_0027]\nFlags = use-any-interface\n' },
  'dfu-wrong-protocol': { quirks: '[USB\\VID_1209&PID_0027]\nFlags = force-dfu-mode\n' },
  'dfu-liar-minute': patient('VID_1209&PID_0029'),
  'dfu-liar-most': patient('VID_1209&PID_0029'),
  'dfu-two': { wish: { memory: 'Program' } },
  'dfu-deaf': { ends: 'DFU_VERIFY_FAILED' },
  'dfu-flipper': { ends: 'DFU_VERIFY_FAILED' },
  'stm32-deaf': { ends: 'DFU_VERIFY_FAILED' },
  'stm32-flipper': { ends: 'DFU_VERIFY_FAILED' },
  'stm32-protected': { ends: 'READ_PROTECTED' },
  'quirk-lpc': reported,
  'quirk-jabra-410': reported,
  'quirk-jabra-510': reported,
  'quirk-jabra-710': reported,
  'quirk-jabra-810': reported,
  'quirk-flatfrog': reported,
  'quirk-sunplus-0b1e': reported,
  'quirk-sunplus-0b22': reported,
  'quirk-sunplus-0b1d': reported,
  'quirk-sonix-636c': reported,
  'quirk-sonix-636d': reported,
  'quirk-maple': { wish: { verify: 'reported', memory: 'DFU Program FLASH' }, alternate: 1, ends: 'reported-status' },
}

describe('a device of the kind', () => {
  it.each(servedKinds)('%s is flashed and proven, or fails for its reason', async (kind) => {
    const { wish, quirks = '', alternate = 0, ends = 'read-back' }: Expectation = expectations[kind] ?? {}
    const bench = openJobBench({ platform: kind })
    const bytes = imageFor(kind, 0x0102)
    const run = await runJobOn(bench, { bytes, device: wishFor(kind, wish), quirks: stationQuirks(quirks) })
    const isPass = /^(read-back|reported-)/.test(ends)
    expect(
      run.fault?.code ?? run.closing.images[0]?.proof,
      JSON.stringify([run.fault, run.closing.steps], null, 1),
    ).toBe(ends)
    expect(run.outcome).toBe(isPass ? 'pass' : 'fail')
    const held = bench.device.memory(alternate).subarray(0, bytes.length)
    expect(Buffer.compare(held, bytes) === 0).toBe(isPass)
    if (isPass && deviceKinds[kind].profile.protocol === 'dfu') expect(bench.device.mode()).toBe('normal')
  })
})
