// Firmware files as a board must hold them, read by this test alone: where a file belongs is taken from its own header,
// and what lies there from the raw chips. Nothing of the station or of the simulator decides here what is right.
import { createHash } from 'node:crypto'
import { dumpFlash } from '../../src/main/sim/dump-flash.ts'
import type { SimulatedBoard } from '../../src/main/sim/simulated-board.ts'

export interface FlashImage {
  readonly file: string
  readonly address: number
  readonly bytes: Uint8Array
}

const dropsHeaderFlag = 0x01
const headerBytes = 24
/** Where a header may lie: first, behind an image header of RTL, behind the vector table of STM32 or nRF52. */
const headerOffsets = [0, 0x20, 0x184, 0x200]

export function imageOf(file: string, bytes: Uint8Array): FlashImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (const at of headerOffsets) {
    const [start, end] = [view.getUint32(at, true), view.getUint32(at + 4, true)]
    if (end - start + 4 !== bytes.length) continue
    const isHeaderDropped = (bytes[at + 9] ?? 0) & dropsHeaderFlag
    return { file, address: start, bytes: isHeaderDropped ? bytes.subarray(headerBytes) : bytes }
  }
  throw new Error(`${file} has no header whose size is that of the file`)
}

/** Names of the files that the board does not hold byte for byte. */
export function missingOn(board: SimulatedBoard, images: readonly FlashImage[]): readonly string[] {
  const { internal, internalBase } = dumpFlash(board)
  return images
    .filter(({ address, bytes }) => {
      const at = address - internalBase
      return Buffer.compare(internal.subarray(at, at + bytes.length), bytes) !== 0
    })
    .map(({ file }) => file)
}

/** The same text as long as not a byte of the board's memories changes. */
export function fingerprint(board: SimulatedBoard): string {
  const { internal, external, dct } = dumpFlash(board)
  const hash = createHash('sha256').update(internal).update(dct)
  return (external ? hash.update(external) : hash).digest('hex')
}
