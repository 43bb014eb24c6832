// Memories that are left alone unless a recipe names them: option bytes can lock a chip for ever, one-time-programmable
// bytes cannot be changed again. Told by the name of the memory, and by the addresses that ST's chips have them at.
import type { DevicePiece } from '../../../shared/model/device-plan.ts'
import type { DfuRecipeDevice } from '../../../shared/model/recipe.ts'
import type { AddressRange } from '../dfu/memory-map.ts'
import { type MemoryFacts, memoryName } from './device-facts.ts'

type Allowed = DfuRecipeDevice['allow'][number]
/** never: no recipe can name it. */
type Kind = Allowed | 'never'

const words: Readonly<Record<Kind, string>> = {
  'option-bytes': 'option bytes',
  otp: 'one-time-programmable memory',
  never: 'a device feature register',
}

const names: readonly (readonly [RegExp, Kind])[] = [
  [/option\s*bytes?/i, 'option-bytes'],
  [/\botp\b|one[\s-]*time/i, 'otp'],
  [/device\s*feature/i, 'never'],
]

/** Reference manuals of the STM32 families. Where two families differ the range is both. */
const places: readonly (readonly [start: number, end: number, kind: Kind])[] = [
  [0x1fff_f800, 0x1fff_f830, 'option-bytes'], // F0, F1, F3; second bank of L4
  [0x1fff_c000, 0x1fff_c010, 'option-bytes'], // F2, F4
  [0x1ffe_c000, 0x1ffe_c010, 'option-bytes'], // F4, second bank
  [0x1fff_0000, 0x1fff_0020, 'option-bytes'], // F7
  [0x1ff8_0000, 0x1ff8_0020, 'option-bytes'], // L0, L1
  [0x1fff_7800, 0x1fff_7830, 'option-bytes'], // L4, G4, WB
  [0x5200_2000, 0x5200_2200, 'option-bytes'], // H7
  [0x4002_2000, 0x4002_2100, 'option-bytes'], // G0, L5, U5
  [0x5800_4000, 0x5800_4100, 'option-bytes'], // WB, WL
  [0x1fff_7800, 0x1fff_7a10, 'otp'], // F2, F4
  [0x1fff_7000, 0x1fff_7400, 'otp'], // L4, G0, G4, WB
  [0x1ff0_f000, 0x1ff0_f420, 'otp'], // F7
  [0x1ff0_7800, 0x1ff0_7a10, 'otp'], // F72x, F73x
  [0x08ff_f000, 0x08ff_f400, 'otp'], // H7
  [0x0bfa_0000, 0x0bfa_0200, 'otp'], // L5, U5
  [0xffff_0000, 0xffff_0100, 'never'], // feature register of the ROM
]

/** True where the name of the memory says that it is for no firmware. */
export function isProtectedMemory(memory: MemoryFacts): boolean {
  return kindOfName(memory) !== null
}

/** True of a piece for such a memory: its bytes take effect by themselves, and may forbid what comes after them. */
export function isProtectedPiece({ alternate, memory, address, sizeBytes }: DevicePiece): boolean {
  const range = address === null ? null : { address, sizeBytes }
  return protectedBecause({ alternate, name: memory, map: null }, range, []) !== null
}

/** Why this range must be left alone, or null. A name decides; without one the address does. */
export function protectedBecause(
  memory: MemoryFacts,
  range: AddressRange | null,
  allow: readonly Allowed[],
): string | null {
  const named = kindOfName(memory)
  const kinds = named ? [named] : range ? kindsAt(range) : []
  const barred = kinds.find((kind) => kind === 'never' || !allow.includes(kind))
  if (!barred) return null
  const where = `${memoryName(memory)} (memory ${memory.alternate})`
  const way = barred === 'never' ? 'no recipe may write it' : `a recipe must name it: allow "${barred}"`
  return `${where} is ${words[barred]}, which is left alone; ${way}`
}

function kindOfName({ name }: MemoryFacts): Kind | null {
  return names.find(([pattern]) => pattern.test(name ?? ''))?.[1] ?? null
}

function kindsAt({ address, sizeBytes }: AddressRange): readonly Kind[] {
  return places.filter(([start, end]) => address < end && start < address + sizeBytes).map(([, , kind]) => kind)
}
