// Joins the pieces of an Intel HEX file to runs without a gap, in the order of their addresses. Where two pieces give
// one address, they must agree, or one of them is 0xFF: generators lay filler over the place of an old application.
import type { HexPiece } from './hex-records.ts'
import { hex } from './module-format.ts'
import type { Refuse } from './refusal.ts'

export type HexRun = HexPiece

const erased = 0xff

/** filler: 0xFF gives way to any other byte. all bytes: what is said twice must be the same. */
type Agreement = 'filler' | 'all bytes'

/** Refuses HEX_OVERLAP. A run is as long as the pieces that cover it, so memory follows the data. */
export function joinPieces(
  pieces: readonly HexPiece[],
  refuse: Refuse,
  agreement: Agreement = 'filler',
): readonly HexRun[] {
  const sorted = pieces.toSorted((a, b) => a.address - b.address)
  const runs: HexRun[] = []
  const differ: Differ = (one, other, address) => {
    if (agreement === 'filler' && one === erased) return other
    if (agreement === 'filler' && other === erased) return one
    return refuse('HEX_OVERLAP', `two records give different bytes for ${hex(address)}`)
  }
  for (let from = 0; from < sorted.length; ) {
    const { to, end } = reach(sorted, from)
    runs.push(joined(sorted.slice(from, to), end, differ))
    from = to
  }
  return runs
}

/** How many pieces from `from` on touch one another, and the address after the last of their bytes. */
function reach(sorted: readonly HexPiece[], from: number) {
  let end = 0
  let to = from
  for (let piece = sorted[to]; piece && (to === from || piece.address <= end); piece = sorted[to]) {
    end = Math.max(end, piece.address + piece.bytes.length)
    to += 1
  }
  return { to, end }
}

/** The byte where two records differ, or a refusal. */
type Differ = (one: number, other: number, address: number) => number

function joined(pieces: readonly HexPiece[], end: number, differ: Differ): HexRun {
  const address = pieces[0]?.address ?? end
  const bytes = new Uint8Array(end - address)
  let written = 0
  for (const piece of pieces) {
    const at = piece.address - address
    const shared = Math.min(Math.max(written - at, 0), piece.bytes.length)
    for (let offset = 0; offset < shared; offset += 1) {
      const [one, other] = [bytes[at + offset] ?? erased, piece.bytes[offset] ?? erased]
      if (one !== other) bytes[at + offset] = differ(one, other, piece.address + offset)
    }
    bytes.set(piece.bytes.subarray(shared), at + shared)
    written = Math.max(written, at + piece.bytes.length)
  }
  return { address, bytes }
}
