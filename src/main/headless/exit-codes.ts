// Exit codes that scripts rely on.
import type { Fault } from '../../shared/fault/fault.ts'
import type { FaultCode } from '../../shared/fault/fault-codes.ts'

export const exitCodes = {
  /** Everything asked for was done; every board passed. */
  ok: 0,
  /** A board did not pass. */
  boardFailed: 1,
  /** Wrong words, or a file that is refused. */
  badInput: 2,
  /** The station itself could not do its work. */
  stationFailed: 3,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

const inputFaults: ReadonlySet<FaultCode> = new Set([
  'RECIPE_INVALID',
  'FIRMWARE_MISSING',
  'FIRMWARE_REFUSED',
  'PLAN_REFUSED',
  'PACK_UNREADABLE',
  'PACK_UNSIGNED',
  'PACK_ALTERED',
  'PACK_UNTRUSTED',
  'RECIPE_LOCKED',
  'CALL_REJECTED',
  'QUIRKS_INVALID',
])

const stationFaults: ReadonlySet<FaultCode> = new Set([
  'LEDGER_UNWRITABLE',
  'LEDGER_DAMAGED',
  'LEDGER_TOO_NEW',
  'LEDGER_IN_USE',
  'USB_IN_USE',
  'HOST_CRASHED',
  'STATION_CRASHED',
  'USB_ACCESS_DENIED',
  'INTERNAL',
])

export function exitCodeOf(fault: Fault): ExitCode {
  return inputFaults.has(fault.code) ? exitCodes.badInput : exitCodes.stationFailed
}

/** True when a job ended because of the station, not of its board. */
export function isStationFault(code: FaultCode | undefined): boolean {
  return code !== undefined && stationFaults.has(code)
}
