// What is done in DFU: bootloaders read back, which DFU may not write, or staged; then the other user slot cleared,
// SoftDevice, system parts by ascending address, the user part and its factory image last, each read back. Pure.
import { Fault } from '../../../shared/fault/fault.ts'
import type { ParticleIdentity } from '../../../shared/model/identity.ts'
import type { FirmwareModule } from '../../../shared/model/module.ts'
import type { FactoryImage, MemoryRange, PlanStep } from '../../../shared/model/plan.ts'
import type { VerifyPolicy } from '../../../shared/model/recipe.ts'
import { boundsOf, protectedRangeIn } from '../platforms/platforms.ts'
import { stageSteps } from './plan-stage.ts'
import { goesByControlRequest, type OrderedUpdates } from './plan-updates.ts'
import { clearOtherSlot } from './plan-user.ts'
import { systemFrom } from './platform-limits.ts'
import { isAnotherFile } from './prove-modules.ts'
import { reportedOn, systemAtEnd } from './system-versions.ts'

export interface WritesRequest {
  readonly board: ParticleIdentity
  readonly modules: readonly FirmwareModule[]
  readonly verify: VerifyPolicy
  readonly force: boolean
  readonly updates: OrderedUpdates
  /** Reported so exactly that the recipe wants nothing done about them. */
  readonly heldByReport: readonly FirmwareModule[]
  readonly factory: FactoryImage | null
}

/** Bytes of a module header, which DROP_MODULE_INFO keeps out of the flash. */
const headerBytes = 24

const writeRank = { radio: 0, system: 1, mono: 1, user: 2, bootloader: 3, ncp: 3, asset: 3 } as const

/** Throws DFU_ADDRESS_FORBIDDEN for a module that would touch what a host must protect. */
export function writeSteps(request: WritesRequest): readonly PlanStep[] {
  const { modules, factory } = request
  const written = modules
    .filter((module) => !goesByControlRequest(module) && !request.heldByReport.includes(module))
    .sort((a, b) => writeRank[a.kind] - writeRank[b.kind] || a.startAddress - b.startAddress)
  return [
    ...bootSteps(request),
    ...written.flatMap((module) => stepsFor(module, request)),
    ...(factory ? factorySteps(factory, request) : []),
  ]
}

/**
 * Bootloaders first: what they hold decides what is staged, and the DCT, where the flag of a staged one lies, is not to
 * be touched when the system parts were written anew (old Gen 2 bootloaders call into them for it, device-os #1868).
 */
function bootSteps({ board, modules, verify, updates }: WritesRequest): readonly PlanStep[] {
  const asked = updates.doubtful.map((module) => verifyStep(module, { mayDiffer: true }))
  const held = updates.held.map((module) => verifyStep(module))
  const staged = updates.staged.flatMap((module) => stageSteps(module, updates.doubtful.includes(module)))
  const present = readsBack(board, modules, verify) ? [...updates.skipped, ...updates.before] : []
  return [...asked, ...present.map((module) => verifyStep(module)), ...held, ...staged]
}

/** A board that runs, with nothing to write, is not taken through DFU for the sake of its bootloader alone. */
export function readsBack(board: ParticleIdentity, modules: readonly FirmwareModule[], verify: VerifyPolicy): boolean {
  return verify === 'read-back' && (board.mode === 'dfu' || !modules.every(goesByControlRequest))
}

/**
 * The modules that a policy "reported" leaves alone: Device OS has checked their CRC and reports the file's own hash, and
 * will say so again at the end. Never the SoftDevice: what is reported of it names a build and tells nothing of its bytes.
 */
export function heldByReport(
  board: ParticleIdentity,
  modules: readonly FirmwareModule[],
  { verify, force }: Pick<WritesRequest, 'verify' | 'force'>,
): readonly FirmwareModule[] {
  if (verify !== 'reported' || force) return []
  return modules.filter((module) => {
    const present = reportedOn(board, module)
    const isSame = present?.version === module.version && present.suffixSha256 === module.suffixSha256
    const isSure = isSame && present?.integrity === 'passed' && !hasRival(board, module)
    return isSure && !goesByControlRequest(module) && module.kind !== 'radio'
  })
}

/** An application in the other slot, of which Device OS runs one: that slot must be cleared, so nothing is left alone. */
function hasRival(board: ParticleIdentity, { kind, index }: FirmwareModule): boolean {
  if (kind !== 'user' || !board.modules.known) return false
  return board.modules.value.some((other) => other.kind === 'user' && other.store === 'main' && other.index !== index)
}

function verifyStep(module: FirmwareModule, question: { readonly mayDiffer?: true } = {}): PlanStep {
  return { kind: 'verify', module, ...placeOf(module), place: 'main', ...question }
}

function stepsFor(module: FirmwareModule, request: WritesRequest): readonly PlanStep[] {
  const { board, modules, force } = request
  const where = placeOf(module)
  refuseProtected(board, module, where.range)
  const write: PlanStep = {
    ...{ kind: 'write', module, ...where, place: 'main' },
    ...forced(force, mayHoldOn(board, module)),
  }
  const clear = clearOtherSlot(board, modules, module)
  return [...clear, write, ...(mustReadBack(module, request) ? [verifyStep(module)] : [])]
}

/** What Device OS reports of a factory image is no proof of its bytes: it is always read back. */
function factorySteps({ module, range }: FactoryImage, { board, force }: WritesRequest): readonly PlanStep[] {
  refuseProtected(board, module, range)
  const facts = { module, range, offsetBytes: 0, place: 'factory' } as const
  return [
    { kind: 'write', ...facts, ...forced(force, true) },
    { kind: 'verify', ...facts },
  ]
}

function forced(force: boolean, mayHold: boolean): { readonly mayHold: boolean; readonly force?: true } {
  return force ? { mayHold: false, force } : { mayHold }
}

function refuseProtected(board: ParticleIdentity, module: FirmwareModule, range: MemoryRange): void {
  const held = protectedRangeIn(board.platform, range)
  if (held) throw new Fault('DFU_ADDRESS_FORBIDDEN', `${module.source} would overwrite the ${held.what}`)
}

/** False for a module that the board calls whole and that is another: by its version, or by its hash. */
function mayHoldOn(board: ParticleIdentity, module: FirmwareModule): boolean {
  const present = reportedOn(board, module)
  if (present?.integrity !== 'passed') return true
  return present.version === module.version && !isAnotherFile(module, present)
}

/** "reported" needs a hash to rely on: none is reported of the SoftDevice, and none by Device OS before 5.6.0. */
function mustReadBack(module: FirmwareModule, { verify, board, modules }: WritesRequest): boolean {
  if (verify === 'read-back' || module.kind === 'radio') return true
  return (systemAtEnd(board, modules) ?? 0) < systemFrom.reportsHashes
}

interface Place {
  readonly range: MemoryRange
  readonly offsetBytes: number
}

/** Where the bytes of the file lie in DFU memory, without the header where the header is dropped. */
export function placeOf(module: FirmwareModule): Place {
  const offsetBytes = module.dropsHeader ? headerBytes : 0
  const alternate = boundsOf(module.platform, module)?.alternate ?? 0
  const sizeBytes = module.sizeBytes - offsetBytes
  return { range: { alternate, address: module.startAddress, sizeBytes }, offsetBytes }
}
