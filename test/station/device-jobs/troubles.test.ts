// What goes wrong in mid-job: a cable pulled, another device that comes back, a stop, a ledger that does not write. No
// PASS, one record, and no byte to a stranger.
import { describe, expect, it } from 'vitest'
import { parseBenchSpec } from '../../../src/main/sim/bench-spec.ts'
import { withHeader } from '../../../src/main/sim/generic/image-header.ts'
import { createSimulatedBoard } from '../../../src/main/sim/simulated-board.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { imageFor, type JobBench, makeDevice, openJobBench, runJobOn, someBytes, wishFor } from './job-bench.ts'

const bytes = Uint8Array.from(
  withHeader({ ids: { vendorId: 0x1209, productId: 0x0002 }, release: 0x0102 }, someBytes(20_000)),
)

interface Moment {
  readonly name: string
  readonly nth?: number
  readonly afterMs?: number
}

/** Does the deed when a step of this name begins for the `nth` time, a moment later. */
function whenStep({ clock }: JobBench, { name, nth = 1, afterMs = 20 }: Moment, deed: () => void) {
  let met = 0
  let last = ''
  return (event: {
    readonly kind: string
    readonly progress?: { readonly stepName: string; readonly step: number }
  }) => {
    if (event.kind !== 'progressed' || !event.progress) return
    const { stepName, step } = event.progress
    const at = `${step} ${stepName}`
    if (at === last) return
    last = at
    if (!stepName.startsWith(name)) return
    met += 1
    if (met === nth) void clock.sleep(afterMs).then(deed)
  }
}

function replaceWith(bench: JobBench, other: ReturnType<typeof makeDevice>) {
  return () => {
    bench.bus.unplug(bench.portPath)
    bench.bus.plug(bench.portPath, other)
  }
}

describe('a cable that is pulled', () => {
  const phases = [
    ['while its program is told to go', { name: 'Enter DFU', nth: 1, afterMs: 5 }],
    ['while its loader is awaited', { name: 'Enter DFU', nth: 1, afterMs: 100 }],
    ['in the look at its memory', { name: 'Write', nth: 1, afterMs: 1 }],
    ['while it is written', { name: 'Write', nth: 1, afterMs: 200 }],
    ['while its program starts after the download', { name: 'Enter DFU', nth: 2, afterMs: 200 }],
    ['while it goes back into its loader', { name: 'Enter DFU', nth: 2, afterMs: 500 }],
    ['while it is read back', { name: 'Verify', nth: 1, afterMs: 20 }],
    ['while it starts its program', { name: 'Start', nth: 1, afterMs: 100 }],
  ] as const

  it.each(phases)('%s ends the job without a PASS', async (_, moment) => {
    const bench = openJobBench()
    const pull = whenStep(bench, moment, () => void bench.bus.unplug(bench.portPath))
    const run = await runJobOn(bench, { bytes, onEvent: pull })
    expect(bench.port.current()).toBeNull()
    expect(['USB_GONE', 'MODE_SWITCH_TIMEOUT', 'DFU_BY_BUTTON', 'DFU_WRITE_FAILED']).toContain(run.fault?.code)
    expect(run.outcome).not.toBe('pass')
    expect(run.closing).toMatchObject({ outcome: run.outcome, deviceAfter: null })
    expect(run.closing.steps.at(-1)?.result).toBe('failed')
  })

  it('after the device was proven in its ROM is no fault: nobody knows whether its program has USB', async () => {
    const bench = openJobBench({ platform: 'stm32' })
    const pull = whenStep(bench, { name: 'Start', afterMs: 100 }, () => void bench.bus.unplug(bench.portPath))
    const run = await runJobOn(bench, { bytes: imageFor('stm32', 0x0102), device: wishFor('stm32'), onEvent: pull })
    expect(run.outcome).toBe('pass')
    expect(run.closing).toMatchObject({ deviceAfter: null, images: [{ proof: 'read-back' }] })
    expect(run.closing.steps.at(-1)?.detail).toContain('the port is empty')
  })
})

describe('another device that comes back', () => {
  it.each([
    ['Enter DFU', 1],
    ['Enter DFU', 2],
    ['Start', 1],
  ] as const)('of the same kind at "%s" %i is told by its serial number, and gets no byte', async (name, nth) => {
    const bench = openJobBench({ serial: 'AAAA1111' })
    for (const start of ['normal', 'dfu'] as const) {
      const other = makeDevice({ serial: 'BBBB2222', start })
      const deed = whenStep(bench, { name, nth, afterMs: 60 }, replaceWith(bench, other))
      const run = await runJobOn(bench, { bytes, onEvent: deed, recipe: { force: true } })
      expect(run.fault).toMatchObject({ code: 'BOARD_SWAPPED', detail: expect.stringContaining('BBBB2222') })
      expect(run.stranger).toContain('BBBB2222')
      expect(other.account().bytesProgrammed).toBe(0)
      replaceWith(bench, bench.device)()
      await bench.clock.sleep(5_000)
    }
  })

  it('of another product is not even opened, and the fault says how to name it', async () => {
    const bench = openJobBench()
    const other = makeDevice({ platform: 'dfu-tolerant' })
    const deed = whenStep(bench, { name: 'Enter DFU', afterMs: 60 }, replaceWith(bench, other))
    const run = await runJobOn(bench, { bytes, onEvent: deed })
    expect(run.fault).toMatchObject({ code: 'BOARD_SWAPPED', detail: expect.stringContaining('"1209:0020" to match') })
    expect(other.account().transfersByRequest['get-descriptor'] ?? 0).toBe(0)
  })

  it('may be a Particle board', async () => {
    const bench = openJobBench()
    const [placed] = parseBenchSpec('boron')
    if (placed?.kind !== 'board') throw new Error('no board')
    const board = createSimulatedBoard(placed.spec)
    const deed = whenStep(bench, { name: 'Start' }, () => {
      bench.bus.unplug(bench.portPath)
      bench.bus.plug(bench.portPath, board)
    })
    const run = await runJobOn(bench, { bytes, onEvent: deed })
    expect(run.fault).toMatchObject({ code: 'BOARD_SWAPPED', detail: expect.stringContaining('a Particle board') })
  })

  it('may be a mouse: what was read back stays proven, and a version that nobody reports fails', async () => {
    for (const version of [null, '1.02']) {
      const bench = openJobBench()
      const deed = whenStep(bench, { name: 'Start' }, replaceWith(bench, makeDevice({ platform: 'mouse' })))
      const run = await runJobOn(bench, { bytes, onEvent: deed, device: { version } })
      expect(run.fault?.code ?? null).toBe(version && 'VERSION_MISMATCH')
      expect(run.closing.deviceAfter).toBeNull()
    }
  })

  it('cannot be told where serial numbers are missing; the port decides', async () => {
    const bench = openJobBench({ serial: 'none' })
    const run = await runJobOn(bench, { bytes })
    expect(run.outcome).toBe('pass')
    expect(run.opening.device?.serialNumber.known).toBe(false)
  })
})

describe('a stop', () => {
  it.each(['Enter DFU', 'Write', 'Verify', 'Start', 'Prove'])('in "%s" ends the job as aborted', async (name) => {
    const bench = openJobBench()
    const stop = new AbortController()
    const reason = new Fault('JOB_ABORTED', 'stopped at the station')
    const deed = whenStep(bench, { name, afterMs: 0 }, () => stop.abort(reason))
    const run = await runJobOn(bench, { bytes, onEvent: deed, signal: stop.signal })
    expect(run.outcome === 'aborted' || name === 'Prove').toBe(true)
    expect(run.closing.outcome).toBe(run.outcome)
    if (run.outcome === 'aborted') expect(run.fault?.detail).toContain('stopped at the station')
  })

  it('at any moment closes the record, and the device can be flashed afterwards', async () => {
    for (let afterMs = 0; afterMs < 1_900; afterMs += 95) {
      const bench = openJobBench()
      const stop = new AbortController()
      const begin = (event: { readonly kind: string }) => {
        if (event.kind !== 'recorded') return
        void bench.clock.sleep(afterMs).then(() => stop.abort(new Fault('JOB_ABORTED', 'stopped')))
      }
      const run = await runJobOn(bench, { bytes, onEvent: begin, signal: stop.signal })
      expect(run.outcome === 'aborted' || afterMs > 1_700).toBe(true)
      await bench.clock.sleep(5_000)
      expect((await runJobOn(bench, { bytes })).outcome).toBe('pass')
    }
  })
})

describe('a device with words that a screen would obey', () => {
  const evil = '=1+1\r\n\u001b[31m\u202e"x",;'
  const memories = [{ name: evil }]

  it.each([
    ['passed', { memories }, {}],
    ['refused', { memories: [...memories, { name: evil }] }, {}],
    ['refused by name', { memories }, { memory: 'Nix' }],
  ])('brings none of them into record, plan, log or fault: %s', async (_, device, wish) => {
    const bench = openJobBench({ device })
    const { opening, closing, fault, events } = await runJobOn(bench, { bytes, device: wish })
    expect(JSON.stringify({ opening, closing, fault, events })).not.toMatch(/\\r|\\n|\\u001b|\u202e/)
    expect(JSON.stringify(closing)).toContain('=1+1')
  })
})

describe('the ledger first', () => {
  it('no request that could change the device before the record is open', async () => {
    const bench = openJobBench()
    await expect(runJobOn(bench, { bytes, recordFails: 'open' })).rejects.toThrow('the disk is full')
    const { transfersByRequest } = bench.device.account()
    expect(Object.keys(transfersByRequest)).not.toContain('dfu-detach')
    expect(bench.device.mode()).toBe('normal')
  })

  it('no verdict where the closing cannot be written', async () => {
    await expect(runJobOn(openJobBench(), { bytes, recordFails: 'close' })).rejects.toThrow('the disk is full')
  })

  it('a plan that is refused is recorded too, and the device is left as it is', async () => {
    const bench = openJobBench({ start: 'dfu' })
    const run = await runJobOn(bench, { bytes, device: { memory: 'Nix' } })
    expect(run.fault?.code).toBe('PLAN_REFUSED')
    expect(run.opening.plan).toEqual([])
    expect(run.closing).toMatchObject({ outcome: 'error', steps: [], images: [] })
    expect(bench.device.mode()).toBe('dfu')
  })

  it('a device that the recipe does not name is refused', async () => {
    const run = await runJobOn(openJobBench(), { bytes, device: { match: ['1209:0099'] } })
    expect(run.fault?.code).toBe('DEVICE_UNKNOWN')
  })
})
