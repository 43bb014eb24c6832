// @vitest-environment happy-dom
// The slot in full, and the records behind it.
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import type { RecordPage } from '../../src/shared/contract/contract.ts'
import { unreadable } from '../../src/shared/model/identity.ts'
import {
  askingSlot,
  bystanderSlot,
  deviceOf,
  deviceRecord,
  deviceSlot,
  deviceSummary,
  question,
  reportedSlot,
  stm32Of,
} from './device-samples.ts'
import type { Answers } from './fake-link.ts'
import { boardOf, ledgerRecord, portOf, recordSummary, sampleSlot, verifiedSlot } from './samples.ts'
import { clearStage, press, stageApp } from './stage-app.tsx'

afterEach(clearStage)

describe('the slot screen', () => {
  it('opens by Enter on the chosen tile, goes on by arrows and digits, and back by Escape', async () => {
    stageApp({ slots: [sampleSlot(1, 'failed'), sampleSlot(2, 'passed'), sampleSlot(3, 'empty')] })
    await press('1')
    fireEvent.click(document.activeElement ?? document.body)
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('1FAIL')
    await press('ArrowRight')
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('2PASS')
    await press('3')
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('3EMPTY')
    await press('Escape')
    expect(screen.getByRole('list', { name: 'Slots of the bench' })).toBeDefined()
  })

  it('shows the remedy large and the engineer part behind a fold', async () => {
    stageApp({ slots: [sampleSlot(1, 'failed')] })
    await openSlot('1')
    const card = screen.getByRole('region', { name: 'Board does not hold what was written' })
    expect(within(card).getByText('Start again once. Second time: red bin.')).toBeDefined()
    expect(card.querySelector('details')?.open).toBe(false)
    expect(card.querySelector('details')?.textContent).toContain('first difference at 0x00031000')
  })

  it('shows steps with their times, the failed one, and what was not reached', async () => {
    stageApp({ slots: [sampleSlot(1, 'failed')] })
    await openSlot('1')
    const steps = within(screen.getByRole('region', { name: 'Steps' })).getAllByRole('listitem')
    expect(steps.map((step) => step.dataset['result'])).toEqual([
      'done',
      'done',
      'done',
      'done',
      'failed',
      'unreached',
      'unreached',
      'unreached',
    ])
    expect(steps[2]?.textContent).toContain('632.4 KiB')
    expect(steps[2]?.textContent).toContain('15 s')
  })

  it('shows each module before, target and after, and says which is not proven', async () => {
    stageApp({ slots: [sampleSlot(1, 'failed'), sampleSlot(2, 'passed')] })
    await openSlot('1')
    expect(screen.getAllByText('NOT PROVEN')).toHaveLength(3)
    await press('2')
    expect(screen.queryByText('NOT PROVEN')).toBeNull()
    const row = screen.getByRole('row', { name: /^bootloader/ })
    expect(
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent)
        .slice(0, 5),
    ).toEqual(['1004', '→ 2004', '2004', 'updated', 'version and integrity, reported by Device OS'])
  })

  it('names all that differs on a verified board, what the board has and what the recipe says', async () => {
    stageApp({ slots: [verifiedSlot(1, true), verifiedSlot(2, false)] })
    expect(screen.getByText('3 differences')).toBeDefined()
    expect(screen.getByText('system 1: 2301, not 4002')).toBeDefined()
    await openSlot('1')
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('1DIFFERS')
    const rows = within(screen.getByRole('table', { name: 'What differs from the recipe' })).getAllByRole('row')
    const cells = rows.slice(1).map((row) =>
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    )
    expect(cells).toEqual([
      ['version 2301version 2301, wanted 4002', 'version 4002'],
      ['not on the board with this hash', '–'],
      ['the board reports no user firmware', '–'],
    ])
    await press('2')
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('2VERIFIED')
    expect(screen.queryByRole('table', { name: 'What differs from the recipe' })).toBeNull()
  })

  it('shows what a board says of itself, and what to know of the job', async () => {
    stageApp({ slots: [sampleSlot(1, 'passed')] })
    await openSlot('1')
    const facts = screen.getByRole('region', { name: 'Board' })
    expect(facts.textContent).toContain('Assetscat.txt; lacks dog.txt')
    expect(facts.textContent).toContain('Listening modeno')
    expect(facts.textContent).toContain('Set-up flagset up')
    expect(facts.textContent).toContain('Network processornot readable: this board has no network processor')
    expect(screen.getByRole('region', { name: 'To know of this job' }).textContent).toContain('set-up flag left alone')
  })

  it.each([
    ['photon', 'SETUP'],
    ['boron', 'MODE'],
    ['tracker', 'MODE'],
  ] as const)('of a %s that needs a finger draws the board and says to hold %s', async (platform, button) => {
    const fault = { code: 'DFU_BY_BUTTON', detail: '' } as const
    stageApp({ slots: [{ ...sampleSlot(1, 'failed', platform), fault }] })
    await openSlot('1')
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('1BUTTON')
    const panel = screen.getByRole('region', { name: 'With your hands' })
    const picture = within(panel).getByRole('img')
    expect(picture.getAttribute('aria-label')).toBe(
      `A board with its buttons ${button} and RESET and its light: blinks yellow`,
    )
    expect(within(panel).getAllByRole('listitem')[0]?.textContent).toBe(`Hold ${button} down.`)
    const card = screen.getByRole('region', { name: 'Board needs a hand to enter DFU mode' })
    expect(card.textContent).toContain(`holding ${button}`)
  })

  it('sends a locked board aside, not to the red bin', async () => {
    const fault = { code: 'DEVICE_PROTECTED', detail: 'sm=p' } as const
    stageApp({ slots: [{ ...sampleSlot(1, 'refused'), fault }] })
    await openSlot('1')
    expect(screen.getAllByText('REMOVE → PUT ASIDE')).toHaveLength(1)
    expect(screen.getByText('Put the board aside: it is locked and cannot be served offline.')).toBeDefined()
    expect(screen.queryByRole('region', { name: 'With your hands' })).toBeNull()
  })

  it('says why an identity could not be read', async () => {
    const board = { ...boardOf(1), iccid: unreadable<never>('the modem did not answer within 5 s') }
    stageApp({ slots: [{ ...sampleSlot(1, 'ready'), board }] })
    await openSlot('1')
    expect(screen.getByText('not readable: the modem did not answer within 5 s')).toBeDefined()
  })
})

describe('the slot screen of a generic device', () => {
  const facts = () => screen.getByRole('region', { name: 'Board' }).textContent
  const rowsOf = (name: string) =>
    within(screen.getByRole('region', { name }))
      .getAllByRole('row')
      .slice(1)
      .map((row) => [...row.children].map((cell) => cell.textContent))

  it('says who it is, what it can do, and its version before and after', async () => {
    stageApp({ slots: [deviceSlot(1, 'passed')] })
    await openSlot('1')
    for (const text of [
      'ProductBlinky Meter 2',
      'ManufacturerAcme Instruments',
      'USB ids1209:7551',
      'SerialBM2-2611-0007919',
      'Modeits own program runs',
      'Protocolnot readable: its program runs: only its loader says',
      'Read backyes: it can upload',
      'Quirksnone',
      'REV before1.02',
      'REV after1.03',
    ])
      expect(facts()).toContain(text)
    expect(facts()).not.toContain('Told apart by')
    expect(rowsOf('Names of this device')).toContainEqual([
      'USB\\VID_1209&PID_7551',
      '0b2f9b6f-41c5-5f0c-8b3d-51c9a6d4e702',
    ])
  })

  it('says that the port decides where the serial number does not, and why', async () => {
    stageApp({ slots: [deviceSlot(1, 'ready', stm32Of(1, { twins: [portOf(2), portOf(3)] }))] })
    await openSlot('1')
    expect(facts()).toContain(
      `Told apart bythe port (${portOf(1)}): the serial number is not unique, a device on ${portOf(2)}, ${portOf(3)} has the same`,
    )
    expect(facts()).toContain('Quirkswill-disappear, absent-sector-size, DfuForceVersion=011A, DfuForceTimeout=5000')
  })

  it('shows its memories with their maps in words, and one without a map as it is', async () => {
    const { memories } = stm32Of(1)
    const odd = { alternate: 4, name: '@Odd /0x1000/what' }
    stageApp({ slots: [deviceSlot(1, 'ready', stm32Of(1, { memories: [...memories, odd] }))] })
    await openSlot('1')
    expect(rowsOf('Memories')).toEqual([
      [
        ...['0', 'Internal Flash', '0x08000000 – 0x080fffff', '1 MiB'],
        ...['4 × 16 KiB, 1 × 64 KiB, 7 × 128 KiB', 'read, erase, write'],
      ],
      ['1', 'Option Bytes', '0x1fffc000 – 0x1fffc00f', '16 B', '1 × 16 B', 'read, write'],
      ['2', 'OTP Memory', '0x1fff7800 – 0x1fff7a0f', '528 B', '1 × 512 B, 1 × 16 B', 'read, write'],
      ['3', 'Device Feature', '0xffff0000 – 0xffff0003', '4 B', '1 × 4 B', 'read, write'],
      ['4', '@Odd /0x1000/what', 'no memory map: it takes one whole image from its beginning'],
    ])
  })

  it('shows each piece of the image, its hashes and how it was proven', async () => {
    stageApp({ slots: [deviceSlot(1, 'passed'), reportedSlot(2), deviceSlot(3, 'failed')] })
    await openSlot('1')
    expect(screen.getAllByText('read back and compared')).toHaveLength(2)
    expect(screen.queryByText('NOT PROVEN')).toBeNull()
    expect(rowsOf('Images')[0]?.slice(0, 5)).toEqual(['1', 'Internal Flashalt 0', '0x08000000', '47.5 KiB', 'written'])
    await press('2')
    expect(screen.queryByText('read back and compared')).toBeNull()
    const reported = rowsOf('Images')[0]
    expect(reported?.[2]).toBe('from its start')
    expect(reported?.slice(5)).toEqual([
      'reported by the device: not read back',
      expect.stringMatching(/^[0-9a-f]{8}…/),
      'not read back',
    ])
    await press('3')
    expect(screen.getAllByText('NOT PROVEN')).toHaveLength(2)
    expect(screen.getByText('NOT THE SAME')).toBeDefined()
  })

  it('names the memory and the address that differ from the recipe', async () => {
    const detail = [
      'Internal Flash at 0x08010000 differs from blinky.dfu from 0x08010004 on',
      'version 1.02 instead of 1.03',
    ].join('; ')
    const fault = { code: 'BOARD_DIFFERS', detail } as const
    stageApp({ slots: [{ ...deviceSlot(1, 'failed'), fault }] })
    await openSlot('1')
    const rows = within(screen.getByRole('table', { name: 'What differs from the recipe' })).getAllByRole('row')
    expect(rows.slice(1).map((row) => [...row.children].map((cell) => cell.textContent))).toEqual([
      ['Internal Flash at 0x08010000', 'differs from blinky.dfu from 0x08010004 on', '–'],
      ['', 'version 1.02 instead of 1.03', '–'],
    ])
  })

  it('asks its question large, and says what START answers', async () => {
    stageApp({ slots: [askingSlot(1)] })
    await openSlot('1')
    const card = screen.getByRole('region', { name: 'Which one is it?' })
    expect(card.textContent).toContain(question)
    expect(card.textContent).toContain('START (S) says yes. If it is another: take it out.')
    expect(facts()).toContain('Loaderone that many products share')
  })

  it('that needs a hand is told so without the buttons and lights of Particle boards', async () => {
    const fault = { code: 'DFU_BY_BUTTON', detail: 'no run-time interface' } as const
    stageApp({ slots: [{ ...deviceSlot(1, 'failed', deviceOf(1)), fault }] })
    await openSlot('1')
    const panel = screen.getByRole('region', { name: 'With your hands' })
    expect(within(panel).queryByRole('img')).toBeNull()
    expect(panel.textContent).toContain('as its maker says')
    expect(screen.getByRole('main').textContent).not.toMatch(/\bMODE\b|\bRESET\b|yellow/)
  })

  it('names who is in the socket of an empty slot', async () => {
    stageApp({ slots: [bystanderSlot(1)] })
    await openSlot('1')
    expect(facts()).toContain('In the socketmouse 046d:c077: left alone')
  })
})

async function openSlot(digit: string): Promise<void> {
  await press(digit)
  fireEvent.click(document.activeElement ?? document.body)
}

const pages: Readonly<Record<string, RecordPage>> = {
  newest: { records: [0, 1, 2].map(recordSummary), cursor: 'older', total: 5 },
  older: { records: [3, 4].map(recordSummary), cursor: null, total: 5 },
}

const answers: Answers = {
  searchRecords: ({ cursor }) => pages[cursor ?? 'newest'] ?? { records: [], cursor: null, total: 0 },
  showRecord: () => ledgerRecord(),
}

async function openHistory(more: Answers = {}) {
  const stage = stageApp({ slots: [sampleSlot(1, 'empty')], answers: { ...answers, ...more } })
  await press('F3')
  await screen.findAllByRole('row')
  return stage
}

describe('History', () => {
  it('asks once for what was typed, after the typing', async () => {
    const { link } = await openHistory()
    const before = link.inputsOf('searchRecords').length
    for (const text of ['c', 'c1', 'c10']) fireEvent.change(screen.getByRole('searchbox'), { target: { value: text } })
    await waitFor(() => expect(link.inputsOf('searchRecords').length).toBeGreaterThan(before))
    expect(link.inputsOf('searchRecords').slice(before)).toMatchObject([{ filter: { text: 'c10' }, cursor: null }])
  })

  it('filters by result, kind of job, platform and days', async () => {
    const { link } = await openHistory()
    fireEvent.change(screen.getByLabelText('Result'), { target: { value: 'fail' } })
    fireEvent.change(screen.getByLabelText('Job'), { target: { value: 'verify' } })
    fireEvent.change(screen.getByLabelText('Platform'), { target: { value: 'boron' } })
    fireEvent.change(screen.getByLabelText('From'), { target: { value: '2026-11-03' } })
    fireEvent.change(screen.getByLabelText('To'), { target: { value: '2026-11-03' } })
    const from = new Date(2026, 10, 3).getTime()
    const filter = { outcome: 'fail', job: 'verify', platform: 'boron', from, to: from + 86_400_000 - 1 }
    await waitFor(() => expect(link.inputsOf('searchRecords').at(-1)).toMatchObject({ filter }))
  })

  it('says of each record what kind of job it was, in the words of the tiles', async () => {
    const kinds = [
      { ...recordSummary(1), alreadyCurrent: true },
      { ...recordSummary(2), outcome: 'fail', job: 'verify', faultCode: 'BOARD_DIFFERS' },
      { ...recordSummary(4), outcome: 'pass', job: 'verify', alreadyCurrent: false },
      { ...recordSummary(5), outcome: 'pass', job: 'identify', alreadyCurrent: false },
    ] as const
    await openHistory({ searchRecords: () => ({ records: kinds, cursor: null, total: 4 }) })
    const words = screen
      .getAllByRole('row')
      .map((row) => /ALREADY OK|DIFFERS|VERIFIED|IDENTIFIED/.exec(row.textContent)?.[0])
    expect(words.slice(1)).toEqual(['ALREADY OK', 'DIFFERS', 'VERIFIED', 'IDENTIFIED'])
  })

  it('shows a generic device by its type and name, and its versions where Device OS stands', async () => {
    const nameless = deviceSummary(2, { type: '0483:df11', name: `0483:df11 on ${portOf(4)}`, revisionBefore: null })
    await openHistory({ searchRecords: () => ({ records: [deviceSummary(1), nameless], cursor: null, total: 2 }) })
    const [, named, other] = screen.getAllByRole('row')
    expect(named?.textContent).toMatch(/1209:7551 BM2-2611-0015838–Blinky Meter 2.*REV 1\.02 → 1\.03/)
    expect(other?.textContent).toContain('REV ? → 1.03')
    expect(within(other as HTMLElement).getByText(portOf(4)).tagName).toBe('STRONG')
  })

  it('opens the record of a generic device: who it was, which port decided, its images and their proof', async () => {
    const { link } = await openHistory({ showRecord: () => deviceRecord() })
    fireEvent.click((await screen.findAllByRole('row'))[1] ?? document.body)
    await screen.findByRole('heading', { name: `Record of 1209:7551 on ${portOf(3)}` })
    const record = screen.getByRole('region', { name: 'Record' }).textContent
    expect(record).toContain(`the serial number is not unique, a device on ${portOf(5)}, ${portOf(6)} has the same`)
    expect(record).toContain('REV before1.02')
    expect(record).toContain('REV after1.03')
    expect(record).not.toMatch(/ICCID|IMEI|Device OS/)
    expect(screen.queryByRole('region', { name: 'Modules as the board reported them' })).toBeNull()
    expect(screen.getAllByText('read back and compared')).toHaveLength(2)
    fireEvent.click(screen.getByRole('button', { name: `All records of port ${portOf(3)}` }))
    await waitFor(() => expect(link.inputsOf('searchRecords').at(-1)).toMatchObject({ filter: { text: portOf(3) } }))
  })

  it('finds all records of a device by its serial number where that is its own', async () => {
    const device = deviceOf(3)
    const { closing } = deviceRecord()
    const alone = deviceRecord({ device, closing: closing && { ...closing, deviceAfter: device } })
    const { link } = await openHistory({ showRecord: () => alone })
    fireEvent.click((await screen.findAllByRole('row'))[1] ?? document.body)
    fireEvent.click(await screen.findByRole('button', { name: 'All records of this board' }))
    const text = 'BM2-2611-0023757'
    await waitFor(() => expect(link.inputsOf('searchRecords').at(-1)).toMatchObject({ filter: { text } }))
  })

  it('says that the serial number was not unique also where a twin came only while the job ran', async () => {
    const device = deviceOf(3)
    const { closing } = deviceRecord()
    const deviceAfter = { ...device, twins: [portOf(7)] }
    await openHistory({ showRecord: () => deviceRecord({ device, closing: closing && { ...closing, deviceAfter } }) })
    fireEvent.click((await screen.findAllByRole('row'))[1] ?? document.body)
    await screen.findByRole('heading', { name: `Record of 1209:7551 on ${portOf(3)}` })
    expect(screen.getByText(/the serial number is not unique/).textContent).toContain(portOf(7))
  })

  it('says of a record why there is no version after the job', async () => {
    const { closing } = deviceRecord()
    await openHistory({ showRecord: () => deviceRecord({ closing: closing && { ...closing, deviceAfter: null } }) })
    fireEvent.click((await screen.findAllByRole('row'))[1] ?? document.body)
    await screen.findByRole('heading', { name: /^Record of 1209:7551/ })
    expect(screen.getByRole('region', { name: 'Record' }).textContent).toContain('REV afterit was not asked again')
  })

  it('shows the label data of a record, and what the board said of itself', async () => {
    await openHistory()
    fireEvent.click((await screen.findAllByRole('row'))[1] ?? document.body)
    await screen.findByText('Label: Customer')
    expect(screen.getByText('Blinky 2')).toBeDefined()
    expect(screen.getByText('not set up')).toBeDefined()
  })

  it('pages by key with the cursors of the station, and back', async () => {
    const { link } = await openHistory()
    await press('PageDown')
    await screen.findByText('51 to 52 of 5')
    await press('PageDown')
    await press('PageUp')
    await screen.findByText('1 to 3 of 5')
    expect(link.inputsOf('searchRecords').map((input) => (input as { cursor: string | null }).cursor)).toEqual([
      null,
      'older',
      null,
    ])
  })

  it('opens a record with what it proves, and Escape leads back to the search', async () => {
    await openHistory()
    fireEvent.click((await screen.findAllByRole('row'))[1] ?? document.body)
    await screen.findByRole('heading', { name: /^Record of e00fce68/ })
    expect(screen.getByText('not readable: the modem did not answer within 5 s')).toBeDefined()
    const rows = within(screen.getByRole('region', { name: 'Before' })).getAllByRole('row')
    expect(rows.slice(1).map((row) => row.textContent)).toEqual([
      'bootloader1004validnot reported',
      expect.stringMatching(/^system 12301integrity passed, dependencies failed[0-9a-f]{6,}…/),
    ])
    expect(screen.getByText('After: not readable: the job ended before the board was identified again')).toBeDefined()
    expect(screen.getAllByText(/0x00030000\.\.0x000ce1bc/, { selector: 'li' })).toHaveLength(2)
    await press('Escape')
    expect(screen.getByRole('searchbox')).toBeDefined()
  })

  it('says where an export went, and nothing when the person changed their mind', async () => {
    await openHistory({
      exportRecords: ({ format }) =>
        format === 'csv' ? { kind: 'saved', path: '/home/mei/records.csv' } : { kind: 'cancelled' },
    })
    fireEvent.click(screen.getByRole('button', { name: 'Export CSV' }))
    await screen.findByText('Saved as /home/mei/records.csv')
    fireEvent.click(screen.getByRole('button', { name: 'Export JSON Lines' }))
    await waitFor(() => expect(screen.queryByText(/Saved as/)).toBeNull())
  })

  it('says that the ledger is whole, or what is wrong with it', async () => {
    const checks = [
      { ok: true, records: 5, problems: [] },
      { ok: false, records: 5, problems: ['row 4: hash differs'] },
    ]
    await openHistory({ verifyLedger: () => checks.shift() ?? { ok: true, records: 0, problems: [] } })
    fireEvent.click(screen.getByRole('button', { name: 'Check the ledger' }))
    await screen.findByText('The ledger is whole: 5 records checked.')
    fireEvent.click(screen.getByRole('button', { name: 'Check the ledger' }))
    await screen.findByText('row 4: hash differs')
    expect(screen.getByRole('alert').textContent).toContain('The ledger is damaged')
  })
})
