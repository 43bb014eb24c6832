// The numbers of the Device OS module format (module_info.h): sizes, flags, functions, extension types.
import type { ModuleKind } from '../../../shared/model/module.ts'

export const prefixSize = 24
export const crcSize = 4
/** reserved u16, SHA-256, size u16. */
export const baseSuffixSize = 36
/** With product ID and version before the base suffix. */
export const productSuffixSize = 40
export const smallestModule = prefixSize + baseSuffixSize + crcSize

export const moduleFlags = {
  dropModuleInfo: 0x01,
  compressed: 0x02,
  combined: 0x04,
  encrypted: 0x08,
  prefixExtensions: 0x10,
} as const
export const knownFlags = 0x1f

const kindsByFunction: ReadonlyMap<number, ModuleKind> = new Map([
  [2, 'bootloader'],
  [3, 'mono'],
  [4, 'system'],
  [5, 'user'],
  [7, 'ncp'],
  [8, 'radio'],
  [9, 'asset'],
])
export const highestFunction = 9

/** Null for 0 (none), 1 (resource) and 6 (settings), which no file carries, and for anything above 9. */
export function kindOfFunction(functionId: number): ModuleKind | null {
  return kindsByFunction.get(functionId) ?? null
}

export const extensionTypes = {
  end: 0x0000,
  productData: 0x0001,
  dynamicLocation: 0x0002,
  dependency: 0x0003,
  hash: 0x0010,
  name: 0x0011,
  assetDependency: 0x0012,
  securityMode: 0x0013,
  assetType: 0x0014,
  invalid: 0xffff,
} as const

export function hex(value: number): string {
  return `0x${value.toString(16).toUpperCase()}`
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
