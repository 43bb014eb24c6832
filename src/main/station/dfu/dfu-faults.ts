// The tables from DFU status codes to faults, and the sentence each fault carries. A status means different things on
// Particle's boards, under DfuSe and under plain DFU. It must not know transfers.
import { Fault } from '../../../shared/fault/fault.ts'
import type { FaultCode } from '../../../shared/fault/fault-codes.ts'
import { type DfuStatus, knownStatusName, stateName, statusName } from './status.ts'
import { type DfuStatusName, dfuStatuses } from './words.ts'

/** What an operation does to the board; a stall means different things to each. */
export type DfuPurpose = 'erase' | 'write' | 'set address' | 'unprotect' | 'read' | 'manifest' | 'leave'

/** One operation as a fault names it: "erase of sector 0x00030000". */
export interface DfuAct {
  readonly purpose: DfuPurpose
  readonly detail: string
  /** Where it may take longer than the operations of a family do. */
  readonly deadlineMs?: number
}

export type StatusFaults = Readonly<Record<Exclude<DfuStatusName, 'OK'>, FaultCode>>

/** Fault code of each status on Particle's boards (USB DFU 1.1, section 6.1.2); errVENDOR is their security mode. */
export const statusFaults: StatusFaults = {
  errTARGET: 'DFU_REJECTED_FILE',
  errFILE: 'DFU_REJECTED_FILE',
  errADDRESS: 'DFU_REJECTED_FILE',
  errWRITE: 'DFU_WRITE_FAILED',
  errERASE: 'DFU_WRITE_FAILED',
  errCHECK_ERASED: 'DFU_WRITE_FAILED',
  errPROG: 'DFU_WRITE_FAILED',
  errVERIFY: 'DFU_VERIFY_FAILED',
  errVENDOR: 'DEVICE_PROTECTED',
  errNOTDONE: 'DFU_DEVICE_FAILED',
  errFIRMWARE: 'DFU_DEVICE_FAILED',
  errUSBR: 'DFU_DEVICE_FAILED',
  errPOR: 'DFU_DEVICE_FAILED',
  errUNKNOWN: 'DFU_DEVICE_FAILED',
  errSTALLEDPKT: 'DFU_DEVICE_FAILED',
}

/** Of any device that speaks plain DFU. errVENDOR is whatever its maker means by it: iString has the words. */
export const plainStatusFaults: StatusFaults = {
  ...statusFaults,
  errNOTDONE: 'DFU_INCOMPLETE',
  errFIRMWARE: 'DFU_PROGRAM_BROKEN',
  errUSBR: 'DFU_INTERRUPTED',
  errPOR: 'DFU_INTERRUPTED',
  errVENDOR: 'DFU_DEVICE_FAILED',
}

/** Of any device that speaks DfuSe, where errVENDOR is the read protection (UM0424). */
export const dfuseStatusFaults: StatusFaults = { ...plainStatusFaults, errVENDOR: 'READ_PROTECTED' }

function codeOf(table: StatusFaults, status: number): FaultCode {
  const name = knownStatusName(status)
  return name === null || name === 'OK' ? 'DFU_DEVICE_FAILED' : table[name]
}

function changesMemory({ purpose }: DfuAct): boolean {
  return purpose === 'erase' || purpose === 'write'
}

/** "0x00030000". */

export function describeStatus(status: DfuStatus): string {
  return `${stateName(status.state)}, ${statusName(status.status)}`
}

/** The board reports an error in its status. */
export function statusFault(table: StatusFaults, act: DfuAct, status: DfuStatus): Fault {
  const detail = `${act.detail}: board reports ${describeStatus(status)}`
  return new Fault(codeOf(table, status.status), detail, causeOf(status))
}

/** An error of the maker's own has its words in a string: whoever can read it finds its index here. */
interface VendorText {
  readonly stringIndex: number
}

function causeOf({ status, stringIndex }: DfuStatus): { readonly cause?: VendorText } {
  return status === dfuStatuses.errVENDOR && stringIndex > 0 ? { cause: { stringIndex } } : {}
}

/** Index of the string that says more about a fault; null when there is none. */
export function vendorTextOf({ cause }: Fault): number | null {
  if (typeof cause !== 'object' || cause === null || !('stringIndex' in cause)) return null
  return typeof cause.stringIndex === 'number' ? cause.stringIndex : null
}

/**
 * The board stalled. `learnt` is what it says about it afterwards, null when it does not answer. Gen 2 boards hide a
 * failed write behind a stall and then report OK, so a stall of an erase or a write is a failure whatever follows.
 */
export function stallFault(table: StatusFaults, act: DfuAct, learnt: DfuStatus | null): Fault {
  const told = learnt === null ? 'no status afterwards' : `then ${describeStatus(learnt)}`
  const code = learnt === null ? 'DFU_DEVICE_FAILED' : codeOf(table, learnt.status)
  const failedWrite = changesMemory(act) && code === 'DFU_DEVICE_FAILED'
  const detail = `${act.detail}: stalled, ${told}`
  return new Fault(failedWrite ? 'DFU_WRITE_FAILED' : code, detail, learnt ? causeOf(learnt) : {})
}

/** The transfer ended without an answer: a silent board in the middle of an operation is one that stays busy. */
export function lostFault(act: DfuAct, fault: Fault): Fault {
  if (fault.code !== 'USB_TIMEOUT') return fault
  return new Fault('DFU_STUCK_BUSY', `${act.detail}: no answer (${fault.detail})`, { cause: fault })
}

/** The board names a time to wait that no operation takes. */
export function pollFault(act: DfuAct, pauseMs: number, longestMs: number): Fault {
  const asked = `${act.detail}: the board wants to be asked again in ${pauseMs} ms`
  return new Fault('DFU_POLL_ABSURD', `${asked}, longer than the ${longestMs} ms that this may take`)
}
