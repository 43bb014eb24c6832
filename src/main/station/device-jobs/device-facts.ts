// What a plan goes by: what a device says of itself, as its quirks correct it. Before its loader has answered parts of it
// are not known.
import type { DfuProtocol } from '../../../shared/model/dfu-identity.ts'
import type { BoardMode } from '../../../shared/model/identity.ts'
import type { MemoryMap } from '../dfu/memory-map.ts'

/** One alternate setting of the loader. */
export interface MemoryFacts {
  readonly alternate: number
  /** The interface string as the device has it. */
  readonly name: string | null
  /** null where the name is no memory map. */
  readonly map: MemoryMap | null
}

/** What only its loader can say for certain: in run-time mode many devices leave it out, or say something else. */
export interface LoaderFacts {
  readonly protocol: DfuProtocol
  readonly canUpload: boolean
  readonly canDownload: boolean
  readonly isManifestationTolerant: boolean
  readonly memories: readonly MemoryFacts[]
}

export interface DeviceFacts {
  readonly mode: BoardMode
  /** What is known of its loader: null while its program runs, then `expected` is all there is. */
  readonly loader: LoaderFacts | null
  /** How its loader will most likely be, from the descriptors of its program. */
  readonly expected: Pick<LoaderFacts, 'protocol' | 'isManifestationTolerant'>
}

/** "Internal Flash", the name as it is, or "memory 2" where it has none. */
export function memoryName({ alternate, name, map }: MemoryFacts): string {
  const text = map ? map.name : name?.trim()
  return text ? text : `memory ${alternate}`
}

/** "0 Internal Flash, 1 Option Bytes": for people who have to choose one. */
export function memoryList(memories: readonly MemoryFacts[]): string {
  return memories.map((memory) => `${memory.alternate} ${memoryName(memory)}`).join(', ')
}
