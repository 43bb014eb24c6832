// A step in words: the same on the slot, in the record and in the log.

import { assertNever } from '../../../shared/fault/fault.ts'
import { addressText } from '../../../shared/model/address.ts'
import { moduleName } from '../../../shared/model/module.ts'
import type { MemoryRange, Plan, PlanStep } from '../../../shared/model/plan.ts'

type ModuleStep = Extract<PlanStep, { kind: 'write' | 'verify' | 'examine' }>

export function stepName(step: PlanStep): string {
  switch (step.kind) {
    case 'update':
      return `Update ${moduleName(step.module)}`
    case 'asset':
      return `Send asset ${step.asset.name}`
    case 'set-up':
      return step.isDone ? 'Mark as set up' : 'Mark as not set up'
    case 'stage':
      return `Stage ${moduleName(step.module)}`
    case 'enter-dfu':
      return 'Enter DFU'
    case 'clear':
      return 'Clear other user slot'
    case 'write':
      return `Write ${nameOf(step)}`
    case 'verify':
      return `Verify ${nameOf(step)}`
    case 'examine':
      return `Examine ${nameOf(step)}`
    case 'examine-blank':
      return 'Examine other user slot'
    case 'leave-dfu':
      return 'Start Device OS'
    case 'prove':
      return 'Prove all modules'
    case 'judge':
      return 'Judge all modules'
    case 'identify':
      return 'Identify'
    default:
      return assertNever(step)
  }
}

/** The step with its addresses: one line of the plan in the record. */
export function stepLine(step: PlanStep): string {
  switch (step.kind) {
    case 'write':
    case 'verify':
    case 'examine':
    case 'examine-blank':
    case 'clear':
      return `${stepName(step)}: ${rangeText(step.range)}${conditionOf(step)}`
    case 'stage': {
      const flag = `flag in memory ${step.flag.alternate} at ${step.flag.address}`
      return `${stepName(step)}: ${rangeText(step.range)}, ${flag}${conditionOf(step)}`
    }
    case 'update':
      return `${stepName(step)}: version ${step.module.version}, ${step.module.sizeBytes} bytes by control request${conditionOf(step)}`
    case 'asset':
      return `${stepName(step)}: ${step.asset.sizeBytes} bytes by control request, unless the board holds it`
    case 'set-up':
      return `${stepName(step)}: ${step.way === 'dfu' ? 'in the device configuration' : 'by control request'}`
    default:
      return stepName(step)
  }
}

/** The plan as its record keeps it: what is done, what is left alone and why. */
export function planLines(plan: Plan): readonly string[] {
  return [
    ...plan.steps.map(stepLine),
    ...plan.skipped.map(({ module, reason }) => `Leave ${moduleName(module)}: ${reason}`),
    ...plan.notes.map((note) => `Note: ${note}`),
  ]
}

function nameOf({ module, place }: ModuleStep): string {
  return place === 'factory' ? 'factory image' : moduleName(module)
}

function rangeText({ alternate, address, sizeBytes }: MemoryRange): string {
  return `memory ${alternate}, ${addressText(address)}..${addressText(address + sizeBytes)}, ${sizeBytes} bytes`
}

function conditionOf(step: PlanStep): string {
  if (step.kind === 'write' && step.mayHold) return ', where it differs'
  if ((step.kind === 'update' || step.kind === 'stage') && step.onlyIfDifferent) return ', if it differs'
  if (step.kind === 'update' && step.onlyIfOlder) return ', if the board has an older one'
  return step.kind === 'verify' && step.mayDiffer ? ', to see whether it differs' : ''
}
