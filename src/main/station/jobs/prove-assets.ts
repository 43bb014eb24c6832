// The verdict on the assets of a board after the flash: all that its user firmware asks for must be there, by hash, where
// Device OS lists them; where it does not, the record says so and claims nothing. Pure.
import { Fault } from '../../../shared/fault/fault.ts'
import type { BoardIdentity } from '../../../shared/model/identity.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import { assetKey, type ModuleBook } from './module-book.ts'
import { holdsAsset, unlisted } from './plan-assets.ts'
import { systemFrom } from './platform-limits.ts'
import { systemNow } from './system-versions.ts'

/** Throws VERSION_MISMATCH for the first asset that is missing, or that nobody can see where it must be seen. */
export function proveAssets(board: BoardIdentity, plan: Plan, book: ModuleBook): void {
  if (!board.assets.known) {
    noteUnlisted(board, plan, book)
    return
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

function noteUnlisted(board: BoardIdentity, plan: Plan, book: ModuleBook): void {
  if (plan.assets.length === 0 || board.assets.known) return
  const system = systemNow(board)
  if (system === null || system >= systemFrom.reportsHashes) {
    throw new Fault('VERSION_MISMATCH', `assets not readable: ${board.assets.reason}`)
  }
  for (const [at, asset] of plan.assets.entries()) {
    book.noteUnprovable(assetKey(at + 1), `${asset.name}: sent and accepted, not proven, for ${unlisted(system)}`)
  }
}
