// Files that are no images and known for what they are: each refused by its name, with what to do instead.
import { crc32 } from 'node:zlib'
import { moduleName } from '../../../shared/model/module.ts'
import { platformNameOf } from '../../../shared/model/platform.ts'
import { crcSize, kindOfFunction, viewOf } from '../firmware/module-format.ts'
import { findPrefix } from '../firmware/module-prefix.ts'
import type { RefusalReason, Refuse } from '../firmware/refusal.ts'

interface KnownFile {
  readonly isOne: (bytes: Uint8Array) => boolean
  readonly reason: RefusalReason
  /** What it is, and what to do instead. */
  readonly what: string
}

const convert = 'objcopy -O ihex IN.elf OUT.hex (or -O binary, and the address into the recipe)'

const knownFiles: readonly KnownFile[] = [
  known([0x7f, 0x45, 0x4c, 0x46], `an ELF file, which is for debuggers: convert it with ${convert}`),
  known([0xcf, 0xfa, 0xed, 0xfe], `a Mach-O file: convert it with ${convert}`),
  known(
    [0x50, 0x4b, 0x03, 0x04],
    'a zip: unpack it and take the image in it; one with Particle firmware is imported as firmware',
  ),
  known([0x50, 0x4b, 0x05, 0x06], 'an empty zip'),
  known([0x4d, 0x53, 0x43, 0x46], 'a cabinet inside of another file: take it out first'),
  known([0x1f, 0x8b], 'packed with gzip: unpack it first'),
  known([0x42, 0x5a, 0x68], 'packed with bzip2: unpack it first'),
  known([0xfd, 0x37, 0x7a, 0x58, 0x5a], 'packed with xz: unpack it first'),
  known([0x28, 0xb5, 0x2f, 0xfd], 'packed with zstd: unpack it first'),
  known([0x37, 0x7a, 0xbc, 0xaf], 'a 7z archive: unpack it first'),
  { isOne: isTar, reason: 'UNSUPPORTED_FILE', what: 'a tar archive: unpack it first' },
  {
    isOne: isUf2,
    reason: 'UNSUPPORTED_FILE',
    what: 'a UF2 file, which is copied to a USB drive and not sent over DFU',
  },
  {
    isOne: isSRecord,
    reason: 'UNSUPPORTED_FILE',
    what: 'Motorola S-records: convert it with objcopy -I srec -O ihex IN.srec OUT.hex',
  },
]

/** Refuses UNSUPPORTED_FILE and PARTICLE_MODULE; what is none of them may be anything, a raw image too. */
export function refuseByName(bytes: Uint8Array, refuse: Refuse): void {
  const found = knownFiles.find(({ isOne }) => isOne(bytes))
  if (found) refuse(found.reason, found.what)
  const module = particleModule(bytes)
  if (module !== null) refuse('PARTICLE_MODULE', `${module}: import it as firmware, not as an image`)
  if (isText(bytes))
    refuse('UNSUPPORTED_FILE', 'a text file, and neither Intel HEX nor anything else that can be flashed')
}

function known(magic: readonly number[], what: string): KnownFile {
  return { isOne: (bytes) => magic.every((byte, at) => bytes[at] === byte), reason: 'UNSUPPORTED_FILE', what }
}

/** POSIX.1 ustar, GNU tar. */
function isTar(bytes: Uint8Array): boolean {
  return bytes.length >= 512 && Buffer.from(bytes.subarray(257, 262)).toString('latin1') === 'ustar'
}

/** Blocks of 512 bytes with a number at both ends. */
function isUf2(bytes: Uint8Array): boolean {
  if (bytes.length < 512) return false
  const view = viewOf(bytes)
  return view.getUint32(0, true) === 0x0a32_4655 && view.getUint32(4, true) === 0x9e5d_5157
}

function isSRecord(bytes: Uint8Array): boolean {
  return /^S[0-9][0-9A-Fa-f]{8,}\r?\n/.test(Buffer.from(bytes.subarray(0, 600)).toString('latin1')) && isText(bytes)
}

/** "Photon system 1 version 1512" where the whole file is one, by its header and its CRC; else null. */
function particleModule(bytes: Uint8Array): string | null {
  const prefix = findPrefix(bytes)
  if (prefix === null || prefix.declaredBytes > bytes.length || prefix.declaredBytes <= crcSize) return null
  const end = prefix.declaredBytes - crcSize
  if (viewOf(bytes).getUint32(end, false) !== crc32(bytes.subarray(0, end))) return null
  const kind = kindOfFunction(prefix.functionId)
  const name = kind === null ? 'module' : moduleName({ kind, index: prefix.index })
  const platform = platformNameOf(prefix.platformId) ?? `platform ${prefix.platformId}`
  return `a Particle module (${platform} ${name} version ${prefix.version})`
}

function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d))
}
