// Which memory of a board, and how much of it: what the command line names, and what the board tells of the rest.
import { Fault } from '../../shared/fault/fault.ts'
import type { LoaderMemory } from '../station/dfu/loader-memories.ts'
import { endOfReadable } from '../station/dfu/memory-map.ts'
import type { CommandLine } from './arguments.ts'
import type { MemorySource } from './memory-source.ts'

export interface ChosenMemory {
  readonly alternate: number
  /** "Internal Flash", "alt 0". */
  readonly name: string
  /** null for plain DFU. */
  readonly address: number | null
  readonly sizeBytes: number | null
  /** What is left out, as a sentence; null where it is all. */
  readonly note: string | null
}

type Wish = Pick<CommandLine, 'memory' | 'address' | 'sizeBytes'>

/** Throws CALL_REJECTED, naming what there is to choose among. */
export function chooseMemory(
  { memories, protocol }: Pick<MemorySource, 'memories' | 'protocol'>,
  wish: Wish,
): ChosenMemory {
  const memory = memoryOf(memories, wish.memory)
  const { alternate } = memory
  const name = shortName(memory)
  if (protocol === 'dfuse') return { alternate, name, ...rangeOf(memory, wish) }
  if (wish.address !== null) throw refusal(`--address: the device speaks plain DFU, which has no addresses`)
  return { alternate, name, address: null, sizeBytes: wish.sizeBytes, note: null }
}

function memoryOf(memories: readonly LoaderMemory[], wanted: Wish['memory']): LoaderMemory {
  const found = memories.find((memory, at) => {
    if (wanted === null) return at === 0
    return typeof wanted === 'number' ? memory.alternate === wanted : isCalled(memory, wanted)
  })
  if (found) return found
  const all = memories.map((memory) => `${memory.alternate} ${shortName(memory)}`).join(', ')
  throw refusal(`--memory ${wanted}: the device has no such memory; it has ${all}`)
}

function isCalled(memory: LoaderMemory, start: string): boolean {
  const word = start.replace(/^@/, '').trim().toLowerCase()
  return memory.name !== null && shortName(memory).toLowerCase().startsWith(word)
}

/** Without the map that DfuSe writes behind it. */
function shortName({ alternate, name, map }: LoaderMemory): string {
  return (map?.name ?? name?.trim()) || `alt ${alternate}`
}

function rangeOf(memory: LoaderMemory, wish: Wish): Pick<ChosenMemory, 'address' | 'sizeBytes' | 'note'> {
  const { map } = memory
  const first = map?.segments.find(({ isReadable }) => isReadable)
  const address = wish.address ?? first?.startAddress ?? null
  if (address === null)
    throw refusal(`${shortName(memory)} tells no addresses that can be read: give --address and --size`)
  const end = map ? endOfReadable(map, address) : address
  const sizeBytes = wish.sizeBytes ?? (end > address ? end - address : null)
  if (sizeBytes === null) throw refusal(`${shortName(memory)} does not tell how much there is to read: give --size`)
  const more = wish.sizeBytes === null && map?.segments.some((each) => each.isReadable && each.startAddress >= end)
  return {
    address,
    sizeBytes,
    note: more ? `${shortName(memory)} goes on behind a gap; --address reads from there` : null,
  }
}

function refusal(detail: string): Fault {
  return new Fault('CALL_REJECTED', detail)
}
