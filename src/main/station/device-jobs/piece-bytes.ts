// The bytes of a piece, out of the library: checked against the SHA-256 of the whole file and of the piece.
import { Fault } from '../../../shared/fault/fault.ts'
import type { DevicePiece } from '../../../shared/model/device-plan.ts'
import { sha256Of } from '../firmware/module-suffix.ts'
import { piecesOf } from '../images/parse-image.ts'
import type { DeviceJob } from './device-job.ts'

/** The file is read once in a job. Throws FIRMWARE_MISSING and FIRMWARE_CORRUPT. */
export async function bytesOf(job: DeviceJob, piece: DevicePiece): Promise<Uint8Array> {
  const { image } = job.target
  if (!image) throw new Fault('INTERNAL', 'a piece of no image')
  job.pieces ??= piecesOf(image, await job.request.shelf.imageOf(image.sha256))
  const bytes = job.pieces[piece.position - 1]
  if (bytes?.length === piece.sizeBytes && sha256Of(bytes) === piece.sha256) return bytes
  throw new Fault('FIRMWARE_CORRUPT', `piece ${piece.position} of ${image.source} is not what was planned`)
}
