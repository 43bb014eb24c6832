// Whom a recipe names.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guidOf, instancesOf } from '../../../src/main/station/devices/instance-ids.ts'
import { deviceTargetFor, normalMatch } from '../../../src/main/station/devices/match.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import type { DeviceTarget } from '../../../src/shared/model/firmware-view.ts'
import { dfuRecipeSchema } from '../../../src/shared/model/recipe.ts'

const stm = { vendorId: 0x0483, productId: 0xdf11, deviceRelease: 0x2200 }

function target(name: string, ...match: readonly string[]): DeviceTarget {
  const recipe = { format: 'dfu-station-recipe', version: 1, name: 'Any', devices: [{ name, match }] }
  const [wish] = dfuRecipeSchema.parse(recipe).devices
  return wish ? { wish, image: null, fault: null } : expect.unreachable()
}

const nameOf = (targets: readonly DeviceTarget[], ids = stm) =>
  deviceTargetFor(targets, instancesOf(ids))?.wish.name ?? null

describe('a device belongs to', () => {
  it.each([
    '0483:df11',
    '0483:DF11',
    'USB\\VID_0483&PID_DF11',
    'usb\\vid_0483&pid_df11',
    'USB\\VID_0483&PID_DF11&REV_2200',
    guidOf('USB\\VID_0483&PID_DF11'),
    guidOf('USB\\VID_0483&PID_DF11&REV_2200').toUpperCase(),
  ])('the target that names it %s', (name) => {
    expect(nameOf([target('pump', '1209:0001', name)])).toBe('pump')
  })

  it.each(['0483:df12', 'USB\\VID_0483&PID_DF11&REV_2201', guidOf('USB\\VID_0483'), guidOf('usb\\vid_0483&pid_df11')])(
    'no target that names %s',
    (name) => {
      expect(nameOf([target('pump', name)])).toBeNull()
    },
  )

  it('the first of the targets that name it', () => {
    const targets = [target('lamp', '1209:0001'), target('pump', '0483:df11'), target('valve', '0483:df11')]
    expect(nameOf(targets)).toBe('pump')
    expect(nameOf(targets, { ...stm, productId: 1 })).toBeNull()
    expect(nameOf([])).toBeNull()
  })
})

describe('a name in a recipe', () => {
  it.each([
    ['', 'it is neither'],
    ['0483', 'it is neither'],
    ['483:df11', 'it is neither'],
    ['USB\\VID_0483', 'it is neither'],
    ['USB\\CLASS_FE&SUBCLASS_01', 'it is neither'],
    ['5aea1200-2286-5819-93e6-3b5548b6c88', 'it is neither'],
    ['USB\\VID_0483&PID_DF11&REV_22', 'it is neither'],
    ['2b04:d006', 'it is a Particle board'],
    ['USB\\VID_2B04&PID_C00D', 'it is a Particle board'],
  ])('cannot be "%s"', (name, why) => {
    const message = `RECIPE_INVALID: a device cannot be named "${name}": ${why}`
    expect(() => normalMatch(name)).toThrow(message)
  })

  it('is normal when it is made normal, and anything else is a fault', () => {
    const hex = fc.stringMatching(/^[0-9a-fA-F]{4}$/)
    const named = fc.oneof(
      fc.tuple(hex, hex).map(([vendor, product]) => `${vendor}:${product}`),
      fc.tuple(hex, hex, hex).map(([vendor, product, rev]) => `usb\\vid_${vendor}&PID_${product}&rev_${rev}`),
      fc.uuid().map((guid) => guid.toUpperCase()),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(named, (name) => {
        try {
          expect(normalMatch(normalMatch(name))).toBe(normalMatch(name))
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Fault)
        }
      }),
      { seed: 7, numRuns: 5_000 },
    )
  })
})
