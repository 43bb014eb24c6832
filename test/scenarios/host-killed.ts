// The USB process is killed, as a crash in native code would: whatever was at work is closed as interrupted, the next
// process finds the boards and leaves them alone until a person starts them, and then they pass.
import assert from 'node:assert/strict'
import type { SlotView } from '../../src/shared/model/slot.ts'
import type { BoardEntry } from './bench-boards.ts'
import { expectFlash } from './expectations.ts'
import type { HostedStation } from './hosted-station.ts'
import { families, realSets } from './real-sets.ts'
import type { Scenario, Stage } from './scenario.ts'

const eachFamily = 2
const boards = families.map(
  (platform): BoardEntry => ({ platform, count: eachFamily, deviceOs: realSets[platform].from }),
)
const boardCount = eachFamily * families.length
/** Nobody has started them: so long nothing may begin. */
const idleMs = 1_500

export const hostKilled: readonly Scenario[] = [
  { name: 'USB process killed twice', boards: `${eachFamily} each of ${families.join(', ')}`, run: killed },
]

async function killed({ ground, note }: Stage): Promise<void> {
  const bench = await ground.openHosted(boards)
  const { station } = bench
  try {
    await station.until(() => station.slots().length === boardCount && station.slots().every(hasWritten))
    const slots = station.slots().map(({ slot }) => slot)
    const waits = [await kill(station, 1)]
    await station.call('startSlots', { slots })
    await station.until(() => station.slots().some(hasBegun))
    waits.push(await kill(station, 2))
    note(`every board identified again after ${waits.map((ms) => (ms / 1000).toFixed(1)).join(' and ')} s`)

    await station.call('startSlots', { slots })
    await station.until(() => station.slots().every(({ state }) => state === 'passed'))
    assert.equal(new Set(station.usbPids()).size, 3)
    const { ok, problems } = await station.call('verifyLedger', {})
    assert.deepEqual({ ok, problems }, { ok: true, problems: [] })
    const open = { filter: { outcome: 'open' as const }, limit: 1 }
    assert.equal((await station.call('searchRecords', open)).total, 0)
    await expectFlash(bench, ground, slots)
  } finally {
    await bench.end()
  }
}

/** Kills the process in the middle of its work, for the nth time; how long until a new one has every board again. */
async function kill(station: HostedStation, times: number): Promise<number> {
  const before = station.records().length
  const killedMs = performance.now()
  station.killUsb()
  await station.until(() => !station.station().usb.up)
  const closed = station.records().slice(before)
  assert.ok(closed.length > 0)
  for (const { closing } of closed) {
    assert.equal(`${closing?.outcome} ${closing?.fault?.code}`, 'interrupted HOST_CRASHED')
    for (const { proof } of closing?.modules ?? []) assert.equal(proof, 'none')
  }
  await untilHeld(station)
  const backMs = performance.now()
  assert.equal(station.usbPids().length, times + 1)
  await new Promise((resolve) => setTimeout(resolve, idleMs))
  assert.deepEqual(
    station.slots().map(({ state }) => state),
    station.slots().map(() => 'interrupted'),
  )
  return backMs - killedMs
}

function hasBegun({ job }: SlotView): boolean {
  return job?.progress !== null && (job?.progress?.fraction ?? 0) > 0
}

function hasWritten({ job }: SlotView): boolean {
  return job?.steps.some(({ bytes }) => bytes > 0) ?? false
}

/** The new process has found every board again: what it holds has no plan any more. */
function untilHeld(station: HostedStation): Promise<void> {
  return station.until(
    () => station.station().usb.up && station.slots().every(({ job }) => job?.outcome && job.plan.length === 0),
  )
}
