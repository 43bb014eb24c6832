// One asset of the user firmware by control requests. The board is asked right before whether it holds it, and afterwards
// until it says so.
import { Fault } from '../../../../shared/fault/fault.ts'
import type { TargetAsset } from '../../../../shared/model/module.ts'
import type { PlanStep } from '../../../../shared/model/plan.ts'
import { withOpen } from '../../identity/identify.ts'
import { updateFirmware } from '../../identity/update-firmware.ts'
import { acrossResets, expectOwnResets } from '../across-resets.ts'
import { applyMs, bootMs } from '../deadlines.ts'
import { identifyUntil } from '../identify-until.ts'
import type { Job } from '../job.ts'
import type { StepReport } from '../job-order.ts'
import { assetKey, notFinished } from '../module-book.ts'
import { holdsAsset } from '../plan-assets.ts'

/** The rest of the step is the board storing it. */
const sendShare = 0.8

export async function runAsset(job: Job, step: Extract<PlanStep, { kind: 'asset' }>): Promise<StepReport> {
  const { asset, position } = step
  const key = assetKey(position)
  await identifyUntil(job, { timeoutMs: bootMs }, ({ mode, modules }) => mode === 'normal' && modules.known)
  if (!job.request.recipe.recipe.force && isOn(job, asset)) {
    const reason = `the board already holds ${asset.name} with this hash`
    job.book.note(key, { action: 'skipped', reason })
    return { bytes: 0, detail: reason }
  }
  job.book.note(key, { action: 'updated', reason: `${asset.name}: ${notFinished}` })
  const bytes = await send(job, asset)
  await settle(job, asset)
  job.book.note(key, { action: 'updated', reason: asset.name })
  return { bytes, detail: `${bytes} bytes sent, and listed by the board` }
}

function isOn(job: Job, asset: TargetAsset): boolean {
  return job.board.assets.known && holdsAsset(job.board.assets.value, asset)
}

async function send(job: Job, asset: TargetAsset): Promise<number> {
  const { clock, signal, shelf } = job.request
  const data = await shelf.assetModuleOf(asset)
  const onProgress = ({ doneBytes }: { readonly doneBytes: number }) => {
    job.stepBytes = doneBytes
    job.progress((doneBytes / data.length) * sendShare)
  }
  await acrossResets(job, () =>
    withOpen(job.device, { clock, signal }, (link) => updateFirmware(link, data, { onProgress })),
  )
  return data.length
}

/** Device OS stores it and resets. */
async function settle(job: Job, asset: TargetAsset): Promise<void> {
  const wait = { timeoutMs: applyMs, after: job.device }
  const isThere = await identifyUntil(
    job,
    wait,
    ({ mode, assets }) => mode === 'normal' && assets.known && holdsAsset(assets.value, asset),
  )
  if (!isThere) throw new Fault('VERSION_MISMATCH', `the board took the asset ${asset.name} and does not list it`)
  expectOwnResets(job)
}
