import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseRecipe, recipeHash } from '../../src/main/desk/recipe-file.ts'
import { openRecipeShelf } from '../../src/main/desk/recipe-shelf.ts'
import type { Recipe } from '../../src/shared/model/recipe.ts'
import { keptLog } from '../host/fake-host.ts'
import { temporaryFolder } from './desk-under-test.ts'
import { recipe } from './samples.ts'

function shelf() {
  const folder = temporaryFolder()
  const log = keptLog()
  return { folder, log, shelf: openRecipeShelf(folder, log) }
}

describe('the recipes of a station', () => {
  it('are kept under the hash of what they say, and listed by name', () => {
    const { shelf: recipes, folder } = shelf()
    const ids = ['Zebra', 'Apple'].map((name) => recipes.save(recipe({ name })))
    expect(recipes.list().map(({ recipe: { name } }) => name)).toEqual(['Apple', 'Zebra'])
    expect(ids[0]).toBe(recipeHash(recipe({ name: 'Zebra' })))
    expect(openRecipeShelf(folder, keptLog()).find(String(ids[0]))).toEqual(recipe({ name: 'Zebra' }))
  })

  it('saved twice are one', () => {
    const { shelf: recipes } = shelf()
    expect(recipes.save(recipe())).toBe(recipes.save(recipe()))
    expect(recipes.list()).toHaveLength(1)
  })

  it('are gone once removed, and removing what is not there does no harm', () => {
    const { shelf: recipes, folder } = shelf()
    const id = recipes.save(recipe())
    recipes.remove(id)
    recipes.remove(id)
    recipes.remove('../settings')
    expect(recipes.find(id)).toBeNull()
    expect(readdirSync(folder)).toEqual([])
  })

  it.each(['../../etc/passwd', '', 'x'.repeat(64), '..', 'a/b'])('has none by the name %j', (name) => {
    expect(shelf().shelf.find(name)).toBeNull()
  })

  it('that were damaged or changed by hand are left out, and said', () => {
    const { shelf: recipes, folder, log } = shelf()
    const good = recipes.save(recipe({ name: 'good' }))
    const changed = recipes.save(recipe({ name: 'changed' }))
    const damaged = recipes.save(recipe({ name: 'damaged' }))
    writeFileSync(join(folder, `${changed}.json`), JSON.stringify(recipe({ name: 'changed', user: 'keep' })))
    writeFileSync(join(folder, `${damaged}.json`), '{')
    expect(recipes.list().map(({ recipeId }) => recipeId)).toEqual([good])
    expect(recipes.find(changed)).toBeNull()
    expect(log.lines.join('\n')).toContain(`${changed}.json: changed since it was saved`)
    expect(log.lines.join('\n')).toContain(`${damaged}.json: not JSON`)
  })
})

describe('a recipe as text', () => {
  const text = JSON.stringify(recipe())

  it('is read, and verifies by read-back unless it says otherwise', () => {
    const short = { ...recipe(), verify: undefined }
    expect(parseRecipe(JSON.stringify(short), 'r.json')).toEqual(recipe())
  })

  it('has one name whatever the order of its keys', () => {
    const backwards = Object.fromEntries(Object.entries(recipe()).reverse()) as Recipe
    expect(recipeHash(backwards)).toBe(recipeHash(recipe()))
    expect(recipeHash(recipe({ user: 'keep' }))).not.toBe(recipeHash(recipe()))
  })

  it.each([
    ['no JSON', '{', /not JSON/],
    ['another format', text.replace('dfu-station-recipe', 'other'), /format: /],
    ['a newer version', text.replace('"version":1', '"version":2'), /version: /],
    ['an unknown field', text.replace('"version":1', '"version":1,"color":"red"'), /color/],
    ['no platform', JSON.stringify({ ...recipe(), platforms: [] }), /platforms: /],
    ['an unknown platform', JSON.stringify({ ...recipe(), platforms: ['toaster'] }), /platforms\.0: /],
    ['no version of Device OS', JSON.stringify({ ...recipe(), deviceOs: 'latest' }), /deviceOs/],
    ['a name of blanks', JSON.stringify({ ...recipe(), name: '  ' }), /name: /],
  ])('%s is refused, with the file and the reason', (_, wrong, reason) => {
    expect(() => parseRecipe(wrong, 'line/r.json')).toThrow(
      expect.objectContaining({ code: 'RECIPE_INVALID', detail: expect.stringMatching(reason) }),
    )
    expect(() => parseRecipe(wrong, 'line/r.json')).toThrow(/line\/r\.json: /)
  })

  it('on disk reads back as the same recipe', () => {
    const { shelf: recipes, folder } = shelf()
    const id = recipes.save(recipe())
    expect(parseRecipe(readFileSync(join(folder, `${id}.json`), 'utf8'), 'r')).toEqual(recipe())
  })
})
