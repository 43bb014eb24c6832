// One piece of an image written. Where it is to be read back afterwards it is looked at first: what the device holds
// already is left alone, with that reading as its proof.

import type { DevicePiece, DeviceStep } from '../../../../shared/model/device-plan.ts'
import { isDfuRecipe } from '../../../../shared/model/recipe-kind.ts'
import type { LoaderSession } from '../../dfu/loader-session.ts'
import type { LoaderWriteReport } from '../../dfu/loader-work.ts'
import type { DfuProgress } from '../../dfu/progress.ts'
import type { StepReport } from '../../jobs/job-order.ts'
import type { DeviceJob } from '../device-job.ts'
import { notFinished } from '../image-book.ts'
import { inLoader, takeOwnReset } from '../in-and-out.ts'
import { bytesOf } from '../piece-bytes.ts'
import { isProtectedPiece } from '../protected-memories.ts'
import { sectorMates } from '../sector-mates.ts'
import { readBackAs } from './compare-piece.ts'

type WriteStep = Extract<DeviceStep, { kind: 'write' }>

const alreadyThere = 'the device already holds exactly these bytes'
/** Erasing and programming take longer than looking, by far. */
const lookShare = 0.1

export async function runWritePiece(job: DeviceJob, { piece }: WriteStep): Promise<StepReport> {
  const data = await bytesOf(job, piece)
  const looks = looksFirst(job)
  const held = looks ? await look(job, { piece, data }) : null
  if (held !== null) {
    job.book.note(piece, { action: 'unchanged', reason: alreadyThere, ...readBackAs(held) })
    return { bytes: 0, detail: alreadyThere }
  }
  return write(job, { piece, data, from: looks ? lookShare : 0 })
}

/**
 * Only where the recipe relies on reading anyway: then a device that says that it can be read, and cannot, is found out
 * before anything is erased. After a mass erase there is nothing to find.
 */
function looksFirst({ request, target }: DeviceJob): boolean {
  const { recipe } = request.recipe
  const isForced = isDfuRecipe(recipe) && recipe.force
  return target.wish.verify === 'read-back' && target.wish.erase === 'touched' && !isForced
}

interface Writing {
  readonly piece: DevicePiece
  readonly data: Uint8Array
}

/** SHA-256 of what it holds, where that is the piece, and nothing in its sectors has to be written. */
async function look(job: DeviceJob, { piece, data }: Writing): Promise<string | null> {
  if (job.held.has(piece.position)) return piece.sha256
  const { alternate, address } = piece
  const onProgress = ({ doneBytes, totalBytes }: DfuProgress) =>
    job.progress((doneBytes / Math.max(1, totalBytes)) * lookShare)
  const loader = await inLoader(job)
  const { equal, sha256 } = await loader.compare({ alternate, address, expected: data, stopEarly: true, onProgress })
  if (!equal || !(await matesAreHeld(job, loader, piece))) return null
  job.held.add(piece.position)
  return sha256
}

/** What shares its sectors is there, too: else the erase for that would take this piece along. */
async function matesAreHeld(job: DeviceJob, loader: LoaderSession, piece: DevicePiece): Promise<boolean> {
  const map = loader.memories.find(({ alternate }) => alternate === piece.alternate)?.map ?? null
  const mates = sectorMates(piece, job.plan.pieces, map)
  for (const mate of mates) {
    const { alternate, address } = mate
    const expected = await bytesOf(job, mate)
    if (!(await loader.compare({ alternate, address, expected, stopEarly: true })).equal) return false
  }
  for (const { position } of mates) job.held.add(position)
  return true
}

async function write(job: DeviceJob, { piece, data, from }: Writing & { from: number }): Promise<StepReport> {
  const { alternate, address } = piece
  const onProgress = ({ phase, doneBytes, totalBytes }: DfuProgress) => {
    if (phase === 'write') job.stepBytes = doneBytes
    const share = phase === 'erase' ? 0 : doneBytes / Math.max(1, totalBytes)
    job.progress(from + share * (1 - from))
  }
  const loader = await inLoader(job)
  job.isTouched = true
  job.held.clear()
  job.book.note(piece, { action: 'written', reason: notFinished, readBackSha256: null, proof: 'none' })
  const report = await loader.write({ alternate, address, data, erase: true, onProgress })
  if (report.isConfirmed) job.accepted.add(piece.position)
  job.book.note(piece, { reason: null })
  if (report.ended !== 'idle') job.whereabouts = 'reset'
  else if (isProtectedPiece(piece)) await takeOwnReset(job)
  return { bytes: data.length, detail: `${data.length} bytes written${endWords[report.ended]}` }
}

const endWords: Readonly<Record<LoaderWriteReport['ended'], string>> = {
  idle: '',
  'wait-reset': '; it waits for a reset',
  gone: '; it reset itself',
}
