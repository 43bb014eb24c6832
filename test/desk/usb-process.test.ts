// The desk's end of the line, with a USB process that the test plays: records are committed before anybody hears of
// them, and a process that dies leaves no lie behind.
import { describe, expect, it } from 'vitest'
import { openLedgerForReading } from '../../src/main/audit/open-ledger.ts'
import { createBenchMirror } from '../../src/main/desk/bench-mirror.ts'
import { dataFolderAt } from '../../src/main/desk/data-folder.ts'
import { emptyStation } from '../../src/main/desk/empty-station.ts'
import { startUsbProcess } from '../../src/main/desk/usb-process.ts'
import type { RecordAnswer } from '../../src/main/host/link.ts'
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'
import { nextSlot } from '../../src/main/station/slots/slot.ts'
import type { RecordId } from '../../src/shared/model/ids.ts'
import { device, deviceOpening, loader } from '../audit/record-samples.ts'
import { fakeHosts, keptLog } from '../host/fake-host.ts'
import { type PlayedDesk, playedDesk } from './desk-under-test.ts'
import { closingOf, deviceId, openingIn, port, readySlot, recipe, workingSlot } from './samples.ts'

async function answerTo(under: PlayedDesk, id: number): Promise<RecordAnswer> {
  const find = () => under.hosts.latest().told.find((message) => message.kind === 'answer' && message.id === id)
  await expect.poll(find).toBeDefined()
  const found = find()
  if (found?.kind !== 'answer') throw new Error(`no answer to ${id}`)
  return found.answer
}

function openRecord(under: PlayedDesk, slot: number, id = slot): Promise<RecordId> {
  return openAs(under, openingIn(slot), id)
}

async function openAs(under: PlayedDesk, opening: ReturnType<typeof openingIn>, id: number): Promise<RecordId> {
  under.says({ kind: 'ask', id, ask: { kind: 'open', opening } })
  const answer = await answerTo(under, id)
  if (!answer.ok || !answer.value) throw new Error('the record was not opened')
  return answer.value
}

describe('records', () => {
  it('are committed before they are told, and before the process hears of it', async () => {
    const under = await playedDesk()
    const seen: (string | undefined)[] = []
    const reader = openLedgerForReading({ file: dataFolderAt(under.folder).ledger })
    under.desk.onRecord(({ recordId }) => seen.push(reader.record(recordId)?.closing?.outcome))
    const recordId = await openRecord(under, 1)
    expect(reader.record(recordId)?.closing).toBeNull()
    under.says({ kind: 'ask', id: 9, ask: { kind: 'close', closing: closingOf(recordId, 'pass') } })
    expect(await answerTo(under, 9)).toEqual({ ok: true, value: null })
    expect(seen).toEqual(['pass'])
    reader[Symbol.dispose]()
  })

  it('are counted: what the board failed, what the station failed, and nothing that was stopped', async () => {
    const under = await playedDesk()
    for (const [at, outcome] of (['pass', 'pass', 'fail', 'error', 'aborted'] as const).entries()) {
      const recordId = await openRecord(under, 1, 2 * at + 1)
      under.says({ kind: 'ask', id: 2 * at + 2, ask: { kind: 'close', closing: closingOf(recordId, outcome) } })
      await answerTo(under, 2 * at + 2)
    }
    expect(under.station().tally).toEqual({ pass: 2, fail: 1, error: 1 })
    expect(under.records.map(({ closing }) => closing?.outcome)).toEqual(['pass', 'pass', 'fail', 'error', 'aborted'])
  })

  it('of boards that were only identified are not counted', async () => {
    const under = await playedDesk()
    const recordId = await openAs(under, { ...openingIn(1), job: 'identify' }, 1)
    under.says({ kind: 'ask', id: 2, ask: { kind: 'close', closing: { ...closingOf(recordId, 'pass'), modules: [] } } })
    expect(await answerTo(under, 2)).toMatchObject({ ok: true })
    expect(under.station().tally).toEqual({ pass: 0, fail: 0, error: 0 })
  })

  it('are closed once: a second closing is refused and changes nothing', async () => {
    const under = await playedDesk()
    const recordId = await openRecord(under, 1)
    under.says({ kind: 'ask', id: 8, ask: { kind: 'close', closing: closingOf(recordId, 'fail') } })
    under.says({ kind: 'ask', id: 9, ask: { kind: 'close', closing: closingOf(recordId, 'pass') } })
    expect(await answerTo(under, 8)).toMatchObject({ ok: true })
    expect(await answerTo(under, 9)).toMatchObject({ ok: false, fault: { code: 'INTERNAL' } })
    expect((await under.call('showRecord', { recordId })).closing?.outcome).toBe('fail')
    expect(under.station().tally).toEqual({ pass: 0, fail: 1, error: 0 })
  })

  it('stand, whoever fails on hearing of them', async () => {
    const under = await playedDesk()
    under.desk.onRecord(() => {
      throw new Error('no ears')
    })
    const recordId = await openRecord(under, 1)
    under.says({ kind: 'ask', id: 9, ask: { kind: 'close', closing: closingOf(recordId, 'pass') } })
    expect(await answerTo(under, 9)).toEqual({ ok: true, value: null })
    expect(under.log.lines.join()).toContain('no ears')
  })
})

describe('a USB process that dies', () => {
  it('has its open records closed as interrupted, and every slot says so', async () => {
    const under = await playedDesk({ recipe: recipe() })
    await under.call('setSlotCount', { count: 4 })
    const recordId = await openRecord(under, 1)
    const passed = nextSlot(workingSlot(2), {
      ...{ kind: 'finished', outcome: 'pass', fault: null, durationMs: 5, endedAt: 7 },
    })
    const slots = [workingSlot(1, recordId), passed, readySlot(3)]
    under.says({ kind: 'news', news: { kind: 'slots', slots } })
    under.says({ kind: 'news', news: { kind: 'strays', ports: [port('2-2')] } })
    under.hosts.latest().ends({ signal: 'SIGSEGV' })
    expect(under.records).toMatchObject([
      { recordId, closing: { outcome: 'interrupted', fault: { code: 'HOST_CRASHED' } } },
    ])
    expect(under.slots().map(({ state }) => state)).toEqual(['interrupted', 'passed', 'empty', 'off'])
    expect(under.slots()[0]?.fault?.code).toBe('HOST_CRASHED')
    expect(under.station()).toMatchObject({
      usb: { up: false, fault: { detail: expect.stringContaining('starts again by itself') } },
      strayPorts: [],
    })
  })

  it('is followed by one that begins with the same bench, and holds the boards that had their verdict', async () => {
    const under = await playedDesk({ recipe: recipe() })
    await under.call('setOperator', { name: 'Ada' })
    const recordId = await openRecord(under, 1)
    under.says({ kind: 'news', news: { kind: 'learnt', slot: 1, portPath: port('1-1') } })
    under.says({ kind: 'news', news: { kind: 'slots', slots: [workingSlot(1, recordId), readySlot(2)] } })
    under.hosts.latest().ends({ signal: 'SIGKILL' })
    await expect.poll(() => under.hosts.born.length, { timeout: 5_000 }).toBe(2)
    await expect.poll(() => under.commands().length).toBeGreaterThan(0)
    expect(under.commands()).toMatchObject([
      { kind: 'quirks', text: '' },
      { kind: 'recipe', recipe: { recipe: { name: recipe().name } } },
      { kind: 'operator', name: 'Ada' },
      { kind: 'auto-start', on: true },
      { kind: 'assign', ports: ['1-1', null, null, null, null, null, null, null] },
      {
        kind: 'hold',
        boards: [
          { slot: 1, name: deviceId(1), faces: [], recordId, outcome: 'interrupted', fault: { code: 'HOST_CRASHED' } },
        ],
      },
    ])
    under.says({ kind: 'ready' })
    expect(under.station().usb).toEqual({ up: true })
  })

  it('is followed by one that holds a DFU device as it was seen last, and as its record has it', async () => {
    const under = await playedDesk({ recipe: recipe() })
    const found = device({ portPath: port('1-1') })
    const inLoader = loader({ portPath: port('1-1') })
    await openAs(under, { ...deviceOpening({ slot: 1, device: found }), limits: null }, 1)
    const ready = nextSlot(readySlot(2), { kind: 'identified', board: { ...inLoader, portPath: port('1-2') } })
    const working = nextSlot(ready, { kind: 'started', recipeName: 'a recipe', job: 'flash' })
    const passed = nextSlot(working, {
      ...{ kind: 'finished', outcome: 'pass', fault: null, durationMs: 5, endedAt: 7 },
    })
    under.says({ kind: 'news', news: { kind: 'slots', slots: [passed] } })
    under.hosts.latest().ends({ signal: 'SIGKILL' })
    await expect.poll(() => under.hosts.born.length, { timeout: 5_000 }).toBe(2)
    await expect.poll(() => under.commands().length).toBeGreaterThan(0)
    const boards = under.commands().flatMap((command) => (command.kind === 'hold' ? command.boards : []))
    expect(boards).toMatchObject([
      { slot: 2, outcome: 'pass', faces: [{ mode: 'dfu', portPath: '1-2' }] },
      { slot: 1, outcome: 'interrupted', faces: [{ mode: 'normal', portPath: '1-1' }] },
    ])
  })

  it('opens and closes nothing any more: what it still says is not heard', async () => {
    const under = await playedDesk()
    const recordId = await openRecord(under, 1)
    const dead = under.hosts.latest()
    dead.ends({ signal: 'SIGKILL' })
    dead.says({ kind: 'ask', id: 5, ask: { kind: 'open', opening: openingIn(2) } })
    dead.says({ kind: 'ask', id: 6, ask: { kind: 'close', closing: closingOf(recordId, 'pass') } })
    dead.says({ kind: 'news', news: { kind: 'slots', slots: [workingSlot(3)] } })
    const { records } = await under.call('searchRecords', { filter: {} })
    expect(records.map(({ outcome }) => outcome)).toEqual(['interrupted'])
    expect(under.slots().map(({ state }) => state)).not.toContain('working')
  })

  it('a recipe chosen while it is down is what the next one begins with', async () => {
    const under = await playedDesk()
    const { recipeId } = await under.call('saveRecipe', { recipe: recipe() })
    under.hosts.latest().ends({ code: 1 })
    await under.call('chooseRecipe', { recipeId })
    await under.call('setAutoStart', { on: false })
    await expect.poll(() => under.hosts.born.length, { timeout: 5_000 }).toBe(2)
    await expect.poll(() => under.commands().length).toBeGreaterThan(0)
    const chosen = under.commands().find(({ kind }) => kind === 'recipe')
    expect(chosen).toMatchObject({ recipe: { sha256: recipeId } })
    expect(under.commands()).toContainEqual({ kind: 'auto-start', on: false })
  })
})

describe('a USB process that dies again and again', () => {
  it('is given up, and the screen says who is to be called', async () => {
    const clock = createVirtualClock()
    const hosts = fakeHosts(clock)
    const mirror = createBenchMirror(emptyStation)
    const usb = startUsbProcess({
      ...{ forkHost: hosts.forkHost, clock, log: keptLog(), mirror, libraryFolder: '/nowhere', bus: { kind: 'usb' } },
      records: { open: () => Promise.reject(new Error()), close: () => Promise.reject(new Error()) },
      setup: () => [],
      closeInterrupted: () => undefined,
      onLearnt: () => undefined,
      onBenchDone: () => undefined,
    })
    const said: string[] = []
    for (let crash = 1; crash <= 4; crash += 1) {
      while (hosts.born.length < crash) await clock.sleep(100)
      hosts.latest().ends({ signal: 'SIGSEGV' })
      const { usb: state } = mirror.station()
      said.push(state.up ? 'up' : state.fault.detail)
    }
    await clock.sleep(3_600_000)
    expect(hosts.born).toHaveLength(4)
    expect(said.slice(0, 3).every((text) => text.endsWith('it starts again by itself'))).toBe(true)
    expect(said[3]).toMatch(/SIGSEGV.*it is not started again: call the technician$/)
    await usb.stop()
  })
})

describe('what the USB process says of itself', () => {
  it('cannot begin: the screen has the reason', async () => {
    const under = await playedDesk()
    under.says({ kind: 'failed', code: 'USB_ACCESS_DENIED', detail: 'no access to /dev/bus/usb' })
    expect(under.station().usb).toEqual({
      up: false,
      fault: { code: 'USB_ACCESS_DENIED', detail: 'no access to /dev/bus/usb' },
    })
  })

  it('goes to the log by its level', async () => {
    const under = await playedDesk()
    under.says({ kind: 'log', level: 'warn', text: 'slot 3: late' })
    expect(under.log.lines).toContain('warn: slot 3: late')
  })

  it('ports that no slot has room for are shown', async () => {
    const under = await playedDesk()
    under.says({ kind: 'news', news: { kind: 'strays', ports: [port('1-9')] } })
    expect(under.station().strayPorts).toEqual(['1-9'])
  })

  it('the simulated bench is done: whoever waits is told', async () => {
    const under = await playedDesk()
    let told = 0
    under.desk.onBenchDone(() => {
      told += 1
    })
    under.says({ kind: 'bench-done' })
    expect(told).toBe(1)
  })
})
