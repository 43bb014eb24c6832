// The plan of a job on a DFU device, from what is known of it: computed before anything moves, and once more when its
// loader has told its memories, if its program ran before. Pure.
import { assertNever, Fault, faultFrom } from '../../../shared/fault/fault.ts'
import type { DeviceImage } from '../../../shared/model/device-image.ts'
import type { DevicePiece, DevicePlan, DeviceStep } from '../../../shared/model/device-plan.ts'
import type { DeviceTarget } from '../../../shared/model/firmware-view.ts'
import type { JobKind } from '../../../shared/model/recipe.ts'
import { type FitNames, imageFits } from '../images/image-fits.ts'
import { checkPlaces } from './check-places.ts'
import type { DeviceFacts, LoaderFacts } from './device-facts.ts'
import { expectPieces, placePieces } from './place-pieces.ts'
import { notesFor } from './plan-notes.ts'
import { isProtectedPiece } from './protected-memories.ts'
import { type WantedRevision, wantedRevision } from './wanted-revision.ts'

export interface PlanWish {
  readonly job: JobKind
  readonly target: DeviceTarget
  readonly facts: DeviceFacts
  /** All names the device goes by: the image must be for one of them. */
  readonly names: FitNames
}

/** What a plan that was refused comes to. */
export const emptyDevicePlan: DevicePlan = { steps: [], pieces: [], revision: null, notes: [] }

/** Throws PLAN_REFUSED, RECIPE_INVALID, and the fault of the target where it has one. */
export function planDevice(wish: PlanWish): DevicePlan {
  switch (wish.job) {
    case 'identify':
      return { ...emptyDevicePlan, steps: [{ kind: 'identify' }] }
    case 'flash':
      return planFlash(wish)
    case 'verify':
      return planVerify(wish)
    default:
      return assertNever(wish.job)
  }
}

function planFlash(wish: PlanWish): DevicePlan {
  const { target, facts } = wish
  const { image, notes } = fittingImage(wish)
  const wanted = revisionFor(target)
  refuseAbilities(target, facts.loader, 'flash')
  const pieces = piecesFor(target, image, { facts, writes: true })
  refuseErase(target, facts)
  const steps: DeviceStep[] = [
    ...enterFrom(facts),
    ...preparing(target, pieces),
    ...writing(target, pieces, facts),
    ...leaving(target),
    { kind: 'prove' },
  ]
  return {
    steps,
    pieces,
    revision: wanted?.revision ?? null,
    notes: [...notes, ...notesFor({ target, facts, wanted })],
  }
}

function planVerify(wish: PlanWish): DevicePlan {
  const { target, facts } = wish
  const { image, notes } = fittingImage(wish)
  const wanted = revisionFor(target)
  const reads = target.wish.verify === 'read-back'
  if (!reads && !wanted) throw refused('nothing can be compared: verify is "reported", and no version is named')
  refuseAbilities(target, facts.loader, 'verify')
  const pieces = piecesFor(target, image, { facts, writes: false })
  const examining = [...enterFrom(facts), ...pieces.map((piece): DeviceStep => ({ kind: 'examine', piece }))]
  // A program that runs can be asked for its version as it is.
  const leaves = reads || facts.mode === 'dfu'
  const steps: DeviceStep[] = [...(reads ? examining : []), ...(leaves ? leaving(target) : []), { kind: 'judge' }]
  return {
    steps,
    pieces,
    revision: wanted?.revision ?? null,
    notes: [...notes, ...notesFor({ target, facts, wanted })],
  }
}

/** Throws PLAN_REFUSED for a file for another device, with both identities. */
function fittingImage({ target: { image, fault, wish }, names }: PlanWish) {
  if (fault) throw faultFrom(fault)
  if (!image) throw new Fault('RECIPE_INVALID', `the recipe names no image for ${wish.name}`)
  if (image.elements.length === 0) throw refused(`${image.source} has nothing to write`)
  const fit = imageFits(image, names)
  if (fit.misfit !== null) throw refused(fit.misfit)
  const notes = [...new Set([...image.notes, ...fit.notes])]
  return { image, notes: notes.map((note) => `${image.source}: ${note}`) }
}

/** A version is reported by a program that runs. */
function revisionFor(target: DeviceTarget): WantedRevision | null {
  const wanted = wantedRevision(target)
  if (target.wish.afterwards === 'run' || !wanted) return wanted
  if (!wanted.isDemanded) return null
  throw refused('the recipe wants a version reported, and afterwards "stay" leaves the device in its loader')
}

/** Before its loader answers nothing is refused for what descriptors of its program say: some are wrong. */
function refuseAbilities({ wish }: DeviceTarget, loader: LoaderFacts | null, job: 'flash' | 'verify'): void {
  if (!loader) return
  if (job === 'flash' && !loader.canDownload) throw refused('its loader takes no download')
  if (wish.verify === 'reported' || loader.canUpload) return
  throw refused('its loader cannot be read back; where its own report is enough, set verify to "reported"')
}

function refuseErase({ wish }: DeviceTarget, { loader }: DeviceFacts): void {
  if (!loader || loader.protocol === 'dfuse') return
  if (wish.erase === 'all') throw refused('erase "all" is a command of DfuSe, which its loader does not speak')
  if (wish.readProtection === 'remove') {
    throw refused('readProtection "remove" is a command of DfuSe, which its loader does not speak')
  }
}

interface Use {
  readonly facts: DeviceFacts
  readonly writes: boolean
}

function piecesFor(target: DeviceTarget, image: DeviceImage, { facts, writes }: Use): readonly DevicePiece[] {
  const wanted = { image, wish: target.wish }
  if (!facts.loader) return expectPieces(wanted)
  const placed = placePieces(wanted, facts.loader)
  checkPlaces(placed, { erase: target.wish.erase, writes, readsBack: target.wish.verify === 'read-back' })
  return placed.map(({ piece }) => piece)
}

function leaving({ wish }: DeviceTarget): readonly DeviceStep[] {
  return wish.afterwards === 'run' ? [{ kind: 'leave-dfu' }] : []
}

function enterFrom({ mode }: DeviceFacts): readonly DeviceStep[] {
  return mode === 'normal' ? [{ kind: 'enter-dfu' }] : []
}

function preparing({ wish }: DeviceTarget, pieces: readonly DevicePiece[]): readonly DeviceStep[] {
  const firmware = pieces.filter((piece) => !isProtectedPiece(piece))
  const alternates = [...new Set(firmware.map(({ alternate }) => alternate))]
  const [first = 0] = alternates
  const unprotect: DeviceStep = { kind: 'unprotect', alternate: first }
  return [
    ...(wish.readProtection === 'remove' ? [unprotect] : []),
    ...(wish.erase === 'all' ? alternates.map((alternate): DeviceStep => ({ kind: 'mass-erase', alternate })) : []),
  ]
}

/** Option bytes come last, when all else is proven: they may forbid that it is read, and reset the device. */
function writing(target: DeviceTarget, pieces: readonly DevicePiece[], facts: DeviceFacts): readonly DeviceStep[] {
  const groups = [pieces.filter((piece) => !isProtectedPiece(piece)), pieces.filter(isProtectedPiece)]
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group, at, all) => writingOf(target, group, { facts, isLast: at === all.length - 1 }))
}

interface Place {
  readonly facts: DeviceFacts
  readonly isLast: boolean
}

/**
 * A plain DFU device that does not tolerate its manifestation resets after each download: what comes next in DFU mode has
 * to enter it again.
 */
function writingOf({ wish }: DeviceTarget, pieces: readonly DevicePiece[], place: Place): readonly DeviceStep[] {
  const { protocol, isManifestationTolerant } = place.facts.loader ?? place.facts.expected
  const resets = protocol === 'dfu' && !isManifestationTolerant
  const readsBack = wish.verify === 'read-back'
  const endsInLoader = readsBack || wish.afterwards === 'stay' || !place.isLast
  const writes = pieces.flatMap((piece, at): readonly DeviceStep[] => {
    const again = resets && (at < pieces.length - 1 || endsInLoader)
    return [{ kind: 'write', piece }, ...(again ? [{ kind: 'enter-dfu' } as const] : [])]
  })
  return [...writes, ...(readsBack ? pieces.map((piece): DeviceStep => ({ kind: 'verify', piece })) : [])]
}

function refused(detail: string): Fault {
  return new Fault('PLAN_REFUSED', detail)
}
