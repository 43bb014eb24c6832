// The DfuSe commands that concern a whole memory: the mass erase, and the removal of the read protection, which erases
// everything and resets the device (UM0424, DfuSe protocol). Both take their time.
import { Fault } from '../../../shared/fault/fault.ts'
import { enterMemory } from './enter.ts'
import type { Dfu } from './machine.ts'
import { operate } from './operate.ts'
import type { SessionState } from './session-state.ts'
import { commandBlock, dfuseCommands } from './words.ts'

/** 2 MiB inside a chip take half a minute, a large serial flash beside it three and more. */
const deadlineMs = 300_000

/** Afterwards the device is in dfuDNLOAD-IDLE. Throws what it reports, DFU_STUCK_BUSY, DFU_POLL_ABSURD. */
export function* eraseAll(state: SessionState, alternate: number): Dfu<void> {
  yield* enterMemory(state, alternate, 'download')
  const act = { purpose: 'erase', detail: 'mass erase', deadlineMs } as const
  yield* operate(state, [{ block: commandBlock, data: Uint8Array.of(dfuseCommands.ERASE), act }])
}

/** gone: it has reset itself, as devices of ST do once the protection is off. idle: it is still there. */
export function* removeProtection(state: SessionState, alternate: number): Dfu<'gone' | 'idle'> {
  yield* enterMemory(state, alternate, 'download')
  const act = { purpose: 'unprotect', detail: 'removal of the read protection', deadlineMs } as const
  try {
    yield* operate(state, [{ block: commandBlock, data: Uint8Array.of(dfuseCommands.READ_UNPROTECT), act }])
    return 'idle'
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== 'USB_GONE') throw thrown
    state.phase = 'left'
    return 'gone'
  }
}
