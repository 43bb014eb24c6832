// The files of a cabinet, unpacked ([MS-CAB] 2.4, [MS-MCI]): stored or MSZIP, block by block, each block against its sum
// and its size. MSZIP is deflate that looks back over the blocks before, 32 KiB of them.
import { inflateRawSync } from 'node:zlib'
import { viewOf } from '../firmware/module-format.ts'
import type { Refuse } from '../firmware/refusal.ts'
import { type CabFolder, readCabDirectory } from './cab-directory.ts'
import { maxCabBlocks, maxImageBytes } from './image-limits.ts'

export interface Cabinet {
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly isSigned: boolean
}

interface Block {
  readonly packed: Uint8Array
  readonly sizeBytes: number
}

const blockHeadBytes = 8
const maxBlockBytes = 32 * 1024

/** Refuses what readCabDirectory refuses, CRC_MISMATCH for a block, BAD_CAB, TRUNCATED and TOO_LARGE. */
export function openCabinet(bytes: Uint8Array, refuse: Refuse): Cabinet {
  const { folders, entries, reservedInBlock, isSigned } = readCabDirectory(bytes, refuse)
  // All sizes before the first byte is unpacked: a small file must not grow beyond measure.
  const count = folders.reduce((sum, folder) => sum + folder.blocks, 0)
  if (count > maxCabBlocks) refuse('TOO_LARGE', `the cabinet has ${count} blocks; ${maxCabBlocks} is the most`)
  const blocks = folders.map((folder) => blocksOf(folder, { bytes, reserved: reservedInBlock, refuse }))
  const sizes = blocks.map((each) => each.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total > maxImageBytes) refuse('TOO_LARGE', `the cabinet unpacks to ${total} bytes; ${maxImageBytes} is the most`)
  for (const { name, folder, offset, sizeBytes } of entries) {
    if (offset + sizeBytes > (sizes[folder] ?? 0)) refuse('BAD_CAB', `${name} lies outside of its folder`)
  }
  const named = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  if (named > total)
    refuse('BAD_CAB', `its files have ${named} bytes and the cabinet ${total}: they lie over each other`)
  const unpacked = blocks.map((each, at) => unpack(each, folders[at]?.compression ?? 'stored', refuse))
  const files = entries.map(({ name, folder, offset, sizeBytes }): [string, Uint8Array] => [
    name,
    unpacked[folder]?.subarray(offset, offset + sizeBytes) ?? new Uint8Array(0),
  ])
  return { files: new Map(files), isSigned }
}

function blocksOf(
  folder: CabFolder,
  from: { readonly bytes: Uint8Array; readonly reserved: number; readonly refuse: Refuse },
): readonly Block[] {
  const { bytes, reserved, refuse } = from
  const view = viewOf(bytes)
  const blocks: Block[] = []
  let at = folder.offset
  for (let number = 1; number <= folder.blocks; number += 1) {
    const title = `block ${number} of ${folder.blocks}`
    const head = blockHeadBytes + reserved
    if (bytes.length - at < head) refuse('TRUNCATED', `the cabinet ends inside ${title}`)
    const [packedBytes, sizeBytes] = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)]
    if (bytes.length - at - head < packedBytes) refuse('TRUNCATED', `the cabinet ends inside ${title}`)
    if (sizeBytes === 0 || sizeBytes > maxBlockBytes) refuse('BAD_CAB', `${title} says ${sizeBytes} bytes unpacked`)
    const packed = bytes.subarray(at + head, at + head + packedBytes)
    checkSum(bytes.subarray(at, at + head), packed, (what) => refuse('CRC_MISMATCH', `${title}: ${what}`))
    blocks.push({ packed, sizeBytes })
    at += head + packedBytes
  }
  return blocks
}

/** A sum of 0 says that there is none. */
function checkSum(head: Uint8Array, packed: Uint8Array, refuse: (what: string) => never): void {
  const stated = viewOf(head).getUint32(0, true)
  const actual = (cabSum(packed) ^ cabSum(head.subarray(4))) >>> 0
  if (stated === 0 || stated === actual) return
  refuse(`its sum is ${stated.toString(16)}, its bytes give ${actual.toString(16)}`)
}

/** Words of four bytes, exclusive-or; what is left over counts from its last byte upwards. */
function cabSum(bytes: Uint8Array): number {
  const view = viewOf(bytes)
  const whole = bytes.length - (bytes.length % 4)
  let sum = 0
  for (let at = 0; at < whole; at += 4) sum ^= view.getUint32(at, true)
  let rest = 0
  for (let at = whole; at < bytes.length; at += 1) rest = (rest << 8) | (bytes[at] ?? 0)
  return (sum ^ rest) >>> 0
}

function unpack(blocks: readonly Block[], compression: CabFolder['compression'], refuse: Refuse): Uint8Array {
  const out = new Uint8Array(blocks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))
  let filled = 0
  for (const block of blocks) {
    const before = out.subarray(Math.max(0, filled - maxBlockBytes), filled)
    const bytes = compression === 'stored' ? block.packed : inflate(block, before, refuse)
    if (bytes.length !== block.sizeBytes) {
      refuse('BAD_CAB', `a block says ${block.sizeBytes} bytes unpacked and has ${bytes.length}`)
    }
    out.set(bytes, filled)
    filled += bytes.length
  }
  return out
}

function inflate({ packed, sizeBytes }: Block, dictionary: Uint8Array, refuse: Refuse): Uint8Array {
  if (packed[0] !== 0x43 || packed[1] !== 0x4b) refuse('BAD_CAB', 'an MSZIP block does not begin with "CK"')
  const options = { maxOutputLength: sizeBytes, ...(dictionary.length > 0 ? { dictionary } : {}) }
  try {
    return inflateRawSync(packed.subarray(2), options)
  } catch (thrown) {
    return refuse('BAD_CAB', `an MSZIP block of ${sizeBytes} bytes cannot be unpacked`, thrown)
  }
}
