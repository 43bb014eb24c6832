// No two things of one plan may lie on each other: the last one written would break the proof of the first. Pure.
import { Fault } from '../../../shared/fault/fault.ts'
import type { MemoryRange, PlanStep } from '../../../shared/model/plan.ts'
import { stepName } from './step-name.ts'

/** Throws PLAN_REFUSED, naming both. */
export function refuseOverlaps(steps: readonly PlanStep[]): void {
  const places = steps.flatMap((step) => {
    if (step.kind !== 'write' && step.kind !== 'clear' && step.kind !== 'stage') return []
    return [{ name: stepName(step), range: step.range }]
  })
  for (const [at, first] of places.entries()) {
    const second = places.slice(at + 1).find((other) => overlaps(first.range, other.range))
    if (second) throw new Fault('PLAN_REFUSED', `"${first.name}" and "${second.name}" would lie on each other`)
  }
}

function overlaps(a: MemoryRange, b: MemoryRange): boolean {
  return a.alternate === b.alternate && a.address < b.address + b.sizeBytes && b.address < a.address + a.sizeBytes
}
