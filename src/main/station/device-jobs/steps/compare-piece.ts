// One piece read back and compared with its file, byte by byte: the proof that does not take the device's word. To verify
// is to fail at a difference; to examine is to note it, so that a verification names every one at once.

import { Fault } from '../../../../shared/fault/fault.ts'
import { addressText, placeText } from '../../../../shared/model/address.ts'
import type { DevicePiece, DeviceStep } from '../../../../shared/model/device-plan.ts'
import { parseSha256 } from '../../../../shared/model/ids.ts'
import type { ImageRecord } from '../../../../shared/model/record.ts'
import type { StepReport } from '../../jobs/job-order.ts'
import type { DeviceJob } from '../device-job.ts'
import { inLoader } from '../in-and-out.ts'
import { bytesOf } from '../piece-bytes.ts'

export async function runVerifyPiece(
  job: DeviceJob,
  { piece }: Extract<DeviceStep, { kind: 'verify' }>,
): Promise<StepReport> {
  const isProven = job.book.entryOf(piece)?.proof === 'read-back'
  // A look from before something was written says nothing of what is there now.
  if (isProven && !job.isTouched) return { bytes: 0, detail: 'read back and compared before' }
  job.book.note(piece, { proof: 'none', readBackSha256: null })
  const found = await compare(job, piece)
  if (found.sha256 === null) throw new Fault('DFU_VERIFY_FAILED', `${placeText(piece)} ${found.difference}`)
  job.book.note(piece, readBackAs(found.sha256))
  return { bytes: 0, detail: `${piece.sizeBytes} bytes read back, SHA-256 ${found.sha256}` }
}

export async function runExaminePiece(
  job: DeviceJob,
  { piece }: Extract<DeviceStep, { kind: 'examine' }>,
): Promise<StepReport> {
  const found = await compare(job, piece)
  if (found.sha256 !== null) {
    job.book.note(piece, { action: 'unchanged', ...readBackAs(found.sha256) })
    return { bytes: 0, detail: `${piece.sizeBytes} bytes read back and equal, SHA-256 ${found.sha256}` }
  }
  job.book.note(piece, { action: 'unchanged', reason: found.difference })
  return { bytes: 0, detail: `${placeText(piece)} ${found.difference}` }
}

/** The proof that a reading is, for the account. */
export function readBackAs(sha256: string): Pick<ImageRecord, 'readBackSha256' | 'proof'> {
  const readBackSha256 = parseSha256(sha256)
  if (!readBackSha256) throw new Fault('INTERNAL', `no SHA-256 of what was read back: ${sha256}`)
  return { readBackSha256, proof: 'read-back' }
}

type Comparison = { readonly sha256: string } | { readonly sha256: null; readonly difference: string }

async function compare(job: DeviceJob, piece: DevicePiece): Promise<Comparison> {
  const expected = await bytesOf(job, piece)
  const { alternate, address } = piece
  const onProgress = ({ doneBytes, totalBytes }: { readonly doneBytes: number; readonly totalBytes: number }) =>
    job.progress(doneBytes / Math.max(1, totalBytes))
  const loader = await inLoader(job)
  const found = await loader.compare({ alternate, address, expected, onProgress })
  if (found.equal && found.sha256 !== null) return { sha256: found.sha256 }
  const from = found.firstDifference === null ? '' : ` from ${addressText(found.firstDifference)} on`
  return { sha256: null, difference: `differs from ${job.target.image?.source ?? 'the image'}${from}` }
}
