// The USB process is killed, as a crash in native code would: whatever was at work is closed as interrupted, the next
// process finds the boards and leaves them alone until a person starts them, and then they pass.
import assert from 'node:assert/strict'
import type { LedgerRecord } from '../../src/shared/model/record.ts'
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
    await station.until(() => station.slots().length === boardCount && inMidFlash(station.slots()))
    const slots = station.slots().map(({ slot }) => slot)
    const waits = [await kill(station, 1)]
    await station.call('startSlots', { slots: slotsIn(station, 'interrupted') })
    await station.until(() => station.slots().some(hasBegun))
    waits.push(await kill(station, 2))
    note(`every board identified again after ${waits.map((ms) => (ms / 1000).toFixed(1)).join(' and ')} s`)

    await station.call('startSlots', { slots: slotsIn(station, 'interrupted') })
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
  const closed = station.records().slice(before).filter(hasNotPassed)
  assert.ok(closed.length > 0)
  for (const { closing } of closed) {
    assert.equal(`${closing?.outcome} ${closing?.fault?.code}`, 'interrupted HOST_CRASHED')
    for (const { proof } of closing?.modules ?? []) assert.equal(proof, 'none')
  }
  await untilHeld(station)
  const backMs = performance.now()
  assert.equal(station.usbPids().length, times + 1)
  await new Promise((resolve) => setTimeout(resolve, idleMs))
  const last = new Map(station.records().map((record) => [record.slot, record]))
  for (const { slot, state } of station.slots()) {
    const record = last.get(slot)
    assert.equal(state, record && hasNotPassed(record) ? 'interrupted' : 'passed', `slot ${slot}`)
  }
  return backMs - killedMs
}

function hasNotPassed({ closing }: LedgerRecord): boolean {
  return closing?.outcome !== 'pass'
}

function hasBegun({ job }: SlotView): boolean {
  return job?.progress !== null && (job?.progress?.fraction ?? 0) > 0
}

/** All have written, or the quickest is half done: on a slow computer it may pass before the last one has begun. */
function inMidFlash(slots: readonly SlotView[]): boolean {
  return slots.every(hasWritten) || slots.some(({ job }) => (job?.progress?.fraction ?? 0) >= 0.5)
}

function slotsIn(station: HostedStation, wanted: SlotView['state']): number[] {
  return station
    .slots()
    .filter(({ state }) => state === wanted)
    .map(({ slot }) => slot)
}

function hasWritten({ job }: SlotView): boolean {
  return job?.steps.some(({ bytes }) => bytes > 0) ?? false
}

function isHeld(job: SlotView['job']): boolean {
  return job !== null && job.outcome !== null && job.plan.length === 0
}

/** The new process has found every board again: what it holds has no plan any more. */
function untilHeld(station: HostedStation): Promise<void> {
  return station.until(
    () => station.station().usb.up && station.slots().every(({ state, job }) => state === 'passed' || isHeld(job)),
  )
}
