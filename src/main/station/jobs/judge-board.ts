// The verdict of a verification: every module, asset and flag that the recipe names, held against what was read back and
// what Device OS reports. Each is judged, none is passed over, and only what is proven has a proof. Pure.
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import { type FirmwareModule, moduleName, type ReportedModule, sameModule } from '../../../shared/model/module.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { ParticleRecipe } from '../../../shared/model/recipe.ts'
import type { Proof } from '../../../shared/model/record.ts'
import { platformOf } from '../platforms/platforms.ts'
import { assetKey, keyAt, type ModuleBook } from './module-book.ts'
import { holdsAsset } from './plan-assets.ts'
import { complaint } from './prove-modules.ts'
import { reportedOn, systemNow, versionOn } from './system-versions.ts'

export interface Judged {
  readonly board: ParticleIdentity
  readonly plan: Plan
  readonly setup: ParticleRecipe['setup']
  readonly book: ModuleBook
}

/** What differs, in the order of the plan, each with its name; empty when the board carries what the recipe says. */
export function differencesOn(judged: Judged): readonly string[] {
  const { board, plan, book } = judged
  const named = plan.targets.map((target) => judgeModule(judged, target))
  const factory = plan.factory ? [judgeFactory(plan.factory.module, book)] : []
  const assets = plan.assets.map(({ name }, at) => judgeAsset(judged, { name, at }))
  const others = board.modules.known
    ? [...board.modules.value.map((module) => judgeOther(module, plan)), judgeUser(board.modules.value)]
    : [`modules: not readable: ${board.modules.reason}`]
  return [...named, ...factory, ...assets, ...lackingAssets(judged), ...others, judgeSetup(judged)].filter(
    (difference) => difference !== null,
  )
}

function judgeModule({ board, book }: Judged, target: FirmwareModule): string | null {
  const after = versionOn(board, target)
  if (target.kind === 'ncp' && after !== null && after > target.version) {
    // As in a flash; of a board that was found in DFU mode the plan could not know.
    book.release(target)
    return null
  }
  const found = book.records().find((entry) => sameModule(entry, target))?.reason ?? null
  const verdict = found === null ? proofOf(board, target, book) : { difference: found }
  const difference = 'difference' in verdict ? verdict.difference : null
  const proof: Proof = 'difference' in verdict ? 'none' : verdict.proof
  book.note(target, { after, proof, action: 'unchanged', reason: difference })
  return difference === null ? null : `${moduleName(target)}: ${difference}`
}

function proofOf(
  board: ParticleIdentity,
  target: FirmwareModule,
  book: ModuleBook,
): { readonly proof: Proof } | { readonly difference: string } {
  const reported = reportedOn(board, target)
  // A Tracker from 5.6.0 on says the version of its network processor when asked, and does not list it.
  const said = target.kind === 'ncp' && reported === null ? versionOn(board, target) : null
  if (said === target.version) return { proof: 'reported-version' }
  const amiss = said === null ? complaint(target, reported) : `version ${said}, wanted ${target.version}`
  if (amiss !== null) return { difference: amiss }
  if (book.readBackOf(target)) return { proof: 'read-back' }
  if (target.kind !== 'ncp') return { difference: 'not read back' }
  return { proof: reported?.suffixSha256 === target.suffixSha256 ? 'reported-hash' : 'reported-version' }
}

function judgeFactory(module: FirmwareModule, book: ModuleBook): string | null {
  const key = keyAt(module, 'factory')
  if (book.readBackOf(key)) {
    book.note(key, { after: module.version, proof: 'read-back', action: 'unchanged', reason: null })
    return null
  }
  const difference = book.records().find((entry) => sameModule(entry, key))?.reason ?? 'not read back'
  book.note(key, { proof: 'none', action: 'unchanged', reason: difference })
  return `factory image: ${difference}`
}

function judgeAsset({ board, plan, book }: Judged, { name, at }: { readonly name: string; readonly at: number }) {
  const asset = plan.assets[at]
  const isThere = asset !== undefined && board.assets.known && holdsAsset(board.assets.value, asset)
  const difference = board.assets.known ? 'not on the board with this hash' : `not readable: ${board.assets.reason}`
  const verdict = isThere
    ? ({ after: 0, proof: 'reported-hash', reason: name } as const)
    : ({ after: null, proof: 'none', reason: `${name}: ${difference}` } as const)
  book.note(assetKey(at + 1), { ...verdict, action: 'unchanged' })
  return isThere ? null : `asset ${name}: ${difference}`
}

/** What the user firmware on the board asks for, be it the recipe's or its own. */
function lackingAssets({ board, plan }: Judged): readonly string[] {
  if (!board.assets.known) return []
  const { available, required } = board.assets.value
  return required
    .filter((asset) => !available.some(({ name, sha256 }) => name === asset.name && sha256 === asset.sha256))
    .filter((asset) => !plan.assets.some(({ sha256 }) => sha256 === asset.sha256))
    .map(({ name }) => `asset ${name}: the user firmware needs it, and the board does not hold it`)
}

/** Also of modules that the recipe leaves alone: a board that cannot run them is no good board. */
function judgeOther(module: ReportedModule, plan: Plan): string | null {
  if (module.store !== 'main') return null
  if (module.dependenciesMet === 'failed') return `${moduleName(module)} ${module.version}: a dependency is not met`
  const isTarget = plan.targets.some((target) => sameModule(target, module))
  return module.integrity === 'failed' && !isTarget ? `${moduleName(module)} ${module.version}: not whole` : null
}

/** Device OS without user firmware stays in safe mode. */
function judgeUser(modules: readonly ReportedModule[]): string | null {
  const isThere = modules.some(({ kind, store }) => store === 'main' && (kind === 'user' || kind === 'mono'))
  return isThere ? null : 'user: the board reports no user firmware'
}

/** Only where the flag means something: nRF boards before Device OS 4.0.0. */
function judgeSetup({ board, plan, setup }: Judged): string | null {
  const flag = platformOf(plan.platform).setupDone
  const system = systemNow(board)
  if (setup === 'keep' || flag === null || (system !== null && system >= flag.belowSystemVersion)) return null
  if (!board.setupDone.known) return `set-up flag: not readable: ${board.setupDone.reason}`
  const wanted = setup === 'done'
  return board.setupDone.value === wanted ? null : `set-up flag: ${board.setupDone.value ? 'set' : 'not set'}`
}
