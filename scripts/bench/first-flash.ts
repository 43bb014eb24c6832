// How soon a board that was plugged in is worked on: until its first byte is erased or programmed, wherever that is.
import { type BenchPlatform, titles } from './firmware.ts'
import type { VisitRun } from './one-visit.ts'
import { type Measure, measured, type Section } from './results.ts'
import type { Release } from './visit-firmware.ts'

export function firstFlash(runs: ReadonlyMap<Release<BenchPlatform>, readonly VisitRun[]>): Section {
  return {
    title: 'From plugging in to the first flashed byte',
    about:
      'The same runs. Until then the board boots, says who it is and what it holds (a Boron switches its modem on for the ' +
      'ICCID), and the record is committed; the first byte is erased by the update of a bootloader.',
    measures: [...runs].flatMap(([{ platform }, each]) => measuresOf(titles[platform], each)),
    skipped: null,
  }
}

function measuresOf(title: string, runs: readonly VisitRun[]): readonly Measure[] {
  const spans = runs.flatMap(({ firstFlash }) => (firstFlash ? [firstFlash] : []))
  const row = (name: string, unit: string, values: readonly number[]) => measured({ name, unit, values })
  return [
    row(
      title,
      's',
      spans.map(({ wallMs }) => wallMs / 1000),
    ),
    row(
      '  what the board needs of it',
      's',
      spans.map(({ floorMs }) => floorMs / 1000),
    ),
  ]
}
