// Verdicts from before a restart on DFU devices: a PASS only where the device itself says that it is the one, everything
// else until a person starts it.
import { describe, expect, it } from 'vitest'
import { isHeld } from '../../../src/main/station/slots/held-board.ts'
import type { HeldBoard } from '../../../src/main/station/station-command.ts'
import type { DfuIdentity } from '../../../src/shared/model/dfu-identity.ts'
import { asRecordId } from '../../../src/shared/model/ids.ts'
import type { Outcome } from '../../../src/shared/model/record.ts'
import { deviceBench, deviceRecipe, dfuDevice, port, programOf } from './device-bench.ts'

const slotPort = port('1-1.1')
const recipe = () => deviceRecipe([{ bytes: programOf(0x0102) }])

/** What a bench says of such a device. */
async function faceOf(entry: Readonly<Record<string, unknown>>, at = slotPort): Promise<DfuIdentity> {
  const bench = deviceBench({
    ports: [at],
    recipe: deviceRecipe([{ match: ['1209:0001', '1209:0002', '0483:df11'] }]),
    autoStart: false,
  })
  bench.bus.plug(at, dfuDevice(entry))
  await bench.until(([slot]) => slot?.state === 'ready')
  const { board } = bench.slot()
  return board?.kind === 'dfu' ? board : expect.unreachable()
}

const heldWith = (outcome: Outcome, ...faces: readonly DfuIdentity[]): HeldBoard => ({
  ...{ slot: 1, job: 'flash', name: 'whoever', faces, recordId: asRecordId('r-1'), outcome },
  fault: outcome === 'pass' ? null : { code: 'HOST_CRASHED', detail: 'SIGKILL' },
  durationMs: 4_200,
})

/** A bench that starts again with this held, and the device that it finds. */
function startedAgain(held: HeldBoard, entry: Readonly<Record<string, unknown>>, found = recipe()) {
  const bench = deviceBench({ ports: [slotPort], recipe: found })
  bench.station.dispatch({ kind: 'hold', boards: [held] })
  bench.bus.plug(slotPort, dfuDevice(entry))
  return bench
}

describe('a verdict from before a restart', () => {
  it('is shown on the same device, whose serial number is its own, and it gets no job', async () => {
    const held = heldWith('pass', await faceOf({ serial: 'W1' }))
    const bench = startedAgain(held, { serial: 'W1' })
    await bench.until(([slot]) => slot?.state === 'passed')
    await bench.clock.sleep(60_000)
    expect([bench.slot().job?.recordId, bench.records()]).toEqual(['r-1', []])
  })

  it.each([
    ['none', 'none'],
    ['W1', 'W2'],
  ])(
    'is no PASS from memory where nothing proves that it is the same (%s, then %s): it is proven anew',
    async (before, now) => {
      const bench = startedAgain(heldWith('pass', await faceOf({ serial: before })), { serial: now })
      await bench.until(([slot]) => slot?.state === 'passed')
      expect(bench.records()).toHaveLength(1)
    },
  )

  it('is no PASS from memory in the other mode either', async () => {
    const held = heldWith('pass', await faceOf({ serial: 'W1' }))
    const bench = startedAgain(held, { serial: 'W1', start: 'dfu' })
    await bench.until(([slot]) => slot?.state === 'passed')
    expect(bench.records()).toHaveLength(1)
  })

  it.each(['W1', 'none'])('that was cut off waits for a person, in either mode (%s)', async (serial) => {
    const held = heldWith('interrupted', await faceOf({ serial }))
    for (const start of ['normal', 'dfu']) {
      const bench = startedAgain(held, { serial, start })
      await bench.until(([slot]) => slot?.state === 'interrupted')
      await bench.clock.sleep(60_000)
      expect(bench.records()).toEqual([])
      bench.station.dispatch({ kind: 'start', slots: [1] })
      await bench.until(([slot]) => slot?.state === 'passed')
    }
  })

  it('is nothing to another device, nor to one on another port', async () => {
    const held = heldWith('fail', await faceOf({ serial: 'W1' }))
    const bench = startedAgain(held, { serial: 'W2' })
    await bench.until(([slot]) => slot?.state === 'passed')
    const elsewhere = await faceOf({ serial: 'W1' }, port('1-1.2'))
    expect(isHeld(held, elsewhere, recipe().resolved)).toBe(false)
    expect(isHeld(held, await faceOf({ serial: 'W1' }), recipe().resolved)).toBe(true)
  })

  it('keeps the entry of the recipe that it was for, where others name the same loader', async () => {
    const two = deviceRecipe([
      { name: 'First', match: ['1209:0002', '1209:0009'], bytes: programOf(0x0901) },
      { name: 'Second', match: ['1209:0001', '1209:0002'], bytes: programOf(0x0102) },
    ])
    const bench = startedAgain(
      heldWith('interrupted', await faceOf({ serial: 'none' })),
      { serial: 'none', start: 'dfu' },
      two,
    )
    await bench.until(([slot]) => slot?.state === 'interrupted')
    bench.station.dispatch({ kind: 'start', slots: [1] })
    await bench.until(([slot]) => slot?.state === 'passed')
    expect(bench.slot().board).toMatchObject({ revision: 0x0102 })
  })
})
