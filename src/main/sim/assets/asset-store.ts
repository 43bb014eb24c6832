// The files in an asset area: each a chain of 4 KB blocks, every block with its own head. The first block says that
// the area is a file system: without it everything is lost, as with a real one. Nothing is remembered beside the flash.
import type { AssetArea } from './asset-area.ts'

export interface StoredFile {
  readonly fileId: number
  /** The asset module as it was sent, header and CRC included. */
  readonly bytes: Uint8Array
}

const blockBytes = 4096
const headBytes = 8
const dataBytes = blockBytes - headBytes
/** Kept free for the file system itself; the first of them holds its mark. */
const reservedBlocks = 10
const mark = new TextEncoder().encode('assets 1')
const blockMagic = 0xa5
const sizeMask = 0xfff

interface Block {
  readonly address: number
  readonly fileId: number
  readonly place: number
  readonly count: number
  /** Bytes in the last block. */
  readonly tailBytes: number
}

export function readFiles(area: AssetArea): readonly StoredFile[] {
  return wholeChains(area).map((blocks) => ({ fileId: blocks[0].fileId, bytes: joined(area, blocks) }))
}

export function hasRoom(area: AssetArea, sizeBytes: number): boolean {
  return usedBlocks(area).length + blocksFor(sizeBytes) <= area.blocks - reservedBlocks
}

/** Writes nothing when there is no room. */
export function writeFile(area: AssetArea, bytes: Uint8Array): void {
  if (!isFormatted(area)) format(area)
  if (!hasRoom(area, bytes.length)) return
  const used = usedBlocks(area)
  const count = blocksFor(bytes.length)
  const taken = new Set(used.map((block) => block.address))
  const free = addresses(area).filter((address) => !taken.has(address))
  const fileId = freeIdAmong(used)
  for (let place = 0; place < count; place++) {
    const address = free[place] ?? area.address
    const part = bytes.subarray(place * dataBytes, (place + 1) * dataBytes)
    area.chip.eraseSector(address)
    area.chip.program(address, headOf({ fileId, place, count, tailBytes: bytes.length - (count - 1) * dataBytes }))
    area.chip.program(address + headBytes, part)
  }
}

export function removeFile(area: AssetArea, fileId: number): void {
  for (const block of usedBlocks(area)) if (block.fileId === fileId) area.chip.eraseSector(block.address)
}

/** Blocks that a module of this length takes. */
export function blocksFor(sizeBytes: number): number {
  return Math.ceil(sizeBytes / dataBytes)
}

/** There are never more files than blocks. */
function freeIdAmong(used: readonly Block[]): number {
  const taken = new Set(used.map((block) => block.fileId))
  let id = 0
  while (taken.has(id)) id += 1
  return id
}

function isFormatted({ chip, address }: AssetArea): boolean {
  return Buffer.from(chip.read(address, mark.length)).equals(mark)
}

function format(area: AssetArea): void {
  for (const address of [area.address, ...addresses(area)]) area.chip.eraseSector(address)
  area.chip.program(area.address, mark)
}

/** Of the blocks for files. */
function addresses({ address, blocks }: AssetArea): readonly number[] {
  return Array.from({ length: blocks - 1 }, (_, n) => address + (n + 1) * blockBytes)
}

/** Blocks of files that are whole; the others are free. */
function usedBlocks(area: AssetArea): readonly Block[] {
  return wholeChains(area).flat()
}

type Chain = readonly [Block, ...Block[]]

function wholeChains(area: AssetArea): readonly Chain[] {
  if (!isFormatted(area)) return []
  const blocks = addresses(area).flatMap((address) => blockAt(area, address) ?? [])
  return [...Map.groupBy(blocks, (block) => block.fileId).values()].flatMap((found) => {
    const [first, ...others] = found.toSorted((a, b) => a.place - b.place)
    const isWhole = first?.count === found.length && [first, ...others].every((block, n) => block.place === n)
    return first && isWhole ? [[first, ...others]] : []
  })
}

function blockAt(area: AssetArea, address: number): Block | null {
  const head = area.chip.read(address, headBytes)
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (view.getUint8(0) !== blockMagic) return null
  const counts = view.getUint32(4, true)
  return {
    address,
    fileId: view.getUint16(2, true),
    tailBytes: counts & sizeMask,
    place: (counts >>> 12) & 0x3ff,
    count: counts >>> 22,
  }
}

function headOf({ fileId, place, count, tailBytes }: Omit<Block, 'address'>): Uint8Array {
  const head = new Uint8Array(headBytes)
  const view = new DataView(head.buffer)
  view.setUint8(0, blockMagic)
  view.setUint16(2, fileId, true)
  view.setUint32(4, ((count << 22) | (place << 12) | tailBytes) >>> 0, true)
  return head
}

function joined(area: AssetArea, blocks: Chain): Uint8Array {
  const [{ count, tailBytes }] = blocks
  const bytes = new Uint8Array((count - 1) * dataBytes + tailBytes)
  blocks.forEach((block, n) => {
    bytes.set(area.chip.read(block.address + headBytes, n === count - 1 ? tailBytes : dataBytes), n * dataBytes)
  })
  return bytes
}
