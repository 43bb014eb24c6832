// nRF with a bootloader of 3.1.0 or newer: when a header of a user module is written at 0xB4000 (the 256 KB layout), it
// erases the page at 0xD4000 so that an old 128 KB user module cannot win over it. Wraps the internal memory of the board.
import type { DfuMemory, MemoryWork } from './dfu-memory.ts'

const userStart = 0xb4000
const formerUserStart = 0xd4000
const headerSizeBytes = 24
const userFunction = 5

export function eraseFormerUserPart(memory: DfuMemory, platformId: number): DfuMemory {
  return {
    ...memory,
    write: (address, data) => {
      const work = memory.write(address, data)
      if (!work || address !== userStart || !isUserHeader(data, platformId)) return work
      const erase = memory.erase(formerUserStart)
      return erase ? inOrder(work, erase) : work
    },
  }
}

function isUserHeader(data: Uint8Array, platformId: number): boolean {
  if (data.length < headerSizeBytes) return false
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  return view.getUint32(0, true) === userStart && view.getUint16(12, true) === platformId && data[14] === userFunction
}

function inOrder(first: MemoryWork, second: MemoryWork): MemoryWork {
  const apply = () => {
    first.apply()
    second.apply()
  }
  return { ...first, durationMs: first.durationMs + second.durationMs, apply }
}
