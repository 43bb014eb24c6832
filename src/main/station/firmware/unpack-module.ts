// What a packed module file stands for: the original of a compressed module, the two modules of a combined one. Only
// these can be written over DFU, for no bootloader unpacks anything.
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { ModuleFacts } from './module-facts.ts'
import { crcSize, moduleFlags } from './module-format.ts'
import { inspectModule } from './parse-module.ts'

export interface UnpackedModule {
  readonly facts: ModuleFacts
  readonly bytes: Uint8Array
}

/** Plain modules, each checked as a file is; none for a file that is plain itself, and none for an asset. */
export function unpackModule(bytes: Uint8Array, facts: ModuleFacts): readonly UnpackedModule[] {
  const { module } = facts
  if (module.platform === 'any') return []
  const { source } = module
  if (module.isCombined) {
    const length = module.endAddress + crcSize - module.startAddress
    const first = alone(bytes.subarray(0, length), facts)
    return [first, bytes.subarray(length)].flatMap((part) => plainOf(part, source))
  }
  return module.isCompressed && facts.unpacked !== null ? plainOf(facts.unpacked, source) : []
}

function plainOf(bytes: Uint8Array, source: string): readonly UnpackedModule[] {
  const title = `${source} (unpacked)`
  const facts = inspectModule(bytes, { source: title })
  return facts.module.isCompressed ? unpackModule(bytes, facts) : [{ facts, bytes }]
}

/** The first module of a combined file as it was by itself: without the flag, so with its own hash and CRC. */
function alone(bytes: Uint8Array, { prefixOffset, hashCovers }: ModuleFacts): Uint8Array {
  const file = Buffer.from(bytes)
  const end = file.length - crcSize
  file[prefixOffset + 9] = (file[prefixOffset + 9] ?? 0) & ~moduleFlags.combined
  if (hashCovers === 'whole')
    file.set(
      createHash('sha256')
        .update(file.subarray(0, end - 34))
        .digest(),
      end - 34,
    )
  file.writeUInt32BE(crc32(file.subarray(0, end)), end)
  return file
}
