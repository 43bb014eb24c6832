// @vitest-environment happy-dom
// Firmware, recipes and settings: what goes to the station, and what it says.

import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { packUploads } from '../../src/renderer/screens/firmware/upload-batches.ts'
import { firmwareUploads } from '../../src/renderer/screens/firmware/upload-kinds.ts'
import { plainFlash } from '../../src/shared/model/plain-flash.ts'
import { recipeSchema } from '../../src/shared/model/recipe.ts'
import { deviceRecipeView, deviceWish, imageImport, imageShelf } from './device-samples.ts'
import type { Answers } from './fake-link.ts'
import {
  firmwareModule,
  firmwareSet,
  hashOf,
  portOf,
  recipeView,
  releasesOf,
  sampleSettings,
  sampleSlot,
  slotView,
  stationView,
} from './samples.ts'
import { clearStage, press, stageApp } from './stage-app.tsx'

afterEach(clearStage)

const sets = [firmwareSet('boron', '4.0.2'), firmwareSet('boron', '2.3.1'), firmwareSet('p2', '5.6.0')]
const answers: Answers = {
  listFirmware: () => ({ sets, modules: [...sets.flatMap((set) => set.modules), firmwareModule('boron', 'user', 2)] }),
  listVersions: () => releasesOf(sets),
  listRecipes: () => [
    recipeView(),
    recipeView({
      recipeId: hashOf(8),
      isActive: false,
      recipe: { ...recipeView().recipe, name: 'Other' },
    }),
  ],
}

async function openFirmware(more: Answers = {}, tab?: string) {
  const stage = stageApp({ slots: [sampleSlot(1, 'empty')], answers: { ...answers, ...more } })
  await press('F4')
  await screen.findByText('in use')
  if (tab !== undefined) fireEvent.click(screen.getByRole('tab', { name: tab }))
  return stage
}

function choose(...files: File[]): void {
  const input = document.querySelector<HTMLInputElement>('input[type=file]')
  if (input === null) throw new Error('there is no file chooser')
  Object.defineProperty(input, 'files', { value: files, configurable: true })
  fireEvent.change(input)
}

describe('synthetic firmware', () => {
  it('is called so wherever it is shown', async () => {
    const real = firmwareSet('p2', '5.6.0')
    const demo = firmwareSet('boron', '4.0.2')
    const marked = { ...demo, modules: demo.modules.map((module) => ({ ...module, isSynthetic: true })) }
    await openFirmware({ listFirmware: () => ({ sets: [real, marked], modules: [] }) }, 'Firmware library')
    const marks = await screen.findAllByText('synthetic')
    expect(marks.map((mark) => mark.closest('summary')?.textContent)).toEqual([expect.stringMatching(/^boron 4\.0\.2/)])
    expect(screen.getAllByText(/, synthetic$/)).toHaveLength(demo.modules.length)
  })
})

describe('recipes', () => {
  it('show exactly what will be flashed, and why a platform cannot be', async () => {
    await openFirmware()
    const boron = screen.getByRole('region', { name: 'boron' })
    const row = within(boron).getByRole('row', { name: /^system 1/ })
    expect(row.textContent).toContain('4002')
    expect(row.textContent).toContain('0x00030000')
    expect(row.textContent).toContain('632.4 KiB')
    const p2 = screen.getByRole('region', { name: 'p2' })
    expect(p2.textContent).toContain('Import the firmware first')
    expect(p2.textContent).toContain('the library has no Device OS 4.0.2 for p2')
  })

  it('can be chosen', async () => {
    const { link } = await openFirmware({ chooseRecipe: () => [] })
    fireEvent.click(screen.getByRole('button', { name: /^Other/ }))
    fireEvent.click(screen.getByRole('button', { name: 'Use this recipe' }))
    await screen.findByText(/No recipe yet/)
    expect(link.inputsOf('chooseRecipe')).toEqual([{ recipeId: hashOf(8) }])
  })

  it('are composed from what the library holds, and cannot be saved half made', async () => {
    const { link } = await openFirmware({
      saveRecipe: ({ recipe }) => recipeView({ recipe: recipeSchema.parse(recipe) }),
    })
    fireEvent.click(screen.getByRole('button', { name: 'New recipe' }))
    const save = screen.getByRole<HTMLButtonElement>('button', { name: 'Save recipe' })
    expect(save.disabled).toBe(true)
    expect(screen.getByText('Give the recipe a name.')).toBeDefined()
    fireEvent.change(screen.getByLabelText('Name'), { target: { value: ' Lot 7 ' } })
    fireEvent.click(screen.getByRole('checkbox', { name: 'boron' }))
    await screen.findByRole('option', { name: '2.3.1 – recommended' })
    fireEvent.change(screen.getByLabelText('Device OS of boron'), { target: { value: '2.3.1' } })
    fireEvent.change(screen.getByLabelText('User firmware'), { target: { value: 'modules' } })
    expect(screen.getByText('Choose user firmware for boron.')).toBeDefined()
    const { sha256 } = firmwareModule('boron', 'user', 2)
    fireEvent.change(screen.getByLabelText('User firmware of boron'), { target: { value: sha256 } })
    fireEvent.click(save)
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(link.inputsOf('saveRecipe')).toEqual([
      {
        recipe: {
          ...plainFlash,
          format: 'dfu-station-recipe',
          version: 1,
          name: 'Lot 7',
          platforms: ['boron'],
          deviceOs: { boron: '2.3.1' },
          user: { modules: { boron: sha256 } },
          verify: 'read-back',
        },
      },
    ])
  })

  it('take the newest Device OS of a platform unless told otherwise', async () => {
    await openFirmware()
    fireEvent.click(screen.getByRole('button', { name: 'New recipe' }))
    fireEvent.click(screen.getByRole('checkbox', { name: 'boron' }))
    const versions = screen.getByLabelText<HTMLSelectElement>('Device OS of boron')
    await waitFor(() => expect(versions.value).toBe('4.0.2'))
  })
})

describe('recipes for other DFU devices', () => {
  const { recipe } = deviceRecipeView()
  const listRecipes = () => [deviceRecipeView()]

  it('show exactly what each device gets, why one cannot be flashed, and loudly what cannot be undone', async () => {
    await openFirmware({ listRecipes })
    const plain = screen.getByRole('region', { name: 'Blinky Meter 2' })
    for (const text of [
      'Known by1209:7551, 0483:df11',
      'Proofevery byte is read back and compared',
      'Must report REV1.03',
      'FormatDfuSe',
      '0x08010000',
    ])
      expect(plain.textContent).toContain(text)
    expect(plain.textContent).not.toContain('Dangerous')
    const harsh = screen.getByRole('region', { name: 'Blinky Meter 1 (refit)' })
    expect(harsh.textContent).toContain('Dangerous: this cannot be undone')
    expect(harsh.textContent).toMatch(/ERASE THE WHOLE MEMORY.*REMOVE READ PROTECTION.*WRITE OPTION BYTES/)
    expect(harsh.textContent).not.toContain('ONE-TIME')
    expect(harsh.textContent).toContain('the library has no image application.bin any more')
    expect(harsh.textContent).toContain('Proofwhat the device reports: nothing is read back')
    expect(harsh.textContent).toContain('Address0x08000000')
    expect(screen.getByRole('img', { name: 'not everything it names can be flashed' })).toBeDefined()
  })

  it('that only identify name the devices and their ids, and nothing that is done to them', async () => {
    const { devices } = deviceRecipeView()
    const view = deviceRecipeView({ recipe: { ...recipe, job: 'identify' }, devices: devices.slice(0, 1) })
    await openFirmware({ listRecipes: () => [view] })
    const device = screen.getByRole('region', { name: 'Blinky Meter 2' })
    expect(device.textContent).toContain('Known by1209:7551, 0483:df11')
    expect(device.textContent).not.toContain('Proof')
  })

  async function compose() {
    const stage = await openFirmware({
      listImages: () => imageShelf(),
      saveRecipe: ({ recipe: saved }) => deviceRecipeView({ recipe: recipeSchema.parse(saved) }),
    })
    fireEvent.click(screen.getByRole('button', { name: 'New recipe' }))
    fireEvent.change(screen.getByLabelText('For'), { target: { value: 'devices' } })
    await screen.findByLabelText('Image of device 1')
    return stage
  }

  it('are composed: an image that says whom it is for names the device, and nothing dangerous is on', async () => {
    const { link } = await compose()
    fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'Lot 7' } })
    expect(screen.getByText('Give device 1 a name.')).toBeDefined()
    fireEvent.change(screen.getByLabelText('Name of device 1'), { target: { value: 'Blinky Meter 2' } })
    expect(screen.getByText(/^Say by which ids device 1 is known/)).toBeDefined()
    fireEvent.change(screen.getByLabelText('Image of device 1'), { target: { value: hashOf(301) } })
    const ids = screen.getByLabelText<HTMLInputElement>('Ids of device 1')
    expect(ids.value).toBe('1209:7551')
    fireEvent.change(ids, { target: { value: '1209:7551, 483:df11' } })
    expect(screen.getByText(/“483:df11” is neither like 0483:df11/)).toBeDefined()
    fireEvent.change(ids, { target: { value: '1209:7551, 0483:DF11' } })
    for (const box of screen.getAllByRole<HTMLInputElement>('checkbox', { hidden: true }))
      expect(box.checked).toBe(false)
    fireEvent.click(screen.getByRole('button', { name: 'Save recipe' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    const wish = deviceWish({ version: null, match: ['1209:7551', '0483:df11'] })
    expect(link.inputsOf('saveRecipe')).toEqual([
      {
        recipe: {
          ...{ format: 'dfu-station-recipe', version: 1, name: 'Lot 7', job: 'flash', limits: null, label: {} },
          ...{ devices: [wish], force: false },
        },
      },
    ])
  })

  it('say loudly, also with the fold closed, that something dangerous was chosen', async () => {
    await compose()
    expect(screen.queryByText('DANGEROUS')).toBeNull()
    fireEvent.click(screen.getByRole('checkbox', { name: /^ERASE THE WHOLE MEMORY/, hidden: true }))
    expect(screen.getByText('DANGEROUS').closest('summary')?.textContent).toMatch(/device 1 \(1 set\)/)
  })

  it('are for as many devices as are added, and one can be taken out again', async () => {
    await compose()
    expect(screen.queryByRole('button', { name: 'Remove device 1' })).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Add a device' }))
    fireEvent.change(screen.getByLabelText('Name of device 2'), { target: { value: 'Second' } })
    fireEvent.click(screen.getByRole('button', { name: 'Remove device 1' }))
    expect(screen.getByLabelText<HTMLInputElement>('Name of device 1').value).toBe('Second')
    expect(screen.queryByLabelText('Name of device 2')).toBeNull()
  })

  it('ask for no image where the device is only identified', async () => {
    await compose()
    fireEvent.change(screen.getByLabelText('What is done'), { target: { value: 'identify' } })
    expect(screen.queryByLabelText('Image of device 1')).toBeNull()
    expect(screen.queryByText('More options of device 1')).toBeNull()
  })
})

describe('images of the library', () => {
  it('say what they are, whom they are for, where their pieces go, and what is to be known of them', async () => {
    await openFirmware({ listImages: () => imageShelf() }, 'Device images')
    const rows = (await screen.findAllByRole('listitem')).map((row) => row.querySelector('summary')?.textContent)
    expect(rows).toEqual([
      expect.stringMatching(/^blinky-meter-1\.03\.dfuDfuSefor 1209:75512 pieces49\.8 KiB/),
      expect.stringMatching(/^application\.binraw bytesnothing says what it is for1 piece/),
      expect.stringMatching(/^blinky-meter-1\.3\.0\.cabfirmware cabinetfor 2 GUIDsversion 1\.3\.01 piece/),
      expect.stringMatching(/\.cabfirmware cabinet, 2 firmwares2 pieces/),
    ])
    const [plain, raw, cabinet] = screen.getAllByRole('listitem')
    expect(plain?.textContent).toContain(hashOf(301))
    expect(within(plain as HTMLElement).getByText('0x08010000', { selector: 'td' })).toBeDefined()
    expect(raw?.textContent).toContain('no DFU suffix: nothing says what it is for')
    expect(raw?.querySelector('[data-glyph="triangle"]')).not.toBeNull()
    expect(cabinet?.textContent).toContain('For6ce7d3b0-3a43-5d2f-9a0f-0b6f3d2a9c01, 0b2f9b6f')
  })

  it('come in by a call of their own, each refusal with its reason, and recipes are looked at again', async () => {
    const { link } = await openFirmware(
      { listImages: () => imageShelf([]), importImages: () => imageImport },
      'Device images',
    )
    await screen.findByText('No image has been imported yet.')
    const recipesAsked = link.inputsOf('listRecipes').length
    choose(new File(['abc'], 'a.dfu'), new File(['x'], 'application.elf'), new File(['?'], 'notes.txt'))
    await screen.findByText('1 image imported: blinky-meter-1.03.dfu')
    expect(screen.getByText(/convert it with objcopy/)).toBeDefined()
    expect(link.inputsOf('importImages')).toEqual([
      {
        files: [
          { path: 'a.dfu', contentBase64: 'YWJj' },
          { path: 'application.elf', contentBase64: 'eA==' },
        ],
      },
    ])
    expect(link.inputsOf('importFiles')).toEqual([])
    expect(link.inputsOf('listImages').length).toBeGreaterThan(1)
    expect(link.inputsOf('listRecipes').length).toBeGreaterThan(recipesAsked)
  })

  it('are removed by their hash; a refusal is shown', async () => {
    const { link } = await openFirmware({ listImages: () => imageShelf() }, 'Device images')
    fireEvent.click(await screen.findByRole('button', { name: 'Remove application.bin' }))
    await screen.findByText(/no answer to removeImage/)
    expect(link.inputsOf('removeImage')).toEqual([{ sha256: hashOf(302) }])
  })

  it('that are damaged are named', async () => {
    await openFirmware({ listImages: () => ({ files: [], damaged: ['0a1b'] }) }, 'Device images')
    expect(await screen.findByText(/importing the file again mends it: 0a1b/)).toBeDefined()
  })
})

describe('ways in and out of the library', () => {
  const boron = firmwareSet('boron', '4.0.2')
  const fetched = { url: 'https://cdn.example.com/app.bin', sha256: hashOf(81), sizeBytes: 34_512, isNew: true }

  it('fetches from an address once, with the SHA-256 it must have', async () => {
    const { link } = await openFirmware(
      { fetchFirmware: () => ({ ...fetched, platform: 'boron', userSha256: hashOf(82) }) },
      'Firmware library',
    )
    const fetchIt = screen.getByRole<HTMLButtonElement>('button', { name: 'Fetch' })
    expect(fetchIt.disabled).toBe(true)
    fireEvent.change(screen.getByLabelText('Address'), { target: { value: ' https://example.com/app.bin ' } })
    fireEvent.change(screen.getByLabelText('SHA-256 it must have'), { target: { value: 'abc' } })
    expect(fetchIt.disabled).toBe(true)
    fireEvent.change(screen.getByLabelText('SHA-256 it must have'), { target: { value: hashOf(81).toUpperCase() } })
    fireEvent.click(fetchIt)
    await screen.findByText(/It is in the library now/)
    expect(screen.getByText('33.7 KiB')).toBeDefined()
    expect(screen.getByText('https://cdn.example.com/app.bin')).toBeDefined()
    expect(link.inputsOf('fetchFirmware')).toEqual([{ url: 'https://example.com/app.bin', sha256: hashOf(81) }])
  })

  it('says of a file without a given SHA-256 that it has to be checked, and of a refused one why', async () => {
    const { link } = await openFirmware(
      { fetchFirmware: () => ({ ...fetched, platform: 'boron', userSha256: hashOf(82) }) },
      'Firmware library',
    )
    fireEvent.change(screen.getByLabelText('Address'), { target: { value: 'https://example.com/app.bin' } })
    fireEvent.click(screen.getByRole('button', { name: 'Fetch' }))
    await screen.findByText(/No SHA-256 was given/)
    expect(link.inputsOf('fetchFirmware')).toEqual([{ url: 'https://example.com/app.bin', sha256: null }])
  })

  it('takes a whole set out as Intel HEX with the chosen user firmware, and says what is not in it', async () => {
    const { link } = await openFirmware(
      { exportHex: () => ({ kind: 'saved', path: '/tmp/boron.hex', notes: ['No network processor firmware.'] }) },
      'Firmware library',
    )
    fireEvent.click(screen.getByRole('button', { name: 'Export boron 4.0.2 as Intel HEX' }))
    const { sha256 } = firmwareModule('boron', 'user', 2)
    fireEvent.change(screen.getByLabelText('User firmware'), { target: { value: sha256 } })
    fireEvent.click(screen.getByRole('button', { name: 'Export' }))
    await screen.findByText('Saved as /tmp/boron.hex')
    expect(screen.getByText('No network processor firmware.')).toBeDefined()
    expect(link.inputsOf('exportHex')).toEqual([{ platform: 'boron', deviceOs: boron.deviceOsVersion, user: sha256 }])
  })

  it('offers no HEX of a set that lacks something', async () => {
    const lacking = firmwareSet('p2', '5.6.0', { missing: [{ kind: 'bootloader', index: 2 }] })
    await openFirmware({ listFirmware: () => ({ sets: [lacking], modules: [] }) }, 'Firmware library')
    await screen.findByText(/lacks bootloader 2/)
    expect(screen.queryByRole('button', { name: /^Export .* as Intel HEX/ })).toBeNull()
  })
})

describe('importing firmware', () => {
  it('sends the bytes of the chosen files and lists each refusal with file and reason', async () => {
    const refused = [
      { file: 'a.bin', reason: 'CRC_MISMATCH', detail: 'stored 1f2e3d4c, computed 0a0b0c0d' },
      { file: 'b.zip', reason: 'UNSAFE_PATH', detail: '../x' },
    ]
    const { link } = await openFirmware(
      { importFiles: () => ({ imported: [sets[0] as (typeof sets)[number]], refused }) },
      'Firmware library',
    )
    choose(
      new File(['abc'], 'a.bin'),
      new File(['PK'], 'b.zip'),
      new File([':'], 'c.HEX'),
      new File(['?'], 'notes.txt'),
    )
    const rows = within(await screen.findByRole('table', { name: 'Refused' }))
      .getAllByRole('row')
      .slice(1)
    expect(rows.map((row) => row.textContent)).toEqual([
      'a.binCRC_MISMATCHstored 1f2e3d4c, computed 0a0b0c0d',
      'b.zipUNSAFE_PATH../x',
    ])
    expect(screen.getByText(/1 set imported: boron 4\.0\.2/)).toBeDefined()
    expect(link.inputsOf('importFiles')).toEqual([
      {
        files: [
          { path: 'a.bin', contentBase64: 'YWJj' },
          { path: 'b.zip', contentBase64: 'UEs=' },
          { path: 'c.HEX', contentBase64: 'Og==' },
        ],
      },
    ])
  })

  it('shows the progress that the station tells', async () => {
    let finish = () => {}
    const importFiles = () =>
      new Promise<{ imported: []; refused: [] }>((resolve) => (finish = () => resolve({ imported: [], refused: [] })))
    const { link, push } = await openFirmware({ importFiles }, 'Firmware library')
    choose(new File(['abc'], 'a.zip'))
    await waitFor(() => expect(link.inputsOf('importFiles')).toHaveLength(1))
    expect(screen.getByText('Reading the files …')).toBeDefined()
    push('imports', { file: 'system-part1.bin', done: 1, total: 4 })
    expect(screen.getByText('1 of 4: system-part1.bin')).toBeDefined()
    expect(screen.getByLabelText<HTMLProgressElement>('Import progress').value).toBe(250)
    await act(async () => finish())
    expect(screen.queryByText('1 of 4: system-part1.bin')).toBeNull()
  })

  it('sends nothing when no firmware is among the files, and says so', async () => {
    const { link } = await openFirmware({}, 'Firmware library')
    choose(new File(['?'], 'notes.txt'))
    await screen.findByText(/nothing was imported/)
    expect(link.inputsOf('importFiles')).toEqual([])
  })

  it('keeps a folder together and stays below the limits of a call', () => {
    const inFolder = (folder: string, count: number) =>
      Array.from({ length: count }, (_, at) => ({ path: `${folder}/${at}.bin`, file: new File(['x'], `${at}.bin`) }))
    const { batches, remarks } = packUploads(
      [...inFolder('a', 40), ...inFolder('b', 30), ...inFolder('c', 20), ...inFolder('big', 65)],
      firmwareUploads,
    )
    expect(batches.map((batch) => batch.length)).toEqual([40, 50])
    expect(remarks).toEqual([expect.stringContaining('big/: 65 firmware files')])
  })
})

const settingsAnswers: Answers = {
  readSettings: () => sampleSettings,
  examineStation: () => [{ name: 'udev rule', ok: false, detail: 'none', remedy: 'Copy the rule.' }],
}

async function openSettings(more: Answers = {}) {
  const stage = stageApp({ slots: [slotView(1, 'off')], answers: { ...settingsAnswers, ...more } })
  await press('F6')
  await screen.findByText('Ports of the slots')
  return stage
}

describe('settings', () => {
  it('learn a port by plugging in, and read it once it is learnt', async () => {
    const learnt = { ...sampleSettings, slots: [portOf(1), portOf(2), portOf(3), portOf(9)] }
    const answersInTurn = [sampleSettings, learnt]
    const { link, push } = await openSettings({
      learnPort: () => sampleSettings,
      readSettings: () => answersInTurn.shift() ?? learnt,
    })
    fireEvent.click(screen.getByRole('button', { name: 'Assign a port to slot 4' }))
    await waitFor(() => expect(link.inputsOf('learnPort')).toEqual([{ slot: 4 }]))
    push('bench', { revision: 2, full: false, station: stationView({ learningSlot: 4 }), slots: [] })
    expect(screen.getByText('Plug a board into socket 4.')).toBeDefined()
    push('bench', { revision: 3, full: false, station: stationView(), slots: [] })
    await screen.findByText(portOf(9))
  })

  it('end the learning by Escape and stay where they are', async () => {
    const { link, push } = await openSettings({ learnPort: () => sampleSettings })
    push('bench', { revision: 2, full: false, station: stationView({ learningSlot: 4 }), slots: [] })
    await press('Escape')
    expect(link.inputsOf('learnPort')).toEqual([{ slot: null }])
    expect(screen.getByText('Ports of the slots')).toBeDefined()
  })

  it('switch simulated boards on with boards and speed', async () => {
    const { link } = await openSettings({
      setSimulation: () => ({ ...sampleSettings, simulation: { on: true, boards: 'p2:2', speed: 10 } }),
    })
    fireEvent.change(screen.getByLabelText('Boards'), { target: { value: 'p2:2' } })
    fireEvent.change(screen.getByLabelText('Speed (1 is real)'), { target: { value: '10' } })
    fireEvent.click(screen.getByRole('button', { name: 'Switch on' }))
    await screen.findByRole('button', { name: 'Back to real USB' })
    expect(link.inputsOf('setSimulation')).toEqual([{ on: true, boards: 'p2:2', speed: 10 }])
  })

  it('show the fault of a refused change and keep the old value', async () => {
    await openSettings()
    fireEvent.click(screen.getByLabelText(/Start each board by itself/))
    await screen.findByRole('alert')
    expect(screen.getByLabelText<HTMLInputElement>(/Start each board by itself/).checked).toBe(true)
  })

  it('show what this computer lacks, with the remedy', async () => {
    await openSettings()
    expect(screen.getByText('Copy the rule.')).toBeDefined()
  })

  it('keep sound off until it is wanted, and remember the wish on this screen', async () => {
    await openSettings()
    const sound = screen.getByLabelText<HTMLInputElement>('Sounds on this screen')
    expect(sound.checked).toBe(false)
    fireEvent.click(sound)
    expect(window.localStorage.getItem('dfu-station.sound')).toBe('on')
  })
})
