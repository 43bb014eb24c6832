// Images for simulated devices of every kind, and the files that vendors give out: raw, with the DFU suffix (USB DFU 1.1,
// appendix B), or in ST's container. Written apart from everything that reads them.
import { crc32 } from 'node:zlib'
import { type DeviceKindName, deviceKinds } from '../../../src/main/sim/generic/device-kinds.ts'
import type { DeviceProfile, UsbIds } from '../../../src/main/sim/generic/device-profile.ts'
import { headerBytes, withHeader } from '../../../src/main/sim/generic/image-header.ts'
import { stChips } from '../../../src/main/sim/generic/st-chips.ts'
import { type ProgramShow, stProgram } from '../../../src/main/sim/generic/st-program.ts'
import { noise } from '../../../src/main/sim/synthetic/noise.ts'

export interface DeviceImage {
  readonly bytes: Uint8Array
  /** Where it goes; null: to the beginning of a memory that has no addresses. */
  readonly address: number | null
  /** Alternate setting. */
  readonly memory: number
  /** Of the loader that takes it, and of the program that it is. */
  readonly ids: { readonly dfu: UsbIds; readonly normal: UsbIds }
  /** The bcdDevice that its program shows. */
  readonly release: number
}

interface Wanted {
  readonly release?: number
  readonly sizeBytes?: number
  /** Another seed makes other bytes. */
  readonly seed?: string
  /** Of programs for chips with the loader of ST. */
  readonly shows?: ProgramShow
}

/** A program for a device of this kind, or of this profile. */
export function imageFor(kind: DeviceKindName | DeviceProfile, wanted: Wanted = {}): DeviceImage {
  const profile = typeof kind === 'string' ? deviceKinds[kind].profile : kind
  const { release = 0x0203, sizeBytes = 10_000, seed = 'image', shows = 'dfu-runtime' } = wanted
  if (profile.protocol === 'none') throw new RangeError(`${profile.productName} takes no image`)
  const { ids } = profile
  if (profile.protocol === 'dfu') {
    const bytes = withHeader({ ids: ids.dfu, release }, noise(seed, sizeBytes - headerBytes))
    return { bytes, address: null, memory: profile.programAlternate, ids, release }
  }
  const { flashBase } = stChips[profile.chip]
  const facts = { ids: ids.normal, release, shows: profile.program === null ? shows : profile.program }
  const bytes = stProgram(facts, flashBase, noise(seed, sizeBytes))
  return { bytes, address: flashBase, memory: 0, ids, release }
}

export interface SuffixFields {
  /** 0xffff, as each of the others: of any. */
  readonly vendorId?: number
  readonly productId?: number
  readonly release?: number
  /** bcdDFU: 0x0100 plain, 0x011a DfuSe. */
  readonly dfuVersion?: number
}

const any = 0xffff
const suffixBytes = 16

export function withSuffix(bytes: Uint8Array, fields: SuffixFields = {}): Buffer {
  const { vendorId = any, productId = any, release = any, dfuVersion = 0x0100 } = fields
  const file = Buffer.concat([bytes, Buffer.alloc(suffixBytes)])
  const suffix = file.subarray(bytes.length)
  for (const [at, word] of [release, productId, vendorId, dfuVersion].entries()) suffix.writeUInt16LE(word, at * 2)
  suffix.write('UFD', 8, 'latin1')
  suffix.writeUInt8(suffixBytes, 11)
  suffix.writeUInt32LE(~crc32(file.subarray(0, -4)) >>> 0, 12)
  return file
}

/** Its file with a suffix that names the loader and the release; in ST's container where it has an address. */
export function dfuFile({ bytes, address, memory, ids, release }: DeviceImage): Buffer {
  const of = { vendorId: ids.dfu.vendorId, productId: ids.dfu.productId, release }
  if (address === null) return withSuffix(bytes, of)
  const element = Buffer.concat([words(address, bytes.length), bytes])
  const target = Buffer.concat([
    Buffer.from('Target', 'latin1'),
    Buffer.from([memory]),
    words(1),
    Buffer.from('ST...'.padEnd(255, '\0'), 'latin1'),
    words(element.length, 1),
    element,
  ])
  const prefix = Buffer.concat([Buffer.from('DfuSe\x01', 'latin1'), words(11 + target.length), Buffer.from([1])])
  return withSuffix(Buffer.concat([prefix, target]), { ...of, dfuVersion: 0x011a })
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, at * 4)
  return bytes
}
