// What every reader of an image format gives back: runs of bytes, where the file wants them, and what the file says it is
// for. Joined to one image here, so that range, overlap and order are judged the same way for every format.
import type { DeviceImage, ImageFormat } from '../../../shared/model/device-image.ts'
import { hex } from '../firmware/module-format.ts'
import { sha256Of } from '../firmware/module-suffix.ts'
import type { Refuse } from '../firmware/refusal.ts'
import { maxElements } from './image-limits.ts'

/** A run of bytes for one memory; the numbers are null where the file does not say. */
export interface ImagePiece {
  readonly alternate: number | null
  readonly address: number | null
  readonly bytes: Uint8Array
}

/** What a DFU suffix says the file is for; null where it says "any". */
export type StatedDevice = Pick<DeviceImage, 'vendorId' | 'productId' | 'revision'>
export const anyDevice: StatedDevice = { vendorId: null, productId: null, revision: null }

export interface Payload {
  readonly format: ImageFormat
  readonly pieces: readonly ImagePiece[]
  readonly device: StatedDevice
  readonly notes: readonly string[]
}

/** An image with the bytes of each of its elements, in the same order. */
export interface ParsedImage {
  readonly image: DeviceImage
  readonly pieces: readonly Uint8Array[]
}

const addressSpace = 0x1_0000_0000

/** Refuses NO_ELEMENTS, TOO_LARGE, BAD_ADDRESS and OVERLAP. Gives the pieces in the order of alternate and address. */
export function checkPieces(pieces: readonly ImagePiece[], refuse: Refuse): readonly ImagePiece[] {
  if (pieces.length === 0) refuse('NO_ELEMENTS', 'there is nothing in it to write')
  if (pieces.length > maxElements) refuse('TOO_LARGE', `${pieces.length} pieces; ${maxElements} is the most`)
  const sorted = pieces.toSorted(
    (a, b) => (a.alternate ?? -1) - (b.alternate ?? -1) || (a.address ?? -1) - (b.address ?? -1),
  )
  for (const [at, piece] of sorted.entries()) checkPiece(piece, sorted[at - 1], refuse)
  return sorted
}

function checkPiece(piece: ImagePiece, before: ImagePiece | undefined, refuse: Refuse): void {
  const { address, alternate, bytes } = piece
  if (bytes.length === 0) refuse('NO_ELEMENTS', `the piece for ${placeOf(piece)} has no bytes`)
  if (address !== null && address + bytes.length > addressSpace) {
    refuse('BAD_ADDRESS', `${bytes.length} bytes for ${placeOf(piece)} end above 0xFFFFFFFF`)
  }
  if (before === undefined || before.alternate !== alternate) return
  const isBehind = address !== null && before.address !== null && address >= before.address + before.bytes.length
  if (!isBehind) refuse('OVERLAP', `the pieces for ${placeOf(before)} and ${placeOf(piece)} lie over each other`)
}

function placeOf({ alternate, address }: ImagePiece): string {
  const place = address === null ? 'the start' : hex(address)
  return alternate === null ? place : `${place} of alternate setting ${alternate}`
}

/** The pieces must have been checked. `file`: the whole file as it is stored, which the image is named by. */
export function imageOf(
  payload: Payload,
  file: { readonly bytes: Uint8Array; readonly source: string } & Partial<Pick<DeviceImage, 'guids' | 'version'>>,
): ParsedImage {
  const { format, pieces, device, notes } = payload
  const image: DeviceImage = {
    sha256: sha256Of(file.bytes),
    sizeBytes: file.bytes.length,
    format,
    elements: pieces.map(({ alternate, address, bytes }) => ({
      ...{ alternate, address, sizeBytes: bytes.length, sha256: sha256Of(bytes) },
    })),
    ...device,
    guids: file.guids ?? [],
    version: file.version ?? null,
    notes,
    source: file.source,
  }
  return { image, pieces: pieces.map(({ bytes }) => bytes) }
}
