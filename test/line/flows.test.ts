import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LedgerRecord } from '../../src/shared/model/record.ts'
import { hasVerdict } from '../scenarios/station-under-test.ts'
import { type DemoLibrary, demoLibrary, demoPlatformOf, resolved } from './firmware.ts'
import { fingerprint, missingOn } from './flash-images.ts'
import { type Line, openLine } from './line.ts'

let demo: DemoLibrary
beforeAll(async () => {
  demo = await demoLibrary()
})
afterAll(() => demo.remove())

const families = [{ platform: 'boron' }, { platform: 'photon' }, { platform: 'p2' }] as const
const userOnly = (images: DemoLibrary['images']['boron']) => images.filter(({ file }) => file === 'user-part.bin')
const stepsOf = (record: LedgerRecord | undefined) => record?.closing?.steps.map(({ name }) => name)
const actionsOf = (record: LedgerRecord | undefined) =>
  Object.fromEntries(record?.closing?.modules.map(({ kind, index, action }) => [`${kind} ${index}`, action]) ?? [])
const firmwareOf = (line: Line) =>
  line.boards.flatMap((board) => missingOn(board, demo.images[demoPlatformOf(board)]).map((file) => file))

function expectAllPassed(line: Line): void {
  expect(line.station.slots().map(({ state, fault }) => fault?.detail ?? state)).toEqual(
    line.station.slots().map(() => 'passed'),
  )
}

describe('a board that is not as it should be', () => {
  it('found in DFU is flashed there, and its bootloader after its Device OS', async () => {
    const boards = families.map((family) => ({ ...family, start: 'dfu' }) as const)
    const line = openLine({ boards, shelf: demo.library, recipe: await resolved(demo.library) })
    await line.verdicts()
    expectAllPassed(line)
    expect(firmwareOf(line)).toEqual([])
    const p2 = line.records().find(({ platform }) => platform === 'p2')
    expect(p2).toMatchObject({ deviceOsBefore: null, iccidReason: 'board is in DFU mode', modulesBefore: [] })
    expect(stepsOf(p2)).toEqual([
      'Verify bootloader 2',
      'Verify bootloader',
      'Write system 1',
      'Verify system 1',
      'Write user 1',
      'Verify user 1',
      'Start Device OS',
      'Update bootloader 2',
      'Update bootloader',
      'Prove all modules',
    ])
    const boron = line.records().find(({ platform }) => platform === 'boron')
    expect(boron?.closing?.iccid).toBe(line.boards[0]?.facts().iccid)
  })

  it('in safe mode, without user firmware, is flashed as any other', async () => {
    const line = openLine({
      boards: [{ platform: 'boron' }],
      shelf: demo.library,
      recipe: await resolved(demo.library),
    })
    line.boards[0]?.chips.internal.eraseSector(0xd4000)
    await line.verdicts()
    expectAllPassed(line)
    expect(firmwareOf(line)).toEqual([])
    const user = line.records()[0]?.closing?.modules.find(({ kind }) => kind === 'user')
    expect(user).toMatchObject({ before: null, action: 'written', proof: 'read-back' })
  })

  it('in safe mode does not pass with a recipe that brings no user firmware', async () => {
    const recipe = await resolved(demo.library, { platforms: ['boron'], user: 'keep' })
    const line = openLine({ boards: [{ platform: 'boron' }], shelf: demo.library, recipe })
    line.boards[0]?.chips.internal.eraseSector(0xd4000)
    const [slot] = await line.verdicts()
    const detail = 'the board reports no user firmware: it would stay in safe mode'
    expect(slot).toMatchObject({ state: 'failed', fault: { code: 'VERSION_MISMATCH', detail } })
  })

  it('on a newer Device OS goes down: the old system first, then its bootloader', async () => {
    const recipe = await resolved(demo.library)
    const line = openLine({ boards: [{ platform: 'boron', deviceOs: '6.2.1' }], shelf: demo.library, recipe })
    await line.verdicts()
    expectAllPassed(line)
    expect(firmwareOf(line)).toEqual([])
    const [record] = line.records()
    const steps = stepsOf(record)
    expect(steps?.indexOf('Update bootloader')).toBeGreaterThan(steps?.indexOf('Start Device OS') ?? 99)
    // Device OS 6.2.1 says the IMEI, 4.0.2 does not: what was read stays read.
    expect(record).toMatchObject({ imei: line.boards[0]?.facts().imei, deviceOsBefore: '6.2.1' })
    expect(record?.closing).toMatchObject({ deviceOsAfter: '4.0.2', imei: line.boards[0]?.facts().imei })
  })

  it('in security mode is refused and recorded, and not a byte of it changes', async () => {
    const recipe = await resolved(demo.library)
    const boards = [{ platform: 'boron', deviceOs: '6.2.1', protected: true }] as const
    const line = openLine({ boards, shelf: demo.library, recipe })
    const before = line.boards.map(fingerprint)
    const [slot] = await line.verdicts()
    expect(slot?.fault).toMatchObject({ code: 'DEVICE_PROTECTED' })
    expect(line.boards.map(fingerprint)).toEqual(before)
    expect(line.records()[0]?.closing).toMatchObject({ outcome: 'fail', steps: [], modules: [] })
  })

  it('of a platform that is not in the recipe fails at once', async () => {
    const recipe = await resolved(demo.library, { platforms: ['p2'] })
    const line = openLine({ boards: [{ platform: 'photon' }], shelf: demo.library, recipe })
    const [slot] = await line.verdicts()
    expect(slot?.fault).toEqual({ code: 'DEVICE_UNKNOWN', detail: 'line is not for photon boards' })
    expect(line.boards[0]?.account().transfersByRequest['dfu-dnload']).toBeUndefined()
  })
})

describe('a board that was here before', () => {
  it('is proven again in a fraction of the time, and nothing is written', async () => {
    const line = openLine({ boards: families, shelf: demo.library, recipe: await resolved(demo.library) })
    await line.verdicts()
    expectAllPassed(line)
    const ports = line.bus.boards().map(({ portPath }) => portPath)
    for (const portPath of ports) line.bus.unplug(portPath)
    await line.until((slots) => slots.every(({ state }) => state === 'empty'))
    const programmed = line.boards.map((board) => board.account().bytesProgrammed)
    for (const [at, portPath] of ports.entries()) {
      const board = line.boards[at]
      if (board) line.bus.plug(portPath, board)
    }
    await line.until((slots) => slots.every(hasVerdict) && line.records().length === 6)
    expectAllPassed(line)
    expect(line.boards.map((board) => board.account().bytesProgrammed)).toEqual(programmed)
    expect(line.records()).toHaveLength(6)
    for (const again of line.records().slice(3)) {
      const first = line.records().find(({ deviceId }) => deviceId === again.deviceId)
      expect(new Set(Object.values(actionsOf(again)))).toEqual(new Set(['skipped', 'unchanged']))
      expect(again.closing?.modules.map(({ proof }) => proof)).toEqual(again.closing?.modules.map(() => 'read-back'))
      expect(again.closing?.durationMs).toBeLessThan((first?.closing?.durationMs ?? 0) / 2)
    }
  })

  it('found in DFU with everything in place is read, not written', async () => {
    const boards = [{ platform: 'p2', start: 'dfu', deviceOs: '5.6.0' }] as const
    const line = openLine({ boards, shelf: demo.library, recipe: await resolved(demo.library) })
    await line.verdicts()
    expectAllPassed(line)
    expect(actionsOf(line.records()[0])).toMatchObject({ 'system 1': 'unchanged' })
  })
})

describe('a recipe', () => {
  it('of user firmware alone leaves Device OS as it is', async () => {
    const found = await demo.library.findSet('boron', '4.0.2')
    const user = { modules: { boron: found?.user?.sha256 ?? '' } }
    const recipe = await resolved(demo.library, { platforms: ['boron'], deviceOs: 'keep', user })
    const line = openLine({ boards: [{ platform: 'boron' }], shelf: demo.library, recipe })
    await line.verdicts()
    expectAllPassed(line)
    expect(missingOnAll(line, userOnly(demo.images.boron))).toEqual([])
    const [record] = line.records()
    expect(record?.closing?.deviceOsAfter).toBe(record?.deviceOsBefore)
    expect(stepsOf(record)).toEqual([
      'Enter DFU',
      'Write user 1',
      'Verify user 1',
      'Start Device OS',
      'Prove all modules',
    ])
  })

  it('that relies on reports takes the hashes of Device OS 5.6.0 for its proof', async () => {
    const recipe = await resolved(demo.library, { platforms: ['p2'], verify: 'reported' })
    const boards = [{ platform: 'p2' }, { platform: 'p2', faults: ['flip a bit at block 9'] }] as const
    const line = openLine({ boards, shelf: demo.library, recipe })
    const [good, bad] = await line.verdicts()
    // The flipped bit is in the system part: the board's own bootloader does not start it.
    expect([good?.fault?.code ?? 'PASS', bad?.fault?.code]).toEqual(['PASS', 'MODE_SWITCH_TIMEOUT'])
    const [record] = line.records().filter(({ slot }) => slot === 1)
    expect(stepsOf(record)?.filter((name) => name.startsWith('Verify'))).toEqual([])
    expect(new Set(record?.closing?.modules.map(({ proof }) => proof))).toEqual(new Set(['reported-hash']))
    expect(line.boards.map((board) => missingOn(board, demo.images.p2))).toEqual([[], ['system-part1.bin']])
  })

  it('that relies on reports reads back where Device OS reports no hash', async () => {
    const found = await demo.library.findSet('boron', '4.0.2')
    const user = { modules: { boron: found?.user?.sha256 ?? '' } }
    const recipe = await resolved(demo.library, { platforms: ['boron'], deviceOs: 'keep', user, verify: 'reported' })
    const boards = [{ platform: 'boron' }, { platform: 'boron', faults: ['silent write'] }] as const
    const line = openLine({ boards, shelf: demo.library, recipe })
    const slots = await line.verdicts()
    // Version and integrity of the old user firmware are those of the new: only its bytes tell them apart.
    expect(slots.map(({ fault }) => fault?.code ?? 'PASS')).toEqual(['PASS', 'DFU_VERIFY_FAILED'])
  })
})

describe('people', () => {
  it('stop a job in mid-flash: aborted, recorded with what was reached, and the next start makes it whole', async () => {
    const line = openLine({
      boards: [{ platform: 'boron' }],
      shelf: demo.library,
      recipe: await resolved(demo.library),
    })
    await line.until(([slot]) => slot?.job?.progress?.stepName === 'Write system 1')
    line.station.dispatch({ kind: 'abort', slots: [1] })
    const [slot] = await line.verdicts()
    expect(slot).toMatchObject({ state: 'aborted', fault: { code: 'JOB_ABORTED', detail: 'stopped at the station' } })
    const [record] = line.records()
    expect(record?.closing).toMatchObject({ outcome: 'aborted', deviceOsAfter: null })
    expect(record?.closing?.steps.at(-1)).toMatchObject({
      name: 'Write system 1',
      result: 'failed',
      detail: 'JOB_ABORTED: stopped at the station',
    })
    expect(record?.closing?.modules.find(({ kind }) => kind === 'system')).toMatchObject({
      after: null,
      proof: 'none',
      action: 'written',
      reason: 'begun and not finished',
    })
    line.station.dispatch({ kind: 'start', slots: [1] })
    await line.until(([view]) => view?.state === 'working')
    await line.verdicts()
    expectAllPassed(line)
    expect(firmwareOf(line)).toEqual([])
  })

  it('who exchange two boards in mid-flash get two faults and no PASS', async () => {
    const boards = [{ platform: 'boron', count: 2 }] as const
    const line = openLine({ boards, shelf: demo.library, recipe: await resolved(demo.library) })
    const entering = (slots: Line['station']) =>
      slots.slots().every((slot) => slot.job?.progress?.stepName === 'Enter DFU')
    await line.until(() => entering(line.station))
    const [a, b] = line.bus.boards()
    if (!a || !b) return expect.unreachable()
    line.bus.unplug(a.portPath)
    line.bus.unplug(b.portPath)
    line.bus.plug(a.portPath, b.board)
    line.bus.plug(b.portPath, a.board)
    await line.verdicts()
    expect(line.records().map(({ closing }) => closing?.outcome)).toEqual(['error', 'error'])
    const codes = line.station.slots().map(({ fault }) => fault?.code)
    expect(codes).toEqual(['BOARD_SWAPPED', 'BOARD_SWAPPED'])
  })

  it('who start without a recipe start nothing', async () => {
    const line = openLine({ boards: [{ platform: 'boron' }], shelf: demo.library, recipe: null, autoStart: false })
    await line.until(([slot]) => slot?.state === 'ready')
    line.station.dispatch({ kind: 'start', slots: [1] })
    line.station.dispatch({ kind: 'recipe', recipe: await resolved(demo.library) })
    await line.clock.sleep(5000)
    expect(line.station.slots()[0]?.state).toBe('ready')
    line.station.dispatch({ kind: 'start', slots: [1] })
    await line.until(([slot]) => slot !== undefined && hasVerdict(slot))
    expectAllPassed(line)
  })
})

function missingOnAll(line: Line, images: DemoLibrary['images']['boron']): readonly string[] {
  return line.boards.flatMap((board) => missingOn(board, images))
}
