// @vitest-environment happy-dom
// Firmware, recipes and settings: what goes to the station, and what it says.

import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { packUploads } from '../../src/renderer/screens/firmware/upload-batches.ts'
import { plainFlash } from '../../src/shared/model/plain-flash.ts'
import { recipeSchema } from '../../src/shared/model/recipe.ts'
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
    const { batches, remarks } = packUploads([
      ...inFolder('a', 40),
      ...inFolder('b', 30),
      ...inFolder('c', 20),
      ...inFolder('big', 65),
    ])
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
