// Recipes for simulated DFU devices.
import type { DfuRecipe, DfuRecipeDevice } from '../../src/shared/model/recipe.ts'

export function deviceWish(fields: Partial<DfuRecipeDevice> = {}): DfuRecipeDevice {
  return {
    ...{ name: 'Plain device', match: ['1209:0001', '1209:0002'], image: null, address: null, memory: null },
    ...{ version: null, verify: 'read-back', erase: 'touched', readProtection: 'keep', allow: [] },
    ...{ loader: 'ask', afterwards: 'run' },
    ...fields,
  }
}

export function deviceRecipe(fields: Partial<DfuRecipe> = {}): DfuRecipe {
  return {
    ...{ format: 'dfu-station-recipe', version: 1, name: 'Lamp 1.02', job: 'flash', limits: null, label: {} },
    ...{ devices: [deviceWish()], force: false },
    ...fields,
  }
}
