// The operations that erase the sectors a write needs, each once, one DfuSe command a sector. It must not decide which
// ranges may be touched: guard.ts has done that before.
import { addressText } from '../../../shared/model/address.ts'
import type { MemorySector } from './memory-map.ts'
import { command, type Operation } from './operate.ts'
import type { SessionState } from './session-state.ts'
import { commandBlock, dfuseCommands } from './words.ts'

/** Each sector is marked as erased as soon as the board confirms it. */
export function eraseOperations(
  { erased }: SessionState,
  alternate: number,
  sectors: readonly MemorySector[],
): readonly Operation[] {
  return sectors.map((sector) => ({
    block: commandBlock,
    data: command(dfuseCommands.ERASE, sector.address),
    act: { purpose: 'erase', detail: `erase of sector ${addressText(sector.address)}` },
    whenDone: () => erased.markErased(alternate, sector),
    news: { kind: 'erased', address: sector.address, sizeBytes: sector.sizeBytes },
  }))
}
