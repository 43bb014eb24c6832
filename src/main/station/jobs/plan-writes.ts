// What is done in DFU: the former user slot cleared, SoftDevice, system parts by ascending address, the user part last,
// each read back; and the bootloader read back, which DFU may not write. Pure.
import { Fault } from '../../../shared/fault/fault.ts'
import type { BoardIdentity } from '../../../shared/model/identity.ts'
import type { FirmwareModule, ModuleKey } from '../../../shared/model/module.ts'
import type { MemoryRange, PlanStep } from '../../../shared/model/plan.ts'
import type { VerifyPolicy } from '../../../shared/model/recipe.ts'
import { boundsOf, platformOf, protectedRangeIn } from '../platforms/platforms.ts'
import { goesByControlRequest, reportedOn } from './plan-updates.ts'
import { isAnotherFile } from './prove-modules.ts'

export interface WritesRequest {
  readonly board: BoardIdentity
  readonly modules: readonly FirmwareModule[]
  readonly verify: VerifyPolicy
  readonly updatedBefore: readonly FirmwareModule[]
  readonly skippedUpdates: readonly FirmwareModule[]
  readonly doubtfulUpdates: readonly FirmwareModule[]
  /** Reported so exactly that the recipe wants nothing done about them. */
  readonly heldByReport: readonly FirmwareModule[]
}

/** Bytes of a module header, which DROP_MODULE_INFO keeps out of the flash. */
const headerBytes = 24
/** The 128 KiB user slot of nRF boards: a module left there hides the one in the 256 KiB slot. */
const formerUserSlot = { address: 0xd_4000, sizeBytes: 4096 } as const

/** System module version of Device OS 5.6.0, the first that reports the hash of each module. */
const reportsHashesFrom = 5600

const writeRank = { radio: 0, system: 1, mono: 1, user: 2, bootloader: 3, ncp: 3, asset: 3 } as const

export function writeSteps(request: WritesRequest): readonly PlanStep[] {
  const { board, modules, verify } = request
  const written = modules
    .filter((module) => !goesByControlRequest(module) && !request.heldByReport.includes(module))
    .sort((a, b) => writeRank[a.kind] - writeRank[b.kind] || a.startAddress - b.startAddress)
  const steps = written.flatMap((module) => stepsFor(module, request))
  if (!readsBack(board, modules, verify)) return steps
  const asked = request.doubtfulUpdates.map((module) => verifyStep(module, { mayDiffer: true }))
  const boots = [...request.skippedUpdates, ...request.updatedBefore].map((module) => verifyStep(module))
  return [...asked, ...boots, ...steps]
}

/** A board that runs, with nothing to write, is not taken through DFU for the sake of its bootloader alone. */
export function readsBack(board: BoardIdentity, modules: readonly FirmwareModule[], verify: VerifyPolicy): boolean {
  return verify === 'read-back' && (board.mode === 'dfu' || !modules.every(goesByControlRequest))
}

/**
 * The modules that a policy "reported" leaves alone: Device OS has checked their CRC and reports the file's own hash, and
 * will say so again at the end. Never the SoftDevice: what is reported of it names a build and tells nothing of its bytes.
 */
export function heldByReport(
  board: BoardIdentity,
  modules: readonly FirmwareModule[],
  verify: VerifyPolicy,
): readonly FirmwareModule[] {
  if (verify !== 'reported') return []
  return modules.filter((module) => {
    const present = reportedOn(board, module)
    const isSame = present?.version === module.version && present.suffixSha256 === module.suffixSha256
    return isSame && present?.integrity === 'passed' && !goesByControlRequest(module) && module.kind !== 'radio'
  })
}

function verifyStep(module: FirmwareModule, question: { readonly mayDiffer?: true } = {}): PlanStep {
  return { kind: 'verify', module, ...placeOf(module), ...question }
}

function stepsFor(module: FirmwareModule, request: WritesRequest): readonly PlanStep[] {
  const place = placeOf(module)
  const held = protectedRangeIn(request.board.platform, place.range)
  if (held) throw new Fault('DFU_ADDRESS_FORBIDDEN', `${module.source} would overwrite the ${held.what}`)
  const write: PlanStep = { kind: 'write', module, ...place, mayHold: mayHold(request.board, module) }
  return [...clearFormerUser(module), write, ...(mustReadBack(module, request) ? [verifyStep(module)] : [])]
}

/** False for a module that the board calls whole and that is another: by its version, or by its hash. */
function mayHold(board: BoardIdentity, module: FirmwareModule): boolean {
  const present = reportedOn(board, module)
  if (present?.integrity !== 'passed') return true
  return present.version === module.version && !isAnotherFile(module, present)
}

/** "reported" needs a hash to rely on: none is reported of the SoftDevice, and none by Device OS before 5.6.0. */
function mustReadBack(module: FirmwareModule, { verify, board, modules }: WritesRequest): boolean {
  if (verify === 'read-back' || module.kind === 'radio') return true
  const isSystem = (each: ModuleKey) => each.kind === 'system' && each.index === 1
  const system = modules.find(isSystem) ?? reportedOn(board, { kind: 'system', index: 1 })
  return (system?.version ?? 0) < reportsHashesFrom
}

function clearFormerUser(module: FirmwareModule): readonly PlanStep[] {
  const isLargeSlot = module.kind === 'user' && module.index === 2 && platformOf(module.platform).mcu === 'nrf52840'
  if (!isLargeSlot || module.endAddress > formerUserSlot.address) return []
  const reason = 'a module in the former 128 KiB user slot would hide the new one'
  return [{ kind: 'clear', range: { alternate: 0, ...formerUserSlot }, reason }]
}

interface Place {
  readonly range: MemoryRange
  readonly offsetBytes: number
}

/** Where the bytes of the file lie in DFU memory, without the header where the header is dropped. */
function placeOf(module: FirmwareModule): Place {
  const offsetBytes = module.dropsHeader ? headerBytes : 0
  const alternate = boundsOf(module.platform, module)?.alternate ?? 0
  const sizeBytes = module.sizeBytes - offsetBytes
  return { range: { alternate, address: module.startAddress, sizeBytes }, offsetBytes }
}
