// @vitest-environment happy-dom
// Recipe packs on the screen: what comes in, whom the station trusts, what is said of packs nobody signed, and the
// station opened on one pack.
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { sameFingerprint } from '../../src/renderer/screens/packs/fingerprints.ts'
import { deviceRecipeView } from './device-samples.ts'
import type { Answers } from './fake-link.ts'
import { packFacts, packsView, packView, releaseKey, unknownKey, untrustedPack } from './pack-samples.ts'
import { recipeView, sampleSlot, stationView } from './samples.ts'
import { clearStage, press, scan, stageApp } from './stage-app.tsx'

afterEach(clearStage)

const answers: Answers = {
  listFirmware: () => ({ sets: [], modules: [] }),
  listRecipes: () => [recipeView()],
  listPacks: () => packsView(),
}

async function openPacks(more: Answers = {}) {
  const stage = stageApp({ slots: [sampleSlot(1, 'empty')], answers: { ...answers, ...more } })
  await press('F4')
  fireEvent.click(screen.getByRole('tab', { name: 'Recipe packs' }))
  await screen.findByText('Packs of this station')
  return stage
}

function choosePackFile(): void {
  const input = document.querySelector<HTMLInputElement>('input[accept=".dfupack"]')
  if (input === null) throw new Error('there is no file chooser')
  Object.defineProperty(input, 'files', { value: [new File(['PK'], 'line.dfupack')], configurable: true })
  fireEvent.change(input)
}

describe('the packs of a station', () => {
  it('say who signed them, and loudly when it is nobody', async () => {
    await openPacks()
    expect(screen.getByText('signed, trusted')).toBeDefined()
    expect(screen.getByText('SIGNED BY A KEY THAT IS NOT TRUSTED')).toBeDefined()
    expect(screen.getByText('NOT SIGNED')).toBeDefined()
    expect(screen.getAllByText(releaseKey.fingerprint).length).toBeGreaterThan(0)
  })

  it('are used, used alone and removed', async () => {
    const { link } = await openPacks({ choosePack: () => packsView(), removePack: () => packsView({ packs: [] }) })
    fireEvent.click(screen.getByRole('button', { name: 'Use Tracker field trial alone and hide the rest' }))
    await waitFor(() => expect(link.inputsOf('choosePack')).toEqual([{ packId: untrustedPack.packId, focus: true }]))
    fireEvent.click(screen.getByRole('button', { name: 'Remove Blinky line' }))
    await screen.findByText(/No pack has been taken yet/)
  })

  it('show what was taken from the watched folder by itself, and why a bad one was not', async () => {
    const { push } = await openPacks()
    const rows = () => within(screen.getByRole('table', { name: 'Packs of the watched folder' })).getAllByRole('row')
    expect(rows().at(-1)?.textContent).toContain('REFUSED')
    expect(rows().at(-1)?.textContent).toContain('is not what was signed')
    push('packs', packsView({ packs: [packView({ name: 'New since a minute' })] }))
    expect(screen.getByText('New since a minute')).toBeDefined()
  })
})

describe('opening a pack', () => {
  it('shows who signed it before anything is taken, and then takes it', async () => {
    const { link } = await openPacks({ examinePack: () => packFacts(), importPack: () => packsView() })
    choosePackFile()
    const dialog = await screen.findByRole('dialog', { name: 'Pack Blinky line' })
    expect(within(dialog).getByText('signed, trusted')).toBeDefined()
    expect(link.inputsOf('importPack')).toEqual([])
    fireEvent.click(within(dialog).getByRole('button', { name: 'Take this pack' }))
    await screen.findByText('Blinky line version 4 is in this station now.')
    expect(link.inputsOf('importPack')).toEqual([{ fileName: 'line.dfupack', contentBase64: 'UEs=' }])
  })

  it('says whom it is for by the ids of each device, and what cannot be undone, before anything is taken', async () => {
    const { recipe } = deviceRecipeView()
    await openPacks({ examinePack: () => packFacts({ recipe }) })
    choosePackFile()
    const facts = (await screen.findByRole('dialog', { name: 'Pack Blinky line' })).textContent
    expect(facts).toContain('Blinky Meter 21209:7551, 0483:df11')
    expect(facts).toMatch(/Blinky Meter 1 \(refit\): DANGEROUSERASE THE WHOLE MEMORY.*REMOVE READ PROTECTION/)
    expect(facts).not.toContain('Blinky Meter 2: DANGEROUS')
  })

  it('trusts a key only when the fingerprint that was heard is its own', async () => {
    const answered = [
      untrustedPack,
      packFacts({ name: untrustedPack.name, signer: { ...unknownKey, name: 'Trial desk' } }),
    ]
    const { link } = await openPacks({
      examinePack: () => answered.shift() ?? packFacts(),
      trustKey: () => packsView().keys,
    })
    choosePackFile()
    fireEvent.click(await screen.findByRole('button', { name: 'Trust this key …' }))
    const trust = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Trust this key' })
    fireEvent.change(screen.getByLabelText('What this station calls the key'), { target: { value: 'Trial desk' } })
    expect(trust().disabled).toBe(true)
    const heard = screen.getByLabelText('Fingerprint as it was read to you')
    fireEvent.change(heard, { target: { value: 'M1X0-9QRS-TVWX-2346' } })
    expect(screen.getByText(/This is not the fingerprint/)).toBeDefined()
    expect(trust().disabled).toBe(true)
    fireEvent.change(heard, { target: { value: 'mlxo 9qrs tvwx 2345' } })
    fireEvent.click(trust())
    await screen.findByRole('button', { name: 'Take this pack' })
    expect(link.inputsOf('trustKey')).toEqual([{ name: 'Trial desk', publicKey: unknownKey.publicKey }])
  })

  it('says of a file that is no pack why it is none', async () => {
    await openPacks()
    choosePackFile()
    expect((await screen.findByRole('alert')).textContent).toContain('no answer to examinePack')
  })
})

describe('keys, folder and lock', () => {
  it('trust a key no more', async () => {
    const { link } = await openPacks({ untrustKey: () => packsView().keys })
    fireEvent.click(screen.getByRole('button', { name: 'Trust Release desk no more' }))
    await waitFor(() => expect(link.inputsOf('untrustKey')).toEqual([{ fingerprint: releaseKey.fingerprint }]))
  })

  it('watch another folder, or none', async () => {
    const { link } = await openPacks({ watchFolder: () => packsView() })
    fireEvent.change(screen.getByLabelText('Folder'), { target: { value: '/mnt/b ' } })
    fireEvent.click(screen.getByRole('button', { name: 'Watch it' }))
    await waitFor(() => expect(link.inputsOf('watchFolder')).toEqual([{ path: '/mnt/b' }]))
    fireEvent.click(await screen.findByRole('button', { name: 'Watch no folder' }))
    await waitFor(() => expect(link.inputsOf('watchFolder')).toHaveLength(2))
  })

  it('lock at once, and unlock only by the typed name of the station', async () => {
    const { link } = await openPacks({ lockToSignedPacks: ({ on }) => packsView({ onlySignedPacks: on }) })
    fireEvent.click(screen.getByRole('button', { name: 'Lock to signed packs' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Lift the lock …' }))
    const lift = screen.getByRole<HTMLButtonElement>('button', { name: 'Lift the lock' })
    expect(lift.disabled).toBe(true)
    fireEvent.change(screen.getByLabelText('Name of the station'), { target: { value: 'SZ-L2-P03' } })
    fireEvent.click(lift)
    await screen.findByRole('button', { name: 'Lock to signed packs' })
    expect(link.inputsOf('lockToSignedPacks')).toEqual([
      { on: true, typed: '' },
      { on: false, typed: 'SZ-L2-P03' },
    ])
  })

  it('take fingerprints as people write them', () => {
    expect(sameFingerprint('7k3m q0zd 4t8c vw2h', releaseKey.fingerprint)).toBe(true)
    expect(sameFingerprint('7K3MQOZD4T8CVW2H', releaseKey.fingerprint)).toBe(true)
    expect(sameFingerprint('7K3M-Q0ZD-4T8C-VW2', releaseKey.fingerprint)).toBe(false)
    expect(sameFingerprint('', releaseKey.fingerprint)).toBe(false)
  })
})

describe('exporting a recipe as a pack', () => {
  it('asks for name, version and place, and says where it went', async () => {
    const { link } = await openPacks({ exportPack: () => ({ kind: 'saved', path: '/mnt/line/packs/Lot 7.dfupack' }) })
    fireEvent.click(screen.getByRole('tab', { name: 'Recipes' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Export as pack …' }))
    fireEvent.change(screen.getByLabelText('Name of the pack'), { target: { value: 'Lot 7' } })
    fireEvent.change(screen.getByLabelText('Version'), { target: { value: '3' } })
    fireEvent.click(await screen.findByLabelText(/Into the watched folder/))
    fireEvent.click(screen.getByRole('button', { name: 'Export' }))
    await screen.findByText('Saved as /mnt/line/packs/Lot 7.dfupack')
    const { recipeId } = recipeView()
    expect(link.inputsOf('exportPack')).toEqual([
      { recipeId, name: 'Lot 7', version: 3, author: '', intoWatchedFolder: true },
    ])
  })
})

describe('a recipe that nobody vouches for', () => {
  it('is marked in a banner and on every tile with a board', () => {
    const station = stationView({ recipeWarning: 'This recipe pack is not signed', isSimulated: true })
    stageApp({ slots: [sampleSlot(1, 'passed'), sampleSlot(2, 'working'), sampleSlot(3, 'empty')], station })
    expect(screen.getByRole('alert').textContent).toContain('This recipe pack is not signed')
    expect(screen.getAllByText('RECIPE NOT TRUSTED')).toHaveLength(2)
  })
})

describe('a station opened on one pack', () => {
  const station = stationView({ focus: 'Blinky line' })

  it('shows the bench alone: no key, no scan and no button leads elsewhere', async () => {
    stageApp({ slots: [sampleSlot(1, 'passed')], station, answers })
    for (const key of ['F3', 'F4', 'F6']) await press(key)
    await scan('e00fce68aaaaaa1eefc10001')
    expect(screen.getByRole('list', { name: 'Slots of the bench' })).toBeDefined()
    expect(screen.queryByRole('button', { name: /Firmware|History|Settings/ })).toBeNull()
    await press('1')
    fireEvent.click(document.activeElement ?? document.body)
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('PASS')
  })

  it('is left only by typing the name of the pack', async () => {
    const { link, push } = stageApp({
      slots: [sampleSlot(1, 'passed')],
      station,
      answers: { ...answers, leaveFocus: () => packsView() },
    })
    fireEvent.click(screen.getByRole('button', { name: 'Leave the pack …' }))
    const leave = screen.getByRole<HTMLButtonElement>('button', { name: 'Leave the pack' })
    fireEvent.change(screen.getByLabelText('Name of the pack'), { target: { value: 'Blinky' } })
    expect(leave.disabled).toBe(true)
    fireEvent.change(screen.getByLabelText('Name of the pack'), { target: { value: 'Blinky line' } })
    fireEvent.click(leave)
    await waitFor(() => expect(link.inputsOf('leaveFocus')).toEqual([{ typed: 'Blinky line' }]))
    push('bench', { revision: 2, full: false, station: stationView(), slots: [] })
    expect(screen.getByRole('button', { name: /Firmware/ })).toBeDefined()
  })
})
