// Scripted faults in the memories behind a DFU machine: writes that report success and store nothing, or a bit too few,
// and flash that is slower than it should be.
import type { FaultScript } from '../fault-script.ts'
import type { DfuMemory, MemoryWork } from './dfu-memory.ts'
import { type BlockCount, withFlippedBit } from './faulty-dfu.ts'

/** The same memory, but some writes store nothing, or a bit too few, and report success all the same. */
export function withWriteFaults(memory: DfuMemory, script: FaultScript, count: BlockCount): DfuMemory {
  return {
    ...memory,
    erase: (address) => slowed(memory.erase(address), script),
    write: (address, data) => {
      const isFlipped = script.strikeAtBlock('flip-bit', count.downloaded)
      const work = slowed(memory.write(address, isFlipped ? withFlippedBit(data) : data), script)
      const silentFrom = script.lasting('silent-write')?.fromBlock ?? Number.POSITIVE_INFINITY
      return work && count.downloaded >= silentFrom ? silenced(work) : work
    },
  }
}

function silenced(work: MemoryWork): MemoryWork {
  return { ...work, holds: true, apply: () => {}, interrupt: () => {} }
}

function slowed(work: MemoryWork | null, script: FaultScript): MemoryWork | null {
  const factor = script.lasting('slow-flash')?.factor ?? 1
  return work && { ...work, durationMs: work.durationMs * factor }
}
