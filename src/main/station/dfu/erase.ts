// Erases the sectors a write needs, each once, one DfuSe command a sector. It must not decide which ranges may be
// touched: guard.ts has done that before.
import { hex } from './dfu-faults.ts'
import { type Dfu, report } from './machine.ts'
import type { MemorySector } from './memory-map.ts'
import { command, operate } from './operate.ts'
import type { SessionState } from './session-state.ts'
import { commandBlock, dfuseCommands } from './words.ts'

/** The memory must have been entered. Each sector is marked as erased as soon as the board confirms it. */
export function* eraseSectors(state: SessionState, alternate: number, sectors: readonly MemorySector[]): Dfu<void> {
  for (const sector of sectors) {
    const act = { purpose: 'erase', detail: `erase of sector ${hex(sector.address)}` } as const
    yield* operate(state, { block: commandBlock, data: command(dfuseCommands.ERASE, sector.address), act })
    state.erased.markErased(alternate, sector)
    yield* report({ kind: 'erased', address: sector.address, sizeBytes: sector.sizeBytes })
  }
}
