// @vitest-environment happy-dom
// The bench as a person meets it: tiles with words and glyphs, keys, scans, and one card at a time.

import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { boardName } from '../../src/shared/model/board-name.ts'
import type { SlotState } from '../../src/shared/model/slot.ts'
import { askingSlot, bystanderSlot, deviceOf, deviceSlot, noSerial, question, reportedSlot } from './device-samples.ts'
import { alreadyOkSlot, portOf, sampleSlot, slotView, stationView } from './samples.ts'
import { clearStage, press, scan, stageApp } from './stage-app.tsx'

afterEach(clearStage)

const words: readonly (readonly [SlotState, string, string])[] = [
  ['empty', 'EMPTY', 'circle'],
  ['identifying', 'READING', 'search'],
  ['ready', 'READY', 'dot'],
  ['working', 'VERIFYING', 'play'],
  ['passed', 'PASS', 'check'],
  ['failed', 'FAIL', 'octagon'],
  ['error', 'ERROR', 'triangle'],
  ['aborted', 'STOPPED', 'square'],
  ['interrupted', 'CUT OFF', 'bolt'],
  ['refused', 'REFUSED', 'diamond'],
  ['off', 'SLOT OFF', 'slash'],
]

function tile(slot: number): HTMLElement {
  return screen.getByRole('button', { name: new RegExp(`^Slot ${slot}:`) })
}

const eight = Array.from({ length: 8 }, (_, place) => sampleSlot(place + 1, 'ready'))
const byHand = stationView({ autoStart: false })

describe('a tile', () => {
  it.each(words)('of a slot that is %s shows the word %s and the glyph %s', (state, word, glyph) => {
    stageApp({ slots: [sampleSlot(1, state)] })
    expect(within(tile(1)).getByText(word)).toBeDefined()
    expect(tile(1).querySelector(`[data-glyph="${glyph}"]`)).not.toBeNull()
  })

  it('shows whose board it is, the step, the share and the time left', () => {
    const view = sampleSlot(2, 'working')
    stageApp({ slots: [sampleSlot(1, 'empty'), view] })
    const text = tile(2).textContent
    expect(text).toContain(view.board && boardName(view.board))
    expect(text).toContain('898830700000123')
    expect(text).toContain('Write system 1')
    expect(text).toContain('26 %')
    expect(text).toContain('28 s left')
    expect(tile(2).querySelector('progress')?.value).toBe(260)
  })

  it('shows the remedy of the fault table and the code', () => {
    stageApp({ slots: [sampleSlot(1, 'failed')] })
    expect(tile(1).textContent).toContain('Start again once. Second time: red bin.')
    expect(tile(1).textContent).toContain('DFU_VERIFY_FAILED')
  })

  it('keeps the verdict of the board before as a small stamp', () => {
    stageApp({ slots: [sampleSlot(3, 'empty')] })
    expect(within(tile(3)).getByText(/…/).textContent).toMatch(/FAIL …[0-9a-f]{6}/)
  })

  it('says how many modules were proven', () => {
    stageApp({ slots: [alreadyOkSlot(1)] })
    expect(within(tile(1)).getByText('2 modules proven')).toBeDefined()
  })
})

describe('a tile of a generic device', () => {
  it('shows its product, its serial number with the end apart, its ids and the version of its program', () => {
    stageApp({ slots: [deviceSlot(1, 'ready')] })
    const text = tile(1).textContent
    for (const part of ['Blinky Meter 2', 'BM2-2611-0', '007919', '1209:7551', 'REV 1.02']) expect(text).toContain(part)
  })

  it('says DFU mode, and no version, where only its loader answers', () => {
    stageApp({ slots: [deviceSlot(1, 'ready', deviceOf(1, { mode: 'dfu' }))] })
    expect(tile(1).textContent).toContain('DFU mode')
    expect(tile(1).textContent).not.toContain('REV')
  })

  it.each([
    ['no serial', noSerial],
    ['serial not unique', { twins: [portOf(2)] }],
  ])('shows the port where it is the one that decides, and says why: %s', (reason, changes) => {
    stageApp({ slots: [deviceSlot(1, 'ready', deviceOf(1, changes))] })
    expect(within(tile(1)).getByText(portOf(1))).toBeDefined()
    expect(within(tile(1)).getByText(reason)).toBeDefined()
    expect(tile(1).textContent).not.toContain('007919')
  })

  it('says how the verdict was proven, and never the same of a read-back and of a report', () => {
    stageApp({ slots: [deviceSlot(1, 'passed'), reportedSlot(2)] })
    expect(tile(1).textContent).toContain('2 pieces read back')
    expect(tile(1).textContent).not.toContain('reported')
    expect(tile(2).textContent).toContain('reported by the device: not read back')
    expect(tile(2).textContent).not.toMatch(/pieces? read back/)
    expect(tile(1).textContent).toContain('REV 1.02 → 1.03')
  })

  it('says that a whole memory is being erased', () => {
    stageApp({ slots: [deviceSlot(1, 'working')] })
    expect(within(tile(1)).getByText('ERASING')).toBeDefined()
  })

  it('that waits for a hand names no button and no light', () => {
    const fault = { code: 'DFU_BY_BUTTON', detail: '' } as const
    stageApp({ slots: [{ ...deviceSlot(1, 'failed'), fault }] })
    expect(within(tile(1)).getByText('BY HAND')).toBeDefined()
    expect(tile(1).textContent).toContain('Bring the device into its bootloader by hand, as its maker says')
    expect(tile(1).textContent).not.toMatch(/MODE|RESET|yellow/)
  })

  it('that nobody could ask who it is is told the same', () => {
    const fault = { code: 'DFU_BY_BUTTON', detail: '1209:7551 runs a program that offers no DFU' } as const
    stageApp({ slots: [slotView(1, 'refused', { fault })] })
    expect(within(tile(1)).getByText('BY HAND')).toBeDefined()
    expect(within(tile(1)).getByText('BOOTLOADER BY HAND')).toBeDefined()
    expect(tile(1).textContent).not.toMatch(/MODE|RESET|yellow/)
  })

  it.each(['READ_PROTECTED', 'DFU_OTHER_PROTOCOL', 'DFU_POLL_ABSURD'] as const)(
    'that cannot be served for %s is put aside, not thrown away',
    (code) => {
      stageApp({ slots: [{ ...deviceSlot(1, 'failed'), fault: { code, detail: '' } }] })
      expect(within(tile(1)).getByText('REMOVE → PUT ASIDE')).toBeDefined()
    },
  )

  it('keeps the port of the one before where that was its name', () => {
    const last = { outcome: 'pass', name: `0483:df11 on ${portOf(1)}`, endedAt: 0 } as const
    stageApp({ slots: [slotView(1, 'empty', { last })] })
    expect(within(tile(1)).getByText(new RegExp(`…${portOf(1)}$`))).toBeDefined()
  })
})

describe('a slot that asks which board it holds', () => {
  it('has a look of its own, and says the question and what START answers', () => {
    stageApp({ slots: [askingSlot(1)], station: byHand })
    expect(within(tile(1)).getByText('WHICH?')).toBeDefined()
    expect(tile(1).querySelector('[data-glyph="question"]')).not.toBeNull()
    expect(tile(1).textContent).toContain(`WHICH ONE IS IT?${question}`)
    expect(tile(1).textContent).toContain('START SAYS YES (S)')
    expect(tile(1).getAttribute('aria-label')).toContain(question)
    expect(screen.getByText(/^Slot 1 asks which one it is/)).toBeDefined()
  })

  it('is answered by S, by F5 and by START for the slot that was chosen', async () => {
    const { link } = stageApp({ slots: [askingSlot(1), askingSlot(2)], answers: { startSlots: () => null } })
    await press('1')
    expect(screen.getByRole('button', { name: /Yes, start it/ })).toBeDefined()
    await press('s')
    await press('F5')
    await scan('SLOT 2')
    await scan('START')
    expect(link.inputsOf('startSlots')).toEqual([{ slots: [1] }, { slots: [1] }, { slots: [2] }])
  })

  it('is never answered by a start of the whole bench', async () => {
    const slots = [askingSlot(1), deviceSlot(2, 'ready'), askingSlot(3)]
    const { link } = stageApp({ slots, station: byHand, answers: { startSlots: () => null } })
    expect(screen.getByRole('button', { name: /Start 1 board/ })).toBeDefined()
    await press('s')
    await scan('START')
    expect(link.inputsOf('startSlots')).toEqual([{ slots: [2] }, { slots: [2] }])
  })

  it('is spoken, also when the question comes while the device waits', () => {
    const { push, page } = stageApp({ slots: [deviceSlot(1, 'ready')] })
    push('bench', { revision: 2, full: false, station: stationView(), slots: [askingSlot(1)] })
    const polite = page.container.querySelector('[aria-live="polite"]')?.textContent
    expect(polite).toBe(`Slot 1: WHICH? WHICH ONE IS IT? ${question}`)
  })
})

describe('a device that the recipe does not name', () => {
  it('is told with both names on its tile', () => {
    const detail = '1209:0072 is in the slot and Three gadgets is for Plain (1209:0001): left alone'
    stageApp({ slots: [slotView(1, 'refused', { fault: { code: 'DEVICE_UNKNOWN', detail } })] })
    expect(within(tile(1)).getByText(detail)).toBeDefined()
  })
})

describe('a stranger in a socket', () => {
  it('is named in small words on an empty tile, without an alarm', () => {
    stageApp({ slots: [bystanderSlot(1)] })
    expect(within(tile(1)).getByText('mouse 046d:c077: left alone')).toBeDefined()
    expect(within(tile(1)).getByText('EMPTY')).toBeDefined()
    expect(within(tile(1)).getByText('SOCKET TAKEN')).toBeDefined()
    expect(screen.queryByText('Insert boards into the empty slots.')).toBeNull()
  })
})

describe('news of the bench', () => {
  it('draws the card of the slot that changed and no other', () => {
    const { push } = stageApp({ slots: eight })
    const before = eight.map((view) => [...tile(view.slot).querySelectorAll('*')])
    const touched = new Set<number>()
    const observers = eight.map((view) => {
      const observer = new MutationObserver(() => touched.add(view.slot))
      observer.observe(tile(view.slot), { subtree: true, childList: true, attributes: true, characterData: true })
      return observer
    })
    push('bench', { revision: 2, full: false, station: stationView(), slots: [sampleSlot(5, 'working')] })
    for (const [place, observer] of observers.entries()) if (observer.takeRecords().length > 0) touched.add(place + 1)
    expect([...touched]).toEqual([5])
    expect([...tile(4).querySelectorAll('*')]).toEqual(before[3])
  })

  it('is spoken: politely when good, at once when bad', () => {
    const { push, page } = stageApp({ slots: eight })
    push('bench', {
      revision: 2,
      full: false,
      station: stationView(),
      slots: [sampleSlot(1, 'passed'), sampleSlot(2, 'failed')],
    })
    expect(page.container.querySelector('[aria-live="polite"]')?.textContent).toBe('Slot 1: PASS. REMOVE → GOOD BIN')
    expect(page.container.querySelector('[aria-live="assertive"]')?.textContent).toContain('Slot 2: FAIL.')
  })
})

describe('keys on the bench', () => {
  it('digits choose a slot, two digits one beyond nine', async () => {
    stageApp({ slots: Array.from({ length: 16 }, (_, place) => sampleSlot(place + 1, 'ready')) })
    await press('1')
    expect(document.activeElement).toBe(tile(1))
    await press('2')
    expect(document.activeElement).toBe(tile(12))
  })

  it('arrows walk over the bench in the order of the sockets', async () => {
    stageApp({ slots: eight })
    await press('1')
    await press('ArrowDown')
    expect(document.activeElement).toBe(tile(5))
    await press('ArrowRight')
    expect(document.activeElement).toBe(tile(6))
  })

  it('S starts the chosen slot, and every ready slot when none is chosen', async () => {
    const slots = [sampleSlot(1, 'ready'), sampleSlot(2, 'empty'), sampleSlot(3, 'ready')]
    const { link } = stageApp({ slots, station: byHand, answers: { startSlots: () => null } })
    await press('s')
    await press('3')
    await press('S')
    expect(link.inputsOf('startSlots')).toEqual([{ slots: [1, 3] }, { slots: [3] }])
  })

  it('S does nothing to a board that has its verdict; F5 tries it again', async () => {
    const { link } = stageApp({ slots: [sampleSlot(1, 'failed')], answers: { startSlots: () => null } })
    await press('1')
    await press('s')
    expect(link.inputsOf('startSlots')).toEqual([])
    await press('F5')
    expect(link.inputsOf('startSlots')).toEqual([{ slots: [1] }])
  })

  it('X asks before it stops; Escape goes on, X again stops', async () => {
    const slots = [sampleSlot(1, 'working'), sampleSlot(2, 'ready'), sampleSlot(3, 'working')]
    const { link } = stageApp({ slots, answers: { abortSlots: () => null } })
    await press('x')
    expect(screen.getByRole('alertdialog').textContent).toContain('Stop slots 1, 3?')
    await press('Escape')
    expect(screen.queryByRole('alertdialog')).toBeNull()
    expect(link.inputsOf('abortSlots')).toEqual([])
    await press('3')
    await press('x')
    await press('x')
    expect(link.inputsOf('abortSlots')).toEqual([{ slots: [3] }])
  })

  it('shortcuts sleep while a dialog asks', async () => {
    const { link } = stageApp({
      slots: [sampleSlot(1, 'working'), sampleSlot(2, 'ready')],
      answers: { startSlots: () => null },
    })
    await press('x')
    await press('s')
    await press('F3')
    expect(link.inputsOf('startSlots')).toEqual([])
    expect(screen.getByRole('alertdialog')).toBeDefined()
  })

  it('F1 lists the keys', async () => {
    stageApp({ slots: eight })
    await press('F1')
    expect(screen.getByRole('dialog').textContent).toContain('every ready slot')
    await press('Escape')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('shows the fault when the station refuses', async () => {
    stageApp({ slots: [sampleSlot(1, 'ready')], station: byHand })
    await press('s')
    expect(screen.getByRole('alert').textContent).toContain('The station did not accept this request')
  })
})

describe('scans on the bench', () => {
  it('press no button, no shortcut and no digit', async () => {
    const { link } = stageApp({
      slots: eight,
      station: byHand,
      answers: { searchRecords: () => ({ records: [], cursor: null, total: 0 }) },
    })
    await press('2')
    expect(await scan('sx1 3F5')).toEqual([])
    expect(link.inputsOf('startSlots')).toEqual([])
    expect(link.inputsOf('abortSlots')).toEqual([])
  })

  it('of an id open History with that search, without the secret of the label', async () => {
    const { link } = stageApp({
      slots: eight,
      answers: { searchRecords: () => ({ records: [], cursor: null, total: 0 }) },
    })
    await scan('PB2408000004 MobileSecret12')
    expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('PB2408000004')
    expect(link.inputsOf('searchRecords').at(-1)).toMatchObject({ filter: { text: 'PB2408000004' } })
    expect(JSON.stringify(link.calls) + window.location.href + document.body.innerHTML).not.toContain('MobileSecret12')
  })

  it('into a text field leave no trace there and search all the same', async () => {
    stageApp({ slots: eight, answers: { searchRecords: () => ({ records: [], cursor: null, total: 0 }) } })
    await press('F3')
    const field = screen.getByRole<HTMLInputElement>('searchbox')
    field.focus()
    await scan('PB2408000009 MobileSecret99', field)
    expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('PB2408000009')
    expect(document.body.innerHTML).not.toContain('MobileSecret99')
  })

  it('of commands choose, start and stop', async () => {
    const slots = [sampleSlot(1, 'ready'), sampleSlot(2, 'working')]
    const { link } = stageApp({ slots, station: byHand, answers: { startSlots: () => null, abortSlots: () => null } })
    await scan('SLOT 1')
    await scan('START')
    expect(link.inputsOf('startSlots')).toEqual([{ slots: [1] }])
    await scan('SLOT 2')
    await scan('STOP')
    expect(link.inputsOf('abortSlots')).toEqual([])
    await scan('STOP')
    expect(link.inputsOf('abortSlots')).toEqual([{ slots: [2] }])
  })
})

describe('around the bench', () => {
  it('a newcomer reads three steps and where to begin', () => {
    stageApp({ slots: [slotView(1, 'off', { portPath: null })], station: stationView({ recipeName: null }) })
    const steps = screen.getByRole('region', { name: 'Three steps to the first board' })
    expect(within(steps).getAllByRole('listitem')).toHaveLength(3)
    expect(screen.getByText('Press F4 and choose a recipe: it says what is flashed.')).toBeDefined()
  })

  it('the next action names trouble before what is finished', () => {
    stageApp({ slots: [sampleSlot(1, 'passed'), sampleSlot(2, 'failed')] })
    expect(screen.getByText('Slot 2: RETRY, THEN RED BIN')).toBeDefined()
  })

  it('says plainly that boards are simulated, that jobs were cut off, that USB is down', () => {
    const usb = { up: false, fault: { code: 'HOST_CRASHED', detail: 'SIGKILL' } } as const
    stageApp({ slots: eight, station: stationView({ isSimulated: true, closedAtStart: 3, usb }) })
    expect(screen.getByText(/SIMULATION/)).toBeDefined()
    expect(screen.getByText(/3 jobs were cut off and closed as interrupted/)).toBeDefined()
    expect(screen.getByText(/The USB part of the station restarted/)).toBeDefined()
  })

  it('shows offline as normal and the yield of judged boards', () => {
    stageApp({ slots: eight, station: stationView({ tally: { pass: 3, fail: 1, error: 5 } }) })
    expect(screen.getByText('OFFLINE (normal)')).toBeDefined()
    expect(screen.getByText('75.0 %')).toBeDefined()
  })

  it('says plainly that the connection is lost, and stops saying so when it is back', () => {
    const { link } = stageApp({ slots: eight })
    act(() => link.setConnection('lost'))
    expect(screen.getByText(/Connection to the station lost, trying again/)).toBeDefined()
    act(() => link.setConnection('open'))
    expect(screen.queryByText(/Connection to the station lost/)).toBeNull()
  })

  it('leads from the jobs that were cut off to their records', async () => {
    const searchRecords = () => ({ records: [], cursor: null, total: 0 })
    const { link } = stageApp({ slots: eight, station: stationView({ closedAtStart: 1 }), answers: { searchRecords } })
    fireEvent.click(screen.getByRole('button', { name: 'Show them' }))
    await waitFor(() => expect(link.inputsOf('searchRecords')).toMatchObject([{ filter: { outcome: 'interrupted' } }]))
  })
})
