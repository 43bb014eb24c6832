// Writes Intel HEX for tests, record by record, from the format alone; it shares nothing with the reader or the export.

export interface HexStyle {
  readonly recordBytes?: number
  readonly upper?: boolean
  readonly lineEnd?: string
  /** Extended segment addresses (type 02) in place of linear ones, for addresses below 1 MiB. */
  readonly segmented?: boolean
}

export interface Block {
  readonly address: number
  readonly bytes: Uint8Array
}

export function record(type: number, offset: number, data: Uint8Array): string {
  const bytes = [data.length, offset >> 8, offset & 0xff, type, ...data]
  const sum = bytes.reduce((all, byte) => all + byte, 0)
  return `:${Buffer.from([...bytes, -sum & 0xff]).toString('hex')}`
}

export const endOfFile = ':00000001ff'

/** The records of one block, each with its address record before it. */
export function records(block: Block, style: HexStyle = {}): readonly string[] {
  const size = style.recordBytes ?? 16
  const lines: string[] = []
  for (let at = 0; at < block.bytes.length; ) {
    const address = block.address + at
    const length = Math.min(size, block.bytes.length - at, 0x1_0000 - (address & 0xffff))
    lines.push(`${baseRecord(address, style)}\n${record(0, address & 0xffff, block.bytes.subarray(at, at + length))}`)
    at += length
  }
  return lines
}

function baseRecord(address: number, style: HexStyle): string {
  const high = address >>> 16
  return style.segmented === true
    ? record(2, 0, Uint8Array.of(((high << 12) >> 8) & 0xff, 0))
    : record(4, 0, Uint8Array.of(high >> 8, high & 0xff))
}

export function hexText(blocks: readonly Block[], style: HexStyle = {}): string {
  return hexOf(
    blocks.flatMap((block) => records(block, style)),
    style,
  )
}

export function hexOf(lines: readonly string[], style: HexStyle = {}): string {
  const text = `${[...lines, endOfFile].join('\n')}\n`
  const cased = style.upper === true ? text.toUpperCase() : text
  return cased.replaceAll('\n', style.lineEnd ?? '\n')
}
