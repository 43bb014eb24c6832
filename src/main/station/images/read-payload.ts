// One firmware out of the bytes of one file that is no cabinet: by what it begins and ends with, not by its name.
import type { Refuse } from '../firmware/refusal.ts'
import { readSuffix } from './dfu-suffix.ts'
import { isDfuse, readDfuse } from './dfuse-container.ts'
import { isIntelHex, readHex } from './hex-image.ts'
import { maxImageBytes } from './image-limits.ts'
import { anyDevice, checkPieces, type ImagePiece, type Payload } from './payload.ts'
import { refuseByName } from './refuse-by-name.ts'

const saysNothing = 'no DFU suffix: nothing says what it is for'

/** Refuses what the readers of the formats refuse, and every known file that is no image by its own name. */
export function readPayload(bytes: Uint8Array, name: string, refuse: Refuse): Payload {
  checkFileSize(bytes, refuse)
  const payload = readByForm(bytes, name, refuse)
  return { ...payload, pieces: checkPieces(payload.pieces, refuse) }
}

function readByForm(bytes: Uint8Array, name: string, refuse: Refuse): Payload {
  const suffix = readSuffix(bytes, refuse)
  if (!suffix) return readBare(bytes, name, refuse)
  const { device, payload } = suffix
  refuseByName(payload, refuse)
  if (suffix.isDfuse || isDfuse(payload)) {
    if (!suffix.isDfuse) refuse('BAD_DFUSE', 'it begins as a DfuSe file and its suffix is that of a plain DFU file')
    return { format: 'dfuse', device, ...readDfuse(payload, refuse) }
  }
  return { format: 'dfu', device, pieces: [whole(payload)], notes: [] }
}

function readBare(bytes: Uint8Array, name: string, refuse: Refuse): Payload {
  if (isDfuse(bytes)) refuse('TRUNCATED', 'a DfuSe file without its DFU suffix: it is not whole')
  if (isIntelHex(bytes, name)) {
    return { format: 'hex', device: anyDevice, pieces: readHex(bytes, refuse), notes: [saysNothing] }
  }
  refuseByName(bytes, refuse)
  if (/\.dfu$/i.test(name)) {
    refuse('BAD_SUFFIX', 'it has no DFU suffix: it was cut, or it is a raw file, which is not called .dfu')
  }
  return { format: 'raw', device: anyDevice, pieces: [whole(bytes)], notes: [saysNothing] }
}

function whole(bytes: Uint8Array): ImagePiece {
  return { alternate: null, address: null, bytes }
}

/** Refuses EMPTY_FILE and TOO_LARGE, before anything of it is looked at. */
export function checkFileSize(bytes: Uint8Array, refuse: Refuse): void {
  if (bytes.length === 0) refuse('EMPTY_FILE', 'the file is empty')
  if (bytes.length > maxImageBytes) refuse('TOO_LARGE', `${bytes.length} bytes; ${maxImageBytes} is the most`)
}
