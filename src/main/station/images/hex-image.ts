// An Intel HEX file as pieces of an image, wherever in 32 bits its addresses lie. Two records that give different bytes for
// one address are refused, filler or not: nothing says which of them is meant.
import { readHexPieces } from '../firmware/hex-records.ts'
import { joinPieces } from '../firmware/hex-runs.ts'
import type { Refuse } from '../firmware/refusal.ts'
import type { ImagePiece } from './payload.ts'

const wholeSpace = [{ from: 0, to: 0x1_0000_0000 }] as const
const colon = 0x3a

/** By its name, or by the first record. */
export function isIntelHex(bytes: Uint8Array, name: string): boolean {
  return /\.(hex|ihex|ihx)$/i.test(name) || (bytes[0] === colon && /^:[0-9A-Fa-f]{10}/.test(startOf(bytes)))
}

function startOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 11)).toString('latin1')
}

/** Refuses what readHexPieces refuses, HEX_OVERLAP, and NO_ELEMENTS for a file without data. */
export function readHex(bytes: Uint8Array, refuse: Refuse): readonly ImagePiece[] {
  const pieces = readHexPieces(bytes, refuse, wholeSpace)
  if (pieces.length === 0) refuse('NO_ELEMENTS', 'there is no data in it')
  return joinPieces(pieces, refuse, 'all bytes').map((run) => ({ alternate: null, ...run }))
}
