// On every platform: what a flash has proven, a verification of the same recipe proves again, and a second flash finds
// nothing to do; the recipe of another release differs.
import { expect, it, onTestFinished } from 'vitest'
import { platformNames } from '../../../src/shared/model/platform.ts'
import type { ParticleRecipe } from '../../../src/shared/model/recipe.ts'
import { resolved, restoreLibrary } from '../../line/firmware.ts'
import { openLine } from '../../line/line.ts'
import { fullRestores } from '../../scenarios/full-restores.ts'

it.each(platformNames)('%s', async (platform) => {
  const { older, newer } = fullRestores[platform]
  const { library, remove } = await restoreLibrary(platform, [older, newer])
  onTestFinished(remove)
  const recipe = (changes: Partial<ParticleRecipe>) =>
    resolved(library, { platforms: [platform], deviceOs: newer, ...changes })
  const line = openLine({ boards: [{ platform, deviceOs: older }], shelf: library, recipe: await recipe({}) })
  await line.verdicts()
  const next = async (changes: Partial<ParticleRecipe>, count: number) => {
    line.station.dispatch({ kind: 'recipe', recipe: await recipe(changes) })
    line.station.dispatch({ kind: 'start', slots: [1] })
    await line.until(() => line.records().filter(({ closing }) => closing).length === count)
    return line
      .records()
      .toSorted((a, b) => a.startedAt - b.startedAt)
      .at(-1)
  }
  const verified = await next({ job: 'verify' }, 2)
  expect(verified?.closing).toMatchObject({ fault: null, outcome: 'pass' })
  expect(verified?.closing?.modules.map(({ kind, proof }) => [kind, proof === 'none'])).toEqual(
    verified?.closing?.modules.map(({ kind }) => [kind, false]),
  )
  expect(line.station.slots()[0]?.board?.mode).toBe('normal')
  expect(await next({}, 3)).toMatchObject({ closing: { outcome: 'pass' } })
  expect(line.ledger.search({}).records.filter(({ alreadyCurrent }) => alreadyCurrent)).toHaveLength(1)
  const other = await next({ job: 'verify', deviceOs: older }, 4)
  expect(other?.closing).toMatchObject({ outcome: 'fail', fault: { code: 'BOARD_DIFFERS' } })
  expect(other?.closing?.modules.every(({ action }) => action === 'unchanged')).toBe(true)
})
