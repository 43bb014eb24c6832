// A recipe is checked whole: every good one survives JSON, and a file with anything amiss is refused, never guessed at.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainFlash } from '../../src/shared/model/plain-flash.ts'
import { type PlatformName, platformNames } from '../../src/shared/model/platform.ts'
import {
  type ParticleRecipe,
  particleRecipeSchema,
  recipeSchema,
  targetDeviceOs,
} from '../../src/shared/model/recipe.ts'
import { settingsSchema } from '../../src/shared/model/settings.ts'

const platform = fc.constantFrom(...platformNames)
const release = fc
  .tuple(fc.nat(9), fc.nat(99), fc.nat(99), fc.constantFrom('', '-rc.1', '-beta'))
  .map(([major, minor, patch, suffix]) => `${major}.${minor}.${patch}${suffix}`)
const sha256 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const byPlatform = <T>(value: fc.Arbitrary<T>) =>
  fc.dictionary(platform as fc.Arbitrary<string>, value, { noNullPrototype: true })

const recipe = fc.record({
  format: fc.constant('dfu-station-recipe'),
  version: fc.constant(1),
  name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 .:-]{0,60}[A-Za-z0-9]$/),
  platforms: fc.uniqueArray(platform, { minLength: 1 }),
  deviceOs: fc.oneof(fc.constant('keep'), release, byPlatform(release)),
  user: fc.oneof(
    fc.constantFrom('set', 'keep'),
    fc.record({ file: fc.string({ minLength: 1 }) }),
    fc.record({ files: byPlatform(fc.string({ minLength: 1 })) }),
    fc.record({ modules: byPlatform(sha256) }),
  ),
  verify: fc.constantFrom('read-back', 'reported'),
  job: fc.constantFrom('flash', 'verify', 'identify'),
  force: fc.boolean(),
  factoryImage: fc.constantFrom('keep', 'user'),
  setup: fc.constantFrom('keep', 'done', 'not-done'),
  limits: fc.option(fc.record({ boards: fc.option(fc.integer({ min: 1 })), notAfter: fc.option(fc.integer()) })),
  label: fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,40}$/), fc.string({ maxLength: 200 }), { noNullPrototype: true }),
})

/** What a recipe means that leaves a field out: the strict proof, and nothing beyond a flash. */
const defaults: Readonly<Record<string, unknown>> = { ...plainFlash, verify: 'read-back' }

const sample = {
  format: 'dfu-station-recipe',
  version: 1,
  name: 'Line 3',
  platforms: ['boron', 'p2'],
  deviceOs: { boron: '4.0.2' },
  user: 'set',
} as const

describe('a recipe', () => {
  it('that is good is taken unchanged, also after JSON', () => {
    fc.assert(
      fc.property(recipe, (good) => void expect(recipeSchema.parse(JSON.parse(JSON.stringify(good)))).toEqual(good)),
    )
  })

  it('with a field that nobody knows is refused', () => {
    fc.assert(
      fc.property(recipe, fc.string({ minLength: 1 }), (good, name) => {
        fc.pre(!Object.hasOwn(good, name) && name !== '__proto__')
        expect(recipeSchema.safeParse({ ...good, [name]: 1 }).success).toBe(false)
      }),
    )
  })

  it('without one of its fields is refused, or means the plain and strict thing', () => {
    fc.assert(
      fc.property(recipe, (good) => {
        for (const name of Object.keys(good)) {
          const { [name]: _, ...rest } = good as Record<string, unknown>
          const parsed = recipeSchema.safeParse(rest)
          expect(parsed.success).toBe(name in defaults)
          if (parsed.success) expect(parsed.data).toMatchObject({ [name]: defaults[name] })
        }
      }),
      { numRuns: 30 },
    )
  })

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.anything(), (value) => void expect(recipeSchema.safeParse(value).success).toBe(false)))
  })

  it.each([
    ['another version', { version: 2 }],
    ['no platform', { platforms: [] }],
    ['an unknown platform', { platforms: ['core'] }],
    ['a version that is none', { deviceOs: '4.0' }],
    ['a version with a tail of spaces', { deviceOs: '4.0.2 ' }],
    ['a release for an unknown platform', { deviceOs: { core: '1.4.4' } }],
    ['an empty name', { name: '  ' }],
    ['a user file without a name', { user: { file: '' } }],
    ['a user module by a short hash', { user: { modules: { boron: 'abc' } } }],
    ['a way to prove that proves nothing', { verify: 'none' }],
  ])('with %s is refused', (_, change) => {
    expect(recipeSchema.safeParse({ ...sample, ...change }).success).toBe(false)
  })

  it('names the Device OS of a platform, or none', () => {
    const parsed = particleRecipeSchema.parse(sample)
    const all = { ...parsed, deviceOs: '5.6.0' } satisfies ParticleRecipe
    expect([targetDeviceOs(parsed, 'boron'), targetDeviceOs(parsed, 'p2')]).toEqual(['4.0.2', null])
    expect(platformNames.map((name: PlatformName) => targetDeviceOs(all, name))).toEqual(
      platformNames.map(() => '5.6.0'),
    )
    expect(targetDeviceOs({ ...parsed, deviceOs: 'keep' }, 'photon')).toBe('keep')
  })
})

describe('settings', () => {
  it('are refused whole when one of them is out of bounds', () => {
    const good = {
      stationId: 'line-3',
      slots: [null, '1-1.2'],
      learnsPorts: true,
      autoStart: false,
      operator: null,
      recipeId: null,
      simulation: { on: false, boards: 'boron:4', speed: 1 },
    }
    // A file of an older station, before there were packs: all of it is taken, and nothing is trusted.
    const later = { packId: null, trustedKeys: [], onlySignedPacks: false, watchedFolder: null, focus: null }
    expect(settingsSchema.parse(JSON.parse(JSON.stringify(good)))).toEqual({ ...good, ...later })
    const bad = [
      { stationId: '' },
      { slots: [] },
      { slots: Array.from({ length: 33 }, () => null) },
      { simulation: { ...good.simulation, speed: -1 } },
      { more: 1 },
    ]
    for (const change of bad) expect(settingsSchema.safeParse({ ...good, ...change }).success).toBe(false)
  })
})
