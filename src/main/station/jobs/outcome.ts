// What a fault makes of a job: the one place where a fault becomes an outcome.
import type { Fault } from '../../../shared/fault/fault.ts'
import { faultCodes } from '../../../shared/fault/fault-codes.ts'
import type { Outcome } from '../../../shared/model/record.ts'

export function outcomeOf(fault: Fault | null): Outcome {
  if (!fault) return 'pass'
  return fault.code === 'JOB_ABORTED' ? 'aborted' : faultCodes[fault.code].outcome
}
