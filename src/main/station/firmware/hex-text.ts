// Intel HEX text of blocks of flash, as Particle's restore files have it: 16 bytes a record, an address record before
// each block and wherever its upper half changes, LF line ends.

export interface HexBlock {
  readonly address: number
  readonly bytes: Uint8Array
  /** Digits of the parts that the generator wrote by itself are upper case, those of modules lower case. */
  readonly isUpper: boolean
}

const recordBytes = 16
const pageBytes = 0x1_0000
const types = { data: 0, linearAddress: 4 } as const
const endOfFile = ':00000001FF\n'

export function writeHex(blocks: readonly HexBlock[]): string {
  return `${blocks.map(blockText).join('')}${endOfFile}`
}

function blockText({ address, bytes, isUpper }: HexBlock): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const here = address + at
    const offset = here % pageBytes
    const upper = here >>> 16
    if (at === 0 || offset === 0) {
      lines.push(recordText(types.linearAddress, 0, Uint8Array.of(upper >>> 8, upper & 0xff)))
    }
    const length = Math.min(recordBytes, bytes.length - at, pageBytes - offset)
    lines.push(recordText(types.data, offset, bytes.subarray(at, at + length)))
    at += length
  }
  const text = lines.map((line) => `:${line}\n`).join('')
  return isUpper ? text.toUpperCase() : text
}

function recordText(type: number, offset: number, data: Uint8Array): string {
  const record = Buffer.alloc(data.length + 5)
  record.set([data.length, offset >>> 8, offset & 0xff, type])
  record.set(data, 4)
  const sum = record.reduce((all, byte) => all + byte, 0)
  record[record.length - 1] = -sum & 0xff
  return record.toString('hex')
}
