// What a synthetic module shall be, and what each platform family makes of a spec that leaves things open: where the
// prefix lies, how long the suffix is, where the module starts. Facts: Device OS module_info.h and linker scripts.
// Knows nothing of the readers in boot/, which must agree by the format alone.
import { Fault } from '../../../shared/fault/fault.ts'
import type { SimPlatform } from '../board-parts.ts'
import { simPlatformOf } from '../sim-platforms.ts'

export type SyntheticKind = 'bootloader' | 'mono' | 'system' | 'user' | 'ncp' | 'radio' | 'asset'

export interface SyntheticDependency {
  readonly kind: SyntheticKind
  readonly index: number
  readonly version: number
}

export interface ModuleSpec {
  readonly platform: SimPlatform
  readonly kind: SyntheticKind
  readonly index: number
  readonly version: number
  /** Length of the file: header, payload, suffix and CRC. */
  readonly sizeBytes: number
  /** At most two. */
  readonly dependencies?: readonly SyntheticDependency[]
  /** Written in place of the platform's ID; for modules of foreign platforms. */
  readonly platformId?: number
  /** Flash address of the first byte of the file; left out, the place of this module on its platform. */
  readonly startAddress?: number
  /** Offset of the 24-byte prefix: 0, 0x20 (Realtek image header), 0x184 or 0x200 (vector table). */
  readonly prefixOffset?: 0 | 0x20 | 0x184 | 0x200
  /** 36 without product fields, 40 with them, 62 with the two extensions of RTL modules. */
  readonly suffixBytes?: 36 | 40 | 62
  /** Product ID and version of the suffix; 0xFFFF each when there is none. */
  readonly product?: { readonly id: number; readonly version: number }
  /** Header flag DROP_MODULE_INFO; left out, true for the radio stack only. */
  readonly dropsHeader?: boolean
  /** Other header flags, as bits. */
  readonly flags?: number
  /** Which noise fills the payload; left out, made of the other fields. */
  readonly seed?: string
}

/** A spec with every question answered. */
export type ModuleShape = Required<ModuleSpec>

/** Start addresses by "kind index"; RTL user parts end at 0x08600000 instead. */
type Starts = Readonly<Record<string, number>>

const photonStarts: Starts = {
  'bootloader 0': 0x08000000,
  'system 1': 0x08020000,
  'system 2': 0x08060000,
  'mono 0': 0x08020000,
  'user 1': 0x080a0000,
}
const electronStarts: Starts = {
  'bootloader 0': 0x08000000,
  'system 1': 0x08020000,
  'system 2': 0x08040000,
  'system 3': 0x08060000,
  'mono 0': 0x08020000,
  'user 1': 0x08080000,
}
const nrfStarts: Starts = {
  'bootloader 0': 0xf4000,
  'system 1': 0x30000,
  'mono 0': 0x30000,
  'user 1': 0xd4000,
  'user 2': 0xb4000,
  'radio 0': 0x1000,
}
const rtlStarts: Starts = {
  'bootloader 0': 0x08004000,
  'bootloader 1': 0x08000000,
  'bootloader 2': 0x08014000,
  'system 1': 0x08060000,
  'mono 0': 0x08060000,
}

const rtlUserEnd = 0x08600000

function startsOn(platform: SimPlatform): Starts {
  const { family } = simPlatformOf(platform)
  if (family === 'gen2') return platform === 'electron' ? electronStarts : photonStarts
  return family === 'nrf52' ? nrfStarts : rtlStarts
}

function startOf(spec: ModuleSpec): number {
  if (spec.startAddress !== undefined) return spec.startAddress
  if (spec.kind === 'asset' || spec.kind === 'ncp') return 0
  if (simPlatformOf(spec.platform).family === 'rtl872x' && spec.kind === 'user') return rtlUserEnd - spec.sizeBytes
  const start = startsOn(spec.platform)[`${spec.kind} ${spec.index}`]
  if (start === undefined) throw new Fault('INTERNAL', `no place for ${spec.kind} ${spec.index} on ${spec.platform}`)
  return start
}

function prefixOffsetOf({ platform, kind, index }: ModuleSpec): 0 | 0x20 | 0x184 | 0x200 {
  if (kind === 'user' || kind === 'radio' || kind === 'ncp' || kind === 'asset') return 0
  switch (simPlatformOf(platform).family) {
    case 'gen2':
      // The third system part of an Electron has no vector table.
      return kind === 'system' && index === 3 ? 0 : 0x184
    case 'nrf52':
      return 0x200
    case 'rtl872x':
      return kind === 'bootloader' && index < 2 ? 0x20 : 0
  }
}

function suffixBytesOf({ platform, kind }: ModuleSpec): 36 | 40 | 62 {
  if (kind === 'radio' || kind === 'ncp') return 36
  return simPlatformOf(platform).family === 'rtl872x' ? 62 : 40
}

/** Answers what the spec leaves open. INTERNAL when the platform has no place for such a module. */
export function shapeOf(spec: ModuleSpec): ModuleShape {
  return {
    dependencies: [],
    platformId: spec.kind === 'asset' ? 0 : simPlatformOf(spec.platform).platformId,
    prefixOffset: prefixOffsetOf(spec),
    suffixBytes: suffixBytesOf(spec),
    product: { id: 0xffff, version: 0xffff },
    dropsHeader: spec.kind === 'radio',
    flags: 0,
    seed: `${spec.platform} ${spec.kind} ${spec.index} ${spec.version} ${spec.sizeBytes}`,
    ...spec,
    startAddress: startOf(spec),
  }
}
