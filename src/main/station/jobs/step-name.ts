// A step in words: the same on the slot, in the record and in the log.
import { assertNever } from '../../../shared/fault/fault.ts'
import { moduleName } from '../../../shared/model/module.ts'
import type { PlanStep } from '../../../shared/model/plan.ts'

export function stepName(step: PlanStep): string {
  switch (step.kind) {
    case 'update':
      return `Update ${moduleName(step.module)}`
    case 'enter-dfu':
      return 'Enter DFU'
    case 'clear':
      return 'Clear former user slot'
    case 'write':
      return `Write ${moduleName(step.module)}`
    case 'verify':
      return `Verify ${moduleName(step.module)}`
    case 'leave-dfu':
      return 'Start Device OS'
    case 'prove':
      return 'Prove all modules'
    default:
      return assertNever(step)
  }
}

/** The step with its addresses: one line of the plan in the record. */
export function stepLine(step: PlanStep): string {
  switch (step.kind) {
    case 'write':
    case 'verify':
    case 'clear': {
      const { alternate, address, sizeBytes } = step.range
      const end = address + sizeBytes
      const condition = conditionOf(step)
      return `${stepName(step)}: memory ${alternate}, ${hex(address)}..${hex(end)}, ${sizeBytes} bytes${condition}`
    }
    case 'update':
      return `${stepName(step)}: version ${step.module.version}, ${step.module.sizeBytes} bytes by control request${conditionOf(step)}`
    default:
      return stepName(step)
  }
}

function conditionOf(step: PlanStep): string {
  if (step.kind === 'write' && step.mayHold) return ', where it differs'
  if (step.kind === 'update' && step.onlyIfDifferent) return ', if it differs'
  return step.kind === 'verify' && step.mayDiffer ? ', to see whether it differs' : ''
}

function hex(address: number): string {
  return `0x${address.toString(16).padStart(8, '0')}`
}
