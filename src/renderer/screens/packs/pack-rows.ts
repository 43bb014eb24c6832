// What a pack says, one fact a line, and who says it.

import type { PackFacts, PackKey } from '../../../shared/model/pack-view.ts'
import type { Recipe } from '../../../shared/model/recipe.ts'
import { isDfuRecipe } from '../../../shared/model/recipe-kind.ts'
import { bytesText, stampText } from '../../text/format.ts'
import { packs } from '../../text/packs.ts'
import type { FactRow } from '../../ui/facts.tsx'
import { dangersOf } from '../firmware/device-draft.ts'
import { recipeRows } from '../firmware/recipe-rows.ts'

const { facts } = packs

export function packRows(pack: PackFacts): readonly FactRow[] {
  const sizeBytes = pack.files.reduce((sum, file) => sum + file.sizeBytes, 0)
  return [
    { name: facts.version, value: String(pack.version) },
    ...signerRows(pack.signer),
    pack.author === ''
      ? { name: facts.author, value: facts.noAuthor, isMissing: true }
      : { name: facts.author, value: pack.author },
    { name: facts.made, value: stampText(pack.createdAt) },
    ...whomRows(pack.recipe),
    ...recipeRows(pack.recipe),
    { name: facts.files, value: facts.filesText(pack.files.length, bytesText(sizeBytes)) },
    { name: facts.packId, value: pack.packId, isMono: true },
  ]
}

function signerRows(signer: PackKey | null): readonly FactRow[] {
  if (signer === null) return [{ name: facts.signer, value: facts.nobody, isMissing: true }]
  return [
    { name: facts.signer, value: signer.name ?? packs.unknownKey, isMissing: signer.name === null },
    { name: facts.fingerprint, value: signer.fingerprint, isMono: true },
  ]
}

/** Whom it is for: by platform, or by the ids of each device. What cannot be undone is said before anything is taken. */
function whomRows(recipe: Recipe): readonly FactRow[] {
  if (!isDfuRecipe(recipe)) return [{ name: facts.platforms, value: recipe.platforms.join(', ') }]
  return recipe.devices.flatMap((device) => {
    const dangers = dangersOf(device)
    return [
      { name: device.name, value: device.match.join(', '), isMono: true },
      ...(dangers.length === 0 ? [] : [{ name: facts.dangers(device.name), value: dangers.join('; ') }]),
    ]
  })
}
