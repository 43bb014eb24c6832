// Builds valid firmware modules out of noise, so that demo, tests and simulated boards need no third-party binary.
// The bytes satisfy every rule of the module format: prefix place, size, suffix, SHA-256, CRC-32.
// They are no programs and must never reach hardware, so they carry a mark by which the station knows them.
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { Fault } from '../../../shared/fault/fault.ts'
import { syntheticMark } from '../../../shared/model/module.ts'
import { type ModuleShape, type ModuleSpec, type SyntheticKind, shapeOf } from './module-spec.ts'
import { noise } from './noise.ts'

/** Module functions of the header (module_info.h). */
const functions: Record<SyntheticKind, number> = {
  bootloader: 2,
  mono: 3,
  system: 4,
  user: 5,
  ncp: 7,
  radio: 8,
  asset: 9,
}

const prefixBytes = 24
const crcBytes = 4
const flagDropModuleInfo = 0x01

/** The info block of Nordic's SoftDevice lies at flash 0x3000: file offset 0x2018 behind the dropped header. */
const softDeviceInfo = { offset: 0x2018, sizeBytes: 0x2c, magic: 0x51b1e5db, coversUpTo: 0x27000, id: 140 }

/** The bytes of a valid module file. INTERNAL when the spec cannot be a module (too small, three dependencies). */
export function buildModule(spec: ModuleSpec): Uint8Array {
  const shape = shapeOf(spec)
  checkSpec(shape)
  const bytes = noise(shape.seed, shape.sizeBytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  writeFront(view, shape)
  writePrefix(view, shape)
  writeMark(bytes, shape)
  if (shape.kind === 'radio') writeSoftDeviceInfo(view, shape)
  writeSuffix(view, shape)
  view.setUint32(shape.sizeBytes - crcBytes, crc32(bytes.subarray(0, -crcBytes)), false)
  return bytes
}

function checkSpec(shape: ModuleShape): void {
  const least = shape.prefixOffset + prefixBytes + shape.suffixBytes + crcBytes
  if (shape.sizeBytes < least) throw new Fault('INTERNAL', `a module of this kind has at least ${least} bytes`)
  if (shape.dependencies.length > 2) throw new Fault('INTERNAL', 'the header has room for two dependencies')
  if (shape.dropsHeader && shape.prefixOffset !== 0) {
    throw new Fault('INTERNAL', 'a module with a vector table cannot drop its header')
  }
  if (shape.kind === 'radio' && shape.sizeBytes < softDeviceInfo.offset + softDeviceInfo.sizeBytes + 40) {
    throw new Fault('INTERNAL', 'a radio stack holds its info block, so it has more than 8.3 KB')
  }
}

/** Vector table or Realtek image header before the prefix: by these bytes a reader finds the prefix. */
function writeFront(view: DataView, shape: ModuleShape): void {
  if (shape.prefixOffset === 0x20) {
    view.setUint32(0, 0x96969999, true)
    view.setUint32(4, 0xfc66cc3f, true)
    view.setUint32(8, shape.sizeBytes - 0x20, true)
    view.setUint32(12, shape.startAddress + 0x20, true)
    for (let offset = 16; offset < 0x20; offset += 4) view.setUint32(offset, 0xffffffff, true)
  } else if (shape.prefixOffset !== 0) {
    view.setUint32(0, shape.prefixOffset === 0x200 ? 0x2003f000 : 0x20020000, true)
    view.setUint32(4, shape.startAddress + shape.prefixOffset + prefixBytes + 1, true)
  }
}

function writePrefix(view: DataView, shape: ModuleShape): void {
  const at = shape.prefixOffset
  view.setUint32(at, shape.startAddress, true)
  view.setUint32(at + 4, shape.startAddress + shape.sizeBytes - crcBytes, true)
  view.setUint8(at + 8, 0)
  view.setUint8(at + 9, shape.flags | (shape.dropsHeader ? flagDropModuleInfo : 0))
  view.setUint16(at + 10, shape.version, true)
  view.setUint16(at + 12, shape.platformId, true)
  view.setUint8(at + 14, functions[shape.kind])
  view.setUint8(at + 15, shape.index)
  for (const slot of [0, 1]) {
    const dependency = shape.dependencies[slot]
    const place = at + 16 + slot * 4
    view.setUint8(place, dependency ? functions[dependency.kind] : 0)
    view.setUint8(place + 1, dependency?.index ?? 0)
    view.setUint16(place + 2, dependency?.version ?? 0, true)
  }
}

/** At the end of the payload; a module too small for it (tests make some) goes without. */
function writeMark(bytes: Uint8Array, shape: ModuleShape): void {
  const mark = new TextEncoder().encode(syntheticMark)
  const at = shape.sizeBytes - crcBytes - shape.suffixBytes - mark.length
  const isRadio = shape.kind === 'radio'
  const least = isRadio ? softDeviceInfo.offset + softDeviceInfo.sizeBytes : shape.prefixOffset + prefixBytes
  if (at >= least) bytes.set(mark, at)
}

function writeSoftDeviceInfo(view: DataView, shape: ModuleShape): void {
  const at = softDeviceInfo.offset
  view.setUint32(at, 0xffffff00 | softDeviceInfo.sizeBytes, true)
  view.setUint32(at + 4, softDeviceInfo.magic, true)
  view.setUint32(at + 8, softDeviceInfo.coversUpTo, true)
  view.setUint32(at + 12, 0xffff0000 | shape.version, true)
  view.setUint32(at + 16, softDeviceInfo.id, true)
}

function writeSuffix(view: DataView, shape: ModuleShape): void {
  const end = shape.sizeBytes - crcBytes
  const base = end - 36
  if (shape.suffixBytes === 40) {
    view.setUint16(base - 4, shape.product.id, true)
    view.setUint16(base - 2, shape.product.version, true)
  }
  if (shape.suffixBytes === 62) writeRtlExtensions(view, shape, base - 26)
  view.setUint16(base, 0, true)
  view.setUint16(end - 2, shape.suffixBytes, true)
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  const isPayloadHash = shape.kind === 'radio' || shape.kind === 'ncp'
  const hashed = isPayloadHash ? bytes.subarray(prefixBytes, shape.sizeBytes - 40) : bytes.subarray(0, -38)
  bytes.set(createHash('sha256').update(hashed).digest(), base + 2)
}

/** DYNAMIC_LOCATION (type 2, 16 bytes), then PRODUCT_DATA (type 1, 10 bytes). */
function writeRtlExtensions(view: DataView, shape: ModuleShape, at: number): void {
  view.setUint16(at, 2, true)
  view.setUint16(at + 2, 16, true)
  view.setUint32(at + 4, shape.startAddress, true)
  view.setUint32(at + 8, 0, true)
  view.setUint32(at + 12, 0, true)
  view.setUint16(at + 16, 1, true)
  view.setUint16(at + 18, 10, true)
  view.setUint16(at + 20, 0xffff, true)
  view.setUint16(at + 22, shape.product.id, true)
  view.setUint16(at + 24, shape.product.version, true)
}
