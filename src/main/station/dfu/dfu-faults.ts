// The one table from DFU status codes to faults, and the sentence each fault carries. It must not know transfers.

import { Fault } from '../../../shared/fault/fault.ts'
import type { FaultCode } from '../../../shared/fault/fault-codes.ts'
import { type DfuStatus, knownStatusName, stateName, statusName } from './status.ts'
import type { DfuStatusName } from './words.ts'

/** What an operation does to the board; a stall means different things to each. */
export type DfuPurpose = 'erase' | 'write' | 'set address' | 'read' | 'leave'

/** One operation as a fault names it: "erase of sector 0x00030000". */
export interface DfuAct {
  readonly purpose: DfuPurpose
  readonly detail: string
}

/** Fault code of each status (USB DFU 1.1, section 6.1.2); errVENDOR is read protection under DfuSe. */
export const statusFaults: Readonly<Record<Exclude<DfuStatusName, 'OK'>, FaultCode>> = {
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

function codeOf(status: number): FaultCode {
  const name = knownStatusName(status)
  return name === null || name === 'OK' ? 'DFU_DEVICE_FAILED' : statusFaults[name]
}

function changesMemory(act: DfuAct): boolean {
  return act.purpose === 'erase' || act.purpose === 'write'
}

/** "0x00030000". */
export function hex(address: number): string {
  return `0x${address.toString(16).padStart(8, '0')}`
}

export function describeStatus(status: DfuStatus): string {
  return `${stateName(status.state)}, ${statusName(status.status)}`
}

/** The board reports an error in its status. */
export function statusFault(act: DfuAct, status: DfuStatus): Fault {
  return new Fault(codeOf(status.status), `${act.detail}: board reports ${describeStatus(status)}`)
}

/**
 * The board stalled. `learnt` is what it says about it afterwards, null when it does not answer. Gen 2 boards hide a
 * failed write behind a stall and then report OK, so a stall of an erase or a write is a failure whatever follows.
 */
export function stallFault(act: DfuAct, learnt: DfuStatus | null): Fault {
  const told = learnt === null ? 'no status afterwards' : `then ${describeStatus(learnt)}`
  const code = learnt === null ? 'DFU_DEVICE_FAILED' : codeOf(learnt.status)
  const failedWrite = changesMemory(act) && code === 'DFU_DEVICE_FAILED'
  return new Fault(failedWrite ? 'DFU_WRITE_FAILED' : code, `${act.detail}: stalled, ${told}`)
}

/** The transfer ended without an answer: a silent board in the middle of an operation is one that stays busy. */
export function lostFault(act: DfuAct, fault: Fault): Fault {
  if (fault.code !== 'USB_TIMEOUT') return fault
  return new Fault('DFU_STUCK_BUSY', `${act.detail}: no answer (${fault.detail})`, { cause: fault })
}
