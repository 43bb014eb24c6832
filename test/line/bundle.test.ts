// A real application bundle, as an engineer names it in a recipe: the application over DFU, its assets by request, all of
// it proven, and nothing sent a second time.
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { resolveRecipe } from '../../src/main/desk/resolve-recipe.ts'
import { takeRecipe } from '../../src/main/desk/take-recipe.ts'
import { recipeSchema } from '../../src/shared/model/recipe.ts'
import { describeWithFirmware, firmwareFolder } from '../station/firmware/shared-firmware.ts'
import { restoreLibrary } from './firmware.ts'
import { openLine } from './line.ts'

describeWithFirmware('a real bundle with three assets', () => {
  it('is on an Argon whole, and the next job of the same board sends nothing', async () => {
    const { library, remove } = await restoreLibrary('argon', ['6.3.4'])
    onTestFinished(remove)
    const written = recipeSchema.parse({
      ...{ format: 'dfu-station-recipe', version: 1, name: 'Cat, house, water' },
      ...{ platforms: ['argon'], deviceOs: '6.3.4', user: { file: 'bundles/argon-bundle.zip' } },
    })
    const taken = await takeRecipe(written, join(firmwareFolder, 'recipe.json'), library)
    const recipe = await resolveRecipe(taken, library)
    expect(recipe.targets[0]?.assets.map(({ name }) => name).sort()).toEqual(['cat.txt', 'house.txt', 'water.txt'])
    const line = openLine({ boards: [{ platform: 'argon', deviceOs: '5.6.0' }], shelf: library, recipe })
    const [slot] = await line.verdicts()
    expect(slot?.fault).toBeNull()
    const [record] = line.records()
    const assets = record?.closing?.modules.filter(({ kind }) => kind === 'asset')
    expect(assets?.map(({ proof }) => proof)).toEqual(Array.from({ length: 3 }, () => 'reported-hash'))

    const [port] = line.bus.boards()
    const [board] = line.boards
    if (!port || !board) throw new Error('the bench is empty')
    line.bus.unplug(port.portPath)
    await line.until((slots) => slots.every(({ state }) => state === 'empty'))
    const programmed = board.account().bytesProgrammed
    line.bus.plug(port.portPath, board)
    const [again] = await line.verdicts()
    expect(again?.fault).toBeNull()
    expect(board.account().bytesProgrammed).toBe(programmed)
  })
})
