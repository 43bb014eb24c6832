// Recipes for DFU devices on a station: their images taken in, resolved, and named by what they say.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseRecipe, recipeHash } from '../../src/main/desk/recipe-file.ts'
import { resolveRecipe } from '../../src/main/desk/resolve-recipe.ts'
import { takeRecipe } from '../../src/main/desk/take-recipe.ts'
import { guidOf } from '../../src/main/station/devices/instance-ids.ts'
import { openLibrary } from '../../src/main/station/firmware/library.ts'
import { sha256Of } from '../../src/main/station/firmware/module-suffix.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { plainDevice, plainFlash } from '../../src/shared/model/plain-flash.ts'
import { type DfuRecipe, type DfuRecipeDevice, dfuRecipeSchema } from '../../src/shared/model/recipe.ts'
import { boron } from '../station/firmware/module-builder.ts'
import { cabFile, dfuFile, dfuseFile, hexFile, metainfo, program } from '../station/images/image-builder.ts'
import { playedDesk, temporaryFolder } from './desk-under-test.ts'

const ids = { vendorId: 0x1209, productId: 0x4d46 }
const plain = dfuFile(program(900), ids)
const raw = program(500)
const st = dfuseFile([{ alternate: 0, elements: [{ address: 0x0800_0000, bytes: program(64) }] }], {
  vendorId: 0x0483,
  productId: 0xdf11,
})
const hex = hexFile([{ address: 0x0800_0000, bytes: program(64) }])
const productGuid = guidOf('USB\\VID_1209&PID_4D46')
const otherGuid = guidOf('USB\\VID_1209&PID_0001')
const cab = cabFile([
  { name: 'main.bin', bytes: raw },
  { name: 'other.bin', bytes: program(40) },
  {
    name: 'a.metainfo.xml',
    bytes: metainfo({ guids: [otherGuid], releases: [{ payload: program(40), fileName: 'other.bin' }] }),
  },
  {
    name: 'b.metainfo.xml',
    bytes: metainfo({ guids: [productGuid], releases: [{ payload: raw, fileName: 'main.bin', version: '2.0' }] }),
  },
])

const blinky = { name: 'Blinky', match: ['1209:4d46'], ...plainDevice, allow: [] } satisfies DfuRecipeDevice

type Change = Partial<DfuRecipeDevice>
function recipeFor(...devices: readonly Change[]): DfuRecipe {
  return dfuRecipeSchema.parse({
    format: 'dfu-station-recipe',
    version: 1,
    name: 'Line 3',
    devices: devices.map((device) => ({ ...blinky, ...device })),
  })
}

/** A library, and a folder with image files and a recipe beside them. */
async function station() {
  const root = temporaryFolder()
  const library = await openLibrary(join(root, 'firmware'), { clock: systemClock })
  const files = {
    'plain.dfu': plain,
    'raw.bin': raw,
    'st.dfu': st,
    'a.hex': hex,
    'a.cab': cab,
    'user.bin': boron.user(),
  }
  mkdirSync(join(root, 'line'))
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(root, 'line', name), bytes)
  const take = (recipe: DfuRecipe) => takeRecipe(recipe, join(root, 'line', 'recipe.json'), library)
  /** The target of one device with this image file. */
  const target = async (file: string, device: Change = {}) => {
    const { devices } = await resolveRecipe(await take(recipeFor({ image: { file }, ...device })), library)
    return devices[0]
  }
  return { library, take, target, root }
}

describe('a recipe for DFU devices from outside', () => {
  it('has its images taken into the library, and names them by hash from then on', async () => {
    const { take, library } = await station()
    const recipe = await take(
      recipeFor({ image: { file: 'plain.dfu' } }, { match: ['0483:df11'], image: { file: 'st.dfu' } }),
    )
    expect(recipe).toMatchObject({
      devices: [{ image: { sha256: sha256Of(plain) } }, { image: { sha256: sha256Of(st) } }],
    })
    expect((await library.images.list()).files).toHaveLength(2)
    expect(await library.modules()).toEqual([])
    expect(await take(recipe as DfuRecipe)).toEqual(recipe)
  })

  it('with a file that is none, or a Particle module, is refused by its name', async () => {
    const { take } = await station()
    const taking = (file: string) => take(recipeFor({ image: { file } }))
    await expect(taking('gone.dfu')).rejects.toMatchObject({ reason: 'UNREADABLE' })
    await expect(taking('user.bin')).rejects.toMatchObject({ reason: 'PARTICLE_MODULE', file: 'user.bin' })
  })

  it('that names no device, a device that cannot be told, or one twice, is refused', () => {
    const said = (...devices: readonly Change[]) => {
      const text = JSON.stringify({ ...recipeFor({}), devices: devices.map((device) => ({ ...blinky, ...device })) })
      return () => parseRecipe(text, 'line.json')
    }
    expect(said({})).not.toThrow()
    expect(said()).toThrow(/RECIPE_INVALID: line\.json: devices/)
    expect(said({ match: ['1209'] })).toThrow(/RECIPE_INVALID: line\.json: Blinky: .*"1209"/)
    expect(said({ match: ['2b04:d00d'] })).toThrow(/RECIPE_INVALID.*Particle board/)
    expect(said({ match: ['1209:4D46', 'USB\\VID_1209&PID_4D46'] })).toThrow(/is named twice/)
    expect(said({}, { name: 'Rival' })).toThrow(/Rival: .* is named by Blinky, too/)
    // The bench would take one for the other: it goes by the name once it has seen the program of a device.
    expect(said({}, { match: ['1209:0002'] })).toThrow(/Blinky: two devices have this name/)
    expect(said({ image: 'a.dfu' as never })).toThrow(/devices\.0\.image: wants \{"file": \.\.\.\}/)
    expect(said({ memory: ' @ ' })).toThrow(/no name of a memory/)
  })
})

describe('a recipe for DFU devices on a station', () => {
  it('means the image of each device', async () => {
    const { target } = await station()
    expect(await target('plain.dfu')).toMatchObject({
      image: { format: 'dfu', sha256: sha256Of(plain), ...ids },
      fault: null,
    })
    expect(await target('a.hex')).toMatchObject({ image: { format: 'hex' }, fault: null })
    expect(await target('raw.bin', { address: 0x0800_0000 })).toMatchObject({ image: { format: 'raw' }, fault: null })
  })

  it('takes of a cabinet the firmware that is made for the device', async () => {
    const { target } = await station()
    expect(await target('a.cab')).toMatchObject({ image: { version: '2.0', guids: [productGuid] }, fault: null })
    expect(await target('a.cab', { match: [otherGuid] })).toMatchObject({ image: { version: '1.2.3' } })
    expect(await target('a.cab', { match: ['0483:0001'] })).toMatchObject({
      image: null,
      fault: { code: 'FIRMWARE_REFUSED', detail: expect.stringContaining('WRONG_DEVICE') },
    })
  })

  it('refuses an image for another device, with both identities', async () => {
    const { target } = await station()
    expect((await target('plain.dfu', { match: ['0483:df11'] }))?.fault).toEqual({
      code: 'FIRMWARE_REFUSED',
      detail: expect.stringMatching(/plain\.dfu is for USB device 1209:4d46, the device is 0483:df11/),
    })
  })

  it('refuses what image and recipe say against each other of the place', async () => {
    const { target } = await station()
    const fault = async (file: string, device: Change) => (await target(file, device))?.fault ?? null
    const stm = { match: ['0483:df11'] }
    expect(await fault('st.dfu', stm)).toBeNull()
    expect(await fault('st.dfu', { ...stm, address: 0x0800_0000, memory: 0 })).toBeNull()
    expect(await fault('st.dfu', { ...stm, address: 0x0800_4000 })).toMatchObject({
      code: 'RECIPE_INVALID',
      detail: expect.stringMatching(/0x8000000 by itself, and the recipe says 0x8004000/),
    })
    expect(await fault('st.dfu', { ...stm, memory: 1 })).toMatchObject({ code: 'RECIPE_INVALID' })
    expect(await fault('raw.bin', stm)).toMatchObject({
      code: 'RECIPE_INVALID',
      detail: expect.stringContaining('must say "address"'),
    })
    expect(await fault('raw.bin', { ...stm, address: 0x0800_0000 })).toBeNull()
    expect(await fault('raw.bin', {})).toBeNull()
  })

  it('says what it lacks, device by device', async () => {
    const { library, take } = await station()
    const recipe = await take(recipeFor({ image: { file: 'plain.dfu' } }, { name: 'Bare', match: ['1209:0002'] }))
    const faults = async () => (await resolveRecipe(recipe, library)).devices.map(({ fault }) => fault?.code ?? null)
    expect(await faults()).toEqual([null, 'RECIPE_INVALID'])
    await library.images.remove(sha256Of(plain))
    expect(await faults()).toEqual(['FIRMWARE_MISSING', 'RECIPE_INVALID'])
  })

  it('says that its image is damaged', async () => {
    const { library, take, root } = await station()
    const recipe = await take(recipeFor({ image: { file: 'plain.dfu' } }))
    rmSync(join(root, 'firmware', 'images', sha256Of(plain)))
    expect((await resolveRecipe(recipe, library)).devices[0]?.fault?.code).toBe('FIRMWARE_CORRUPT')
  })

  it('needs no image to identify', async () => {
    const { library } = await station()
    const { devices } = await resolveRecipe({ ...recipeFor({}), job: 'identify' }, library)
    expect(devices).toMatchObject([{ image: null, fault: null }])
  })
})

describe('the hash of a recipe for DFU devices', () => {
  it('counts what is said and not what is left as it is', () => {
    const said = {
      format: 'dfu-station-recipe',
      version: 1,
      name: 'Line 3',
      devices: [{ name: 'Blinky', match: ['1209:4d46'] }],
    }
    const short = parseRecipe(JSON.stringify(said), 'short.json')
    const long = parseRecipe(JSON.stringify({ ...said, ...plainFlashOfDevices, devices: [blinky] }), 'long.json')
    expect(short).toEqual(long)
    expect(recipeHash(short)).toBe(recipeHash(long))
    const devices = [{ name: 'Blinky', match: ['1209:4d46'] }]
    expect(
      recipeHash({ format: 'dfu-station-recipe', version: 1, name: 'Line 3', devices } as unknown as DfuRecipe),
    ).toBe(recipeHash(short))
  })

  it('is another one for every field that says something else', () => {
    const changes: readonly Change[] = [
      {},
      { name: 'Other' },
      { match: ['1209:4d47'] },
      { image: { sha256: 'ab'.repeat(32) } },
      { address: 0 },
      { memory: 0 },
      { memory: 'Internal Flash' },
      { version: '1.02' },
      { verify: 'reported' },
      { erase: 'all' },
      { readProtection: 'remove' },
      { allow: ['otp'] },
      { loader: 'take' },
      { afterwards: 'stay' },
    ]
    const hashes = changes.map((change) => recipeHash(recipeFor(change)))
    expect(new Set(hashes).size).toBe(changes.length)
    expect(new Set([recipeFor({}), { ...recipeFor({}), force: true }].map(recipeHash)).size).toBe(2)
  })

  it('knows every default of the schema', () => {
    const { devices, ...rest } = recipeFor({})
    const parsed = dfuRecipeSchema.parse({
      format: 'dfu-station-recipe',
      version: 1,
      name: 'Line 3',
      devices: [{ name: 'Blinky', match: ['1209:4d46'] }],
    })
    expect(parsed).toEqual({ ...rest, devices })
    expect(parsed.devices[0]).toEqual(blinky)
  })
})

const { factoryImage: _image, setup: _setup, ...plainFlashOfDevices } = plainFlash

describe('a recipe for DFU devices from a screen', () => {
  it('names its images by hash, is saved, chosen, and told to the bench with them', async () => {
    const { call, outcome, commands } = await playedDesk()
    const upload = { files: [{ path: 'plain.dfu', contentBase64: Buffer.from(plain).toString('base64') }] }
    await call('importImages', upload)
    const recipe = recipeFor({ image: { sha256: sha256Of(plain) } })
    const view = await call('saveRecipe', { recipe })
    expect(view.devices).toMatchObject([{ image: { format: 'dfu' }, fault: null }])
    await call('chooseRecipe', { recipeId: view.recipeId })
    expect(commands().at(-1)).toMatchObject({ kind: 'recipe', recipe: { devices: [{ image: { ...ids } }] } })
    await call('removeImage', { sha256: sha256Of(plain) })
    expect(commands().at(-1)).toMatchObject({
      recipe: { devices: [{ image: null, fault: { code: 'FIRMWARE_MISSING' } }] },
    })
    expect((await call('listRecipes', {}))[0]?.devices[0]?.fault?.code).toBe('FIRMWARE_MISSING')
    for (const bad of [recipeFor({ image: { file: 'plain.dfu' } }), recipeFor({ match: ['1209'] })]) {
      expect(await outcome('saveRecipe', { recipe: bad })).toMatchObject({
        ok: false,
        fault: { code: 'RECIPE_INVALID' },
      })
    }
  })
})
