// Exactly what a recipe means for each kind of DFU device it names: by which ids it is known, which image it gets, how that
// is proven, and loudly what cannot be undone.
import { addressText } from '../../../shared/model/address.ts'
import type { DeviceTarget } from '../../../shared/model/firmware-view.ts'
import type { DfuRecipeDevice, Recipe } from '../../../shared/model/recipe.ts'
import { deviceRecipe } from '../../text/device-recipe.ts'
import { shortHash } from '../../text/format.ts'
import { type FactRow, Facts } from '../../ui/facts.tsx'
import { Notice } from '../../ui/notice.tsx'
import { FaultCard } from '../slot/fault-card.tsx'
import { dangersOf } from './device-draft.ts'
import { ImageFacts } from './image-facts.tsx'
import styles from './recipes-part.module.css'

interface DeviceTargetsProps {
  readonly targets: readonly DeviceTarget[]
  readonly job: Recipe['job']
}

export function DeviceTargets({ targets, job }: DeviceTargetsProps) {
  return targets.map((target) => (
    <section key={target.wish.match.join()} className={styles['target']} aria-label={target.wish.name}>
      <h3>{target.wish.name}</h3>
      <DangerNotice device={target.wish} />
      {target.fault !== null && (
        <>
          <FaultCard fault={target.fault} platform="device" />
          <p>{target.fault.detail}</p>
        </>
      )}
      <Facts rows={wishRows(target, job)} />
      {target.image !== null && <ImageFacts image={target.image} />}
    </section>
  ))
}

/** Nothing for an everyday recipe. */
function DangerNotice({ device }: { readonly device: DfuRecipeDevice }) {
  const dangers = dangersOf(device)
  if (dangers.length === 0) return null
  return (
    <Notice tone="warn">
      {deviceRecipe.dangers}
      <ul>
        {dangers.map((danger) => (
          <li key={danger}>{danger}</li>
        ))}
      </ul>
    </Notice>
  )
}

const { facts } = deviceRecipe

function wishRows({ wish, image }: DeviceTarget, job: Recipe['job']): readonly FactRow[] {
  const match = { name: facts.match, value: wish.match.join(', '), isMono: true }
  if (job === 'identify') return [match]
  return [
    match,
    ...(image === null ? [imageRow(wish)] : []),
    { name: facts.proof, value: deviceRecipe.verifyChoices[wish.verify] },
    ...placeRows(wish),
    { name: facts.loader, value: deviceRecipe.loaderChoices[wish.loader] },
    ...(job === 'flash' ? [{ name: facts.afterwards, value: deviceRecipe.afterwardsChoices[wish.afterwards] }] : []),
  ]
}

/** What it was to be, where it cannot be had. */
function imageRow({ image }: DfuRecipeDevice): FactRow {
  if (image === null) return { name: facts.image, value: facts.noImage, isMissing: true }
  const value = 'file' in image ? image.file : facts.missing(shortHash(image.sha256))
  return { name: facts.image, value, isMissing: true }
}

/** Only what the recipe says; the rest follows from the image. */
function placeRows({ address, memory, version }: DfuRecipeDevice): readonly FactRow[] {
  return [
    ...(address === null ? [] : [{ name: facts.address, value: addressText(address), isMono: true }]),
    ...(memory === null ? [] : [{ name: facts.memory, value: String(memory) }]),
    ...(version === null ? [] : [{ name: facts.version, value: version, isMono: true }]),
  ]
}
