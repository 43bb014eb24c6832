// The plan once its loader has answered: made again from what the loader says, in place of what was expected. Nothing is
// written before; what is refused now is refused with nothing moved but the device into DFU mode.
import { isDeepStrictEqual } from 'node:util'
import type { LoaderSession } from '../dfu/loader-session.ts'
import { namesOfDevice } from '../images/image-fits.ts'
import type { DeviceFacts, LoaderFacts } from './device-facts.ts'
import type { DeviceJob } from './device-job.ts'
import { deviceStepName } from './device-step-name.ts'
import { openImageBook } from './image-book.ts'
import { planDevice } from './plan-device.ts'

/** Throws what planDevice throws. */
export function settlePlan(job: DeviceJob, loader: LoaderSession): void {
  if (job.isSettled) return
  job.isSettled = true
  const { request, target } = job
  const { board, recipe } = request
  const names = namesOfDevice(board, target.wish.match)
  const facts = settledFacts(board.mode, loader)
  const plan = planDevice({ job: recipe.recipe.job, target, facts, names })
  if (isDeepStrictEqual(plan, job.plan)) return
  job.plan = plan
  job.book = openImageBook(plan.pieces)
  request.tell({ kind: 'planned', plan: plan.steps.map(deviceStepName), skipped: [], notes: plan.notes })
  request.tell({ kind: 'images', images: job.book.records() })
  job.replanned()
}

function settledFacts(mode: DeviceFacts['mode'], loader: LoaderSession): DeviceFacts {
  const { protocol, canUpload, canDownload, isManifestationTolerant, memories } = loader
  const facts: LoaderFacts = { protocol, canUpload, canDownload, isManifestationTolerant, memories }
  return { mode, loader: facts, expected: facts }
}
