// The verdict on the assets of a board after the flash: all that the recipe brings and all that the user firmware asks for
// must be there, by hash. Pure.
import { Fault } from '../../../shared/fault/fault.ts'
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import { assetKey, type ModuleBook } from './module-book.ts'
import { holdsAsset } from './plan-assets.ts'

/** Throws VERSION_MISMATCH for the first asset that is missing, and where the board lists none of those it was sent. */
export function proveAssets(board: ParticleIdentity, plan: Plan, book: ModuleBook): void {
  if (!board.assets.known) {
    if (plan.assets.length === 0) return
    throw new Fault('VERSION_MISMATCH', `assets not readable: ${board.assets.reason}`)
  }
  const { available, required } = board.assets.value
  for (const [at, asset] of plan.assets.entries()) {
    if (!holdsAsset(board.assets.value, asset)) throw missing(asset.name)
    book.note(assetKey(at + 1), { after: 0, proof: 'reported-hash' })
  }
  const lacking = required.find(({ sha256, name }) => !available.some((a) => a.sha256 === sha256 && a.name === name))
  if (lacking) throw missing(lacking.name)
}

function missing(name: string): Fault {
  return new Fault('VERSION_MISMATCH', `the user firmware needs the asset ${name}, and the board does not hold it`)
}
