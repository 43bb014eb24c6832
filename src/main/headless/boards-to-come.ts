// How many boards of a simulated bench there will be something to tell of: every one in its slot is worked on or refused, but
// for what speaks no DFU and is named by nobody. A run that waited for that would never end.
import type { Recipe } from '../../shared/model/recipe.ts'
import { parseBench } from '../sim/bench-spec.ts'
import { createBench } from '../sim/simulated-bench.ts'
import { deviceKind } from '../station/devices/device-kind.ts'
import { instancesOf } from '../station/devices/instance-ids.ts'
import { deviceTargetFor } from '../station/devices/match.ts'
import type { QuirkBook } from '../station/devices/quirk-file.ts'
import { systemClock } from '../station/system-clock.ts'
import type { UsbDevice } from '../station/usb/usb-port.ts'
import { targetsOf } from './named-devices.ts'

/** Some devices never show themselves. */
const shownWithinMs = 500
const lookMs = 10

/** Looks at the bench as it first shows itself, in no time, and lets it go again. */
export async function boardsToCome(sim: string, recipe: Recipe, quirks: QuirkBook): Promise<number> {
  const placed = parseBench(sim)
  if (placed.every(({ kind }) => kind === 'board')) return placed.length
  await using bench = createBench(placed, { clock: systemClock, speed: 0 })
  const endsAt = systemClock.monotonic() + shownWithinMs
  while (bench.devices().length < placed.length && systemClock.monotonic() < endsAt) await systemClock.sleep(lookMs)
  const targets = targetsOf(recipe)
  const isTold = (device: UsbDevice): boolean => {
    return deviceKind(device, quirks) !== 'other' || deviceTargetFor(targets, instancesOf(device)) !== null
  }
  return bench.devices().filter(isTold).length
}
