// What the DFU machines of the two bootloader lines have in common for the board around them.
import type { DeviceFace } from '../face-reply.ts'
import { state, status } from './dfu-words.ts'

/** service: protection is overridden for a while. */
export type Protection = 'open' | 'protected' | 'service'

export interface DfuFace extends DeviceFace {
  /** SET_INTERFACE; false when there is no such alternate setting. */
  selectAlternate(alternate: number): boolean
  alternate(): number
  /** SET_CONFIGURATION, also after a bus reset. */
  configured(): void
  /** Forces dfuERROR with this status, for scripted faults. */
  fail(status: number): void
}

/** What the machine asks of its board. */
export interface DfuHost {
  /** A reset some time after this transfer; a second call replaces the first. */
  resetAfter(delayMs: number, into: 'boot' | 'safe'): void
  cancelReset(): void
  /** USB detach and attach without a reset. */
  reattach(): void
  protection(): Protection
  /** Service mode ends, protection is back. */
  clearOverride(): void
}

/** Where the machine stands when the host first meets it; a host must be able to begin from each. */
export type DfuStart = 'idle' | 'error' | 'dnload-idle' | 'upload-idle'

/** State and status for each of them. */
export const startStates: Readonly<Record<DfuStart, readonly [state: number, status: number]>> = {
  idle: [state.idle, status.ok],
  error: [state.error, status.errUnknown],
  'dnload-idle': [state.dnloadIdle, status.ok],
  'upload-idle': [state.uploadIdle, status.ok],
}

/** DFU_ABORT leads from these to dfuIDLE (USB DFU 1.1, section 6.1.4). */
export const abortableStates: readonly number[] = [
  state.idle,
  state.dnloadSync,
  state.dnloadIdle,
  state.manifestSync,
  state.uploadIdle,
]

export function readAddress(data: Uint8Array): number {
  return new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(1, true)
}

export function addressOfBlock(pointer: number, block: number, transferSizeBytes: number): number {
  return pointer + (block - 2) * transferSizeBytes
}
