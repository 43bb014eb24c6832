// A recipe while it is being made: what is offered, what is missing, what comes out.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalMatch } from '../../src/main/station/devices/match.ts'
import { platformOf } from '../../src/main/station/platforms/platforms.ts'
import {
  type DeviceDraft,
  dangersOf,
  emptyDevice,
  isMatchId,
  matchIdsOf,
} from '../../src/renderer/screens/firmware/device-draft.ts'
import { problemsOf } from '../../src/renderer/screens/firmware/draft-problems.ts'
import {
  emptyDraft,
  platformsOf,
  platformsWithFactoryImage,
  platformsWithSetupFlag,
  type RecipeDraft,
  recipeOf,
  versionFor,
} from '../../src/renderer/screens/firmware/recipe-draft.ts'
import { neededVersion, recommendedVersion } from '../../src/renderer/screens/firmware/version-menu.ts'
import {
  bodyOf,
  buttonName,
  familyOf,
  hasFactoryImage,
  hasSetupFlag,
} from '../../src/renderer/screens/platform-family.ts'
import { deviceRecipe } from '../../src/renderer/text/device-recipe.ts'
import { Fault } from '../../src/shared/fault/fault.ts'
import { platformNames } from '../../src/shared/model/platform.ts'
import { recipeSchema } from '../../src/shared/model/recipe.ts'
import { firmwareModule, firmwareSet, hashOf, releasesOf } from './samples.ts'

const system = (version: number) => ({ ...firmwareModule('boron', 'system', 1), version })
const setOf = (release: string, version: number) => firmwareSet('boron', release, { modules: [system(version)] })
const sets = [
  setOf('4.0.10', 4010),
  setOf('4.0.2', 4002),
  setOf('4.1.0-rc.1', 4100),
  setOf('2.3.1', 2301),
  firmwareSet('boron', '6.2.0', { missing: [{ kind: 'bootloader', index: 0 }] }),
  firmwareSet('p2', '5.6.0'),
]
const user = {
  ...firmwareModule('boron', 'user', 1),
  dependencies: [{ kind: 'system', index: 1, version: 4003 }],
} as const
const shelfOf = (held: typeof sets) => ({
  ...{ sets: held, modules: [user, ...held.flatMap((set) => set.modules)], releases: releasesOf(held) },
})
const library = shelfOf(sets)

function draft(changes: Partial<RecipeDraft> = {}): RecipeDraft {
  return { ...emptyDraft, name: 'Lot 7', platforms: ['boron'], versions: { boron: '4.0.10' }, ...changes }
}

describe('the version menu', () => {
  it('chooses the recommended release of the newest line unless told otherwise', () => {
    expect(recommendedVersion(library, 'boron')).toBe('4.0.10')
    expect(recommendedVersion(library, 'argon')).toBeNull()
  })

  it('foresees the Device OS that the station takes for a user firmware', () => {
    expect(neededVersion(library, user)).toBe('4.0.10')
    expect(neededVersion(shelfOf([setOf('2.3.1', 2301)]), user)).toBeNull()
    expect(neededVersion(shelfOf([setOf('4.1.0-rc.1', 4100)]), user)).toBe('4.1.0-rc.1')
    const exact = { ...user, dependencies: [{ kind: 'system', index: 1, version: 4100 }] } as const
    expect(neededVersion(library, exact)).toBe('4.1.0-rc.1')
    expect(neededVersion(library, { ...user, dependencies: [] })).toBe('2.3.1')
  })
})

describe('a draft', () => {
  it('becomes a recipe that the schema takes as it is', () => {
    const full = draft({
      ...{ user: 'modules', userModules: { boron: user.sha256 }, force: true, factoryImage: 'user' },
      ...{ limitBoards: '250', notAfter: '2026-12-24T18:00', label: [{ name: ' Model ', text: ' Blinky ' }] },
    })
    expect(problemsOf(full, library)).toEqual([])
    const recipe = recipeOf(full, library)
    expect(recipeSchema.parse(recipe)).toEqual(recipe)
    expect(recipe).toMatchObject({
      ...{ job: 'flash', deviceOs: { boron: '4.0.10' }, user: { modules: { boron: user.sha256 } } },
      ...{ force: true, factoryImage: 'user', label: { Model: 'Blinky' } },
      limits: { boards: 250, notAfter: new Date('2026-12-24T18:00').getTime() },
    })
  })

  it('of an identification names platforms and nothing else, also those without firmware here', () => {
    expect(platformsOf(library, 'identify')).toEqual(platformNames)
    expect(platformsOf(library, 'flash')).toEqual(['boron', 'p2'])
    const identify = draft({ job: 'identify', platforms: ['xenon'], force: true, setup: 'done', verify: 'reported' })
    expect(problemsOf(identify, library)).toEqual([])
    const plain = { deviceOs: 'keep', user: 'keep', force: false, setup: 'keep', verify: 'read-back', limits: null }
    expect(recipeOf(identify, library)).toMatchObject({ job: 'identify', platforms: ['xenon'], ...plain })
  })

  it('takes the Device OS that the user firmware needs, and says where there is none', () => {
    const needed = draft({ deviceOs: 'needed', user: 'modules', userModules: { boron: user.sha256 }, versions: {} })
    expect(versionFor(needed, library, 'boron')).toBe('4.0.10')
    expect(recipeOf(needed, library)).toMatchObject({ deviceOs: 'auto' })
    expect(problemsOf(needed, { ...library, releases: [] })).toEqual([
      'The library holds no Device OS that the user firmware of boron can run on.',
    ])
    expect(problemsOf({ ...needed, user: 'set' }, library)).toHaveLength(1)
  })

  it('leaves out options that mean nothing for what was chosen', () => {
    const old = draft({ versions: { boron: '2.3.1' }, setup: 'done', factoryImage: 'user' })
    expect(platformsWithSetupFlag(old, library)).toEqual(['boron'])
    expect(recipeOf(old, library)).toMatchObject({ setup: 'done', factoryImage: 'user' })
    expect(recipeOf(draft({ setup: 'done' }), library)).toMatchObject({ setup: 'keep' })
    expect(platformsWithFactoryImage(draft({ platforms: ['p2'] }))).toEqual([])
    expect(platformsWithFactoryImage(draft({ user: 'keep' }))).toEqual([])
  })

  it('refuses limits and labels that are none', () => {
    for (const limitBoards of ['0', '-1', '1.5', 'many'])
      expect(problemsOf(draft({ limitBoards }), library)).toHaveLength(1)
    const twice = [
      { name: 'Model', text: 'a' },
      { name: 'Model ', text: 'b' },
    ]
    expect(problemsOf(draft({ label: twice }), library)).toHaveLength(1)
    expect(problemsOf(draft({ label: [{ name: '', text: 'a' }] }), library)).toHaveLength(1)
  })
})

const oneDevice: DeviceDraft = { ...emptyDevice, name: ' Blinky Meter 2 ', match: '1209:7551', image: hashOf(301) }
const forDevices = (changes: Partial<DeviceDraft> = {}, more: Partial<RecipeDraft> = {}) =>
  draft({ kind: 'devices', platforms: [], devices: [{ ...oneDevice, ...changes }], ...more })

describe('a draft for other DFU devices', () => {
  const { problems } = deviceRecipe

  it('becomes a recipe that the schema takes as it is, with nothing dangerous unless it was asked for', () => {
    const recipe = recipeOf(forDevices(), library)
    expect(problemsOf(forDevices(), library)).toEqual([])
    expect(recipeSchema.parse(recipe)).toEqual(recipe)
    expect(recipe).toEqual({
      ...{ format: 'dfu-station-recipe', version: 1, name: 'Lot 7', job: 'flash', limits: null, label: {} },
      force: false,
      devices: [
        {
          ...{ name: 'Blinky Meter 2', match: ['1209:7551'], image: { sha256: hashOf(301) } },
          ...{ address: null, memory: null, version: null, verify: 'read-back', loader: 'ask' },
          ...{ erase: 'touched', readProtection: 'keep', allow: [], afterwards: 'run' },
        },
      ],
    })
  })

  it('keeps every option that was set, and reads numbers as people write them', () => {
    const full = forDevices({
      ...{ match: 'USB\\vid_0483&pid_df11, 0483:DF12; 2E6B7D4F-9f0a-5c3b-9a4f-6d1f0c8e5a04', address: '0x08000000' },
      ...{ memory: '@Internal Flash', version: '0x0102', verify: 'reported', erase: 'all', readProtection: 'remove' },
      ...{ allow: ['option-bytes', 'otp'], loader: 'take', afterwards: 'stay' },
    })
    expect(problemsOf(full, library)).toEqual([])
    const recipe = recipeOf({ ...full, force: true }, library)
    expect(recipeSchema.parse(recipe)).toEqual(recipe)
    expect(recipe).toMatchObject({
      force: true,
      devices: [
        {
          match: ['USB\\VID_0483&PID_DF11', '0483:df12', '2e6b7d4f-9f0a-5c3b-9a4f-6d1f0c8e5a04'],
          ...{ address: 0x0800_0000, memory: '@Internal Flash', version: '0x0102', verify: 'reported', erase: 'all' },
          ...{ readProtection: 'remove', allow: ['option-bytes', 'otp'], loader: 'take', afterwards: 'stay' },
        },
      ],
    })
    expect(recipeOf(forDevices({ memory: '3' }), library)).toMatchObject({ devices: [{ memory: 3 }] })
  })

  it.each(['verify', 'identify'] as const)('leaves out what cannot be undone where the job is to %s', (job) => {
    const harsh = { erase: 'all', readProtection: 'remove', allow: ['otp'], afterwards: 'stay' } as const
    const recipe = recipeOf(forDevices({ ...harsh, address: '16' }, { job, force: true }), library)
    expect(recipe).toMatchObject({
      force: false,
      devices: [{ erase: 'touched', readProtection: 'keep', allow: [], address: job === 'verify' ? 16 : null }],
    })
    expect(problemsOf(forDevices({ image: '' }, { job }), library)).toHaveLength(job === 'verify' ? 1 : 0)
  })

  it.each([
    [{ name: ' ' }, problems.name(1)],
    [{ match: '' }, problems.match(1)],
    [{ match: '0483:df1' }, problems.matchForm(1, '0483:df1')],
    [{ match: '0483:*' }, problems.matchForm(1, '0483:*')],
    [{ match: 'USB\\VID_0483' }, problems.matchForm(1, 'USB\\VID_0483')],
    [{ match: '0483:df11, 0483:DF11' }, problems.matchTwice(1, '0483:df11')],
    [{ image: '' }, problems.image(1)],
    [{ address: '0x1ffffffff' }, problems.address(1)],
    [{ address: '8MB' }, problems.address(1)],
    [{ memory: '256' }, problems.memory(1)],
    [{ memory: '@ ' }, problems.memory(1)],
    [{ version: '1.2.3' }, problems.version(1)],
  ])('is not ready with %j', (changes, problem) => {
    expect(problemsOf(forDevices(changes), library)).toEqual([problem])
  })

  it('names no id for two devices', () => {
    const two = forDevices({}, { devices: [oneDevice, { ...oneDevice, match: '0483:df11 1209:7551' }] })
    expect(problemsOf(two, library)).toEqual([problems.matchTwice(2, '1209:7551')])
    expect(problemsOf(forDevices({}, { devices: [] }), library)).toEqual([problems.devices])
  })

  it('takes the forms of ids that the station takes, and no other', () => {
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 4, maxLength: 4 })
    const forms = fc.oneof(
      fc.tuple(hex, hex).map(([vendor, product]) => `${vendor}:${product}`),
      fc.tuple(hex, hex).map(([vendor, product]) => `USB\\VID_${vendor}&PID_${product}`),
      fc.tuple(hex, hex, hex).map(([vendor, product, revision]) => `usb\\vid_${vendor}&pid_${product}&rev_${revision}`),
      fc.uuid(),
      fc.string().filter((text) => /^[^\s,;]+$/.test(text)),
    )
    fc.assert(
      fc.property(forms, (text) => {
        const [id = ''] = matchIdsOf(text)
        expect([text, isMatchId(id)]).toEqual([text, isTaken(text)])
      }),
    )
  })

  it('says loudly what cannot be undone, and nothing of an everyday recipe', () => {
    expect(dangersOf(emptyDevice)).toEqual([])
    expect(dangersOf({ erase: 'all', readProtection: 'remove', allow: ['otp', 'option-bytes'] })).toHaveLength(4)
  })
})

/** By the station's own rule; that a Particle board is named here is refused for another reason. */
function isTaken(text: string): boolean {
  try {
    normalMatch(text)
    return true
  } catch (thrown) {
    return thrown instanceof Fault && thrown.detail.includes('Particle board')
  }
}

describe('what the screens know of platforms', () => {
  it('is what the platform table of the station says', () => {
    for (const name of platformNames) {
      const facts = platformOf(name)
      expect([name, familyOf(name)]).toEqual([name, { stm32f2: 'stm32', nrf52840: 'nrf', rtl872x: 'rtl' }[facts.mcu]])
      expect([name, hasFactoryImage(name)]).toEqual([name, facts.factoryImages.length > 0])
      expect([name, hasSetupFlag(name, '3.3.1')]).toEqual([name, facts.setupDone !== null])
      expect(hasSetupFlag(name, '4.0.0')).toBe(false)
    }
  })

  it('names the button as it is printed', () => {
    expect([buttonName('photon'), buttonName('boron')]).toEqual(['SETUP', 'MODE'])
    expect([bodyOf('photon'), bodyOf('electron'), bodyOf('tracker')]).toEqual(['photon', 'long', 'module'])
  })
})
