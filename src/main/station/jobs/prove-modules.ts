// The verdict on what a board reports after the flash: every target with its version, checks passed and hash, or the
// first thing that is amiss. Pure.
import { Fault } from '../../../shared/fault/fault.ts'
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import { type FirmwareModule, moduleName, type ReportedModule, sameModule } from '../../../shared/model/module.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { Proof } from '../../../shared/model/record.ts'
import { keyAt, type ModuleBook } from './module-book.ts'
import { reportedOn, versionOn } from './system-versions.ts'

/**
 * Notes what each target was proven by; throws VERSION_MISMATCH for the first that is not proven, and for a board that
 * ends without user firmware, be it a target or not.
 */
export function proveModules(board: ParticleIdentity, plan: Plan, book: ModuleBook): void {
  if (!board.modules.known) throw new Fault('VERSION_MISMATCH', `modules not readable: ${board.modules.reason}`)
  const targets = plan.targets.filter((target) => !book.isReleased(target))
  for (const target of targets) {
    book.note(target, { after: versionOn(board, target), proof: 'none' })
  }
  for (const target of targets) book.note(target, { proof: provenOn(board, target, book) })
  proveFactoryImage(plan, book)
  refuseWithoutUser(board.modules.value)
  for (const module of board.modules.value) {
    if (module.store === 'main' && module.dependenciesMet === 'failed') {
      throw new Fault('VERSION_MISMATCH', `${moduleName(module)} ${module.version}: a dependency is not met`)
    }
  }
}

/** Its bytes were read back: nothing that Device OS reports of it could say more. */
function proveFactoryImage({ factory }: Plan, book: ModuleBook): void {
  if (!factory) return
  const key = keyAt(factory.module, 'factory')
  if (!book.readBackOf(key)) throw new Fault('VERSION_MISMATCH', 'factory image: not read back')
  book.note(key, { after: factory.module.version, proof: 'read-back' })
}

/** Device OS without user firmware stays in safe mode: no product, whatever the targets were. */
function refuseWithoutUser(modules: readonly ReportedModule[]): void {
  const applications = modules.filter(({ kind, store }) => store === 'main' && (kind === 'user' || kind === 'mono'))
  if (applications.length === 0) {
    throw new Fault('VERSION_MISMATCH', 'the board reports no user firmware: it would stay in safe mode')
  }
  const [first] = applications
  if (first && applications.every(({ integrity }) => integrity === 'failed')) {
    const what = `${moduleName(first)} ${first.version}: the board reports a failed check (integrity)`
    throw new Fault('VERSION_MISMATCH', what)
  }
}

function provenOn(board: ParticleIdentity, target: FirmwareModule, book: ModuleBook): Proof {
  const reported = reportedOn(board, target)
  // A Tracker from 5.6.0 on says the version of its network processor when asked, and does not list it.
  const said = target.kind === 'ncp' && reported === null ? versionOn(board, target) : null
  if (said === target.version) return 'reported-version'
  if (said === null) return provenBy(target, reported, book)
  throw new Fault('VERSION_MISMATCH', `${moduleName(target)}: version ${said}, wanted ${target.version}`)
}

function provenBy(target: FirmwareModule, reported: ReportedModule | null, book: ModuleBook): Proof {
  const amiss = complaint(target, reported)
  if (!reported || amiss) throw new Fault('VERSION_MISMATCH', `${moduleName(target)}: ${amiss}`)
  if (book.readBackOf(target)) return 'read-back'
  if (reported.suffixSha256 === target.suffixSha256) return 'reported-hash'
  // DFU writes what it is given and checks nothing; an update by control request is checked by Device OS.
  if (book.actionOf(target) !== 'written') return 'reported-version'
  throw new Fault('VERSION_MISMATCH', `${moduleName(target)}: not read back, and the board reports no hash of it`)
}

/**
 * An update whose only proof is a version that the board may have reported before it, too: that tells nothing of which
 * build is there now. Not of a network processor, whose bytes nobody can read.
 */
export function isProvenByVersionAlone(target: FirmwareModule, book: ModuleBook, before: ParticleIdentity): boolean {
  const entry = book.records().find((each) => sameModule(each, target))
  if (target.kind === 'ncp' || entry?.action !== 'updated' || entry.proof !== 'reported-version') return false
  return entry.before === target.version || (entry.before === null && !before.modules.known)
}

/** What is amiss with a module as Device OS reports it; null when nothing is. */
export function complaint(target: FirmwareModule, reported: ReportedModule | null): string | null {
  if (!reported) return `the board reports none, wanted version ${target.version}`
  if (reported.version !== target.version) return `version ${reported.version}, wanted ${target.version}`
  const failed = (['integrity', 'range', 'platform'] as const).filter((check) => reported[check] === 'failed')
  if (failed.length > 0) return `the board reports a failed check (${failed.join(', ')})`
  if (reported.integrity !== 'passed') return 'the board does not say whether the module is whole'
  if (isAnotherFile(target, reported)) return `hash ${reported.suffixSha256}, wanted ${target.suffixSha256}`
  return null
}

/** For the SoftDevice Device OS gives Nordic's own string in place of the file's hash. */
export function isAnotherFile(target: FirmwareModule, reported: ReportedModule): boolean {
  if (target.kind === 'radio' || reported.suffixSha256 === null) return false
  return reported.suffixSha256 !== target.suffixSha256
}
