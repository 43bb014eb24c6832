// What rows add up to for one device.
import { describe, expect, it } from 'vitest'
import { guidOf } from '../../../src/main/station/devices/instance-ids.ts'
import { habitsOf } from '../../../src/main/station/devices/quirk-book.ts'
import { joinQuirks, parseQuirks } from '../../../src/main/station/devices/quirk-file.ts'
import { flagHabits } from '../../../src/main/station/devices/quirk-vocabulary.ts'
import { plainHabits } from '../../../src/main/station/dfu/habits.ts'

const ours = { vendorId: 0x1209, productId: 0x0002, deviceRelease: 0x0101 }
const inForce = (...texts: readonly string[]) =>
  habitsOf(joinQuirks(...texts.map((text, index) => parseQuirks(text, `file ${index}`))), ours)

describe('a device that no row names', () => {
  it('keeps to the standard', () => {
    expect(inForce('[USB\\VID_1209&PID_0003]\nFlags = gd32')).toEqual({
      habits: plainHabits,
      quirks: [],
      unused: [],
      returnPatienceMs: null,
      isNoDfuDevice: false,
      rows: [],
    })
  })
})

describe('a row', () => {
  it.each(Object.entries(flagHabits))('with the flag %s is the habit %s', (flag, habit) => {
    const { habits, quirks } = inForce(`[USB\\VID_1209&PID_0002]\nFlags = ${flag}`)
    expect(habits).toEqual({ ...plainHabits, [habit]: true })
    expect(quirks).toEqual([flag])
  })

  it('covers every habit there is, with a flag or a forced value', () => {
    const numbers = ['forcedVersion', 'forcedTimeoutMs', 'forcedTransferBytes']
    expect([...Object.values(flagHabits), ...numbers].sort()).toEqual(Object.keys(plainHabits).sort())
  })

  it('forces version, timeout and transfer size', () => {
    const text = '[USB\\VID_1209]\nDfuForceVersion = 0x011a\nDfuForceTimeout = 5000\nDfuForceTransferSize = 0x800'
    const { habits, quirks } = inForce(text)
    expect(habits).toEqual({ ...plainHabits, forcedVersion: 0x011a, forcedTimeoutMs: 5000, forcedTransferBytes: 2048 })
    expect(quirks).toEqual(['DfuForceVersion=0x011a', 'DfuForceTimeout=5000', 'DfuForceTransferSize=0x800'])
  })

  it('may say how long the device stays away, and that it is no DFU device', () => {
    expect(inForce('[USB\\VID_1209]\nRemoveDelay = 60000')).toMatchObject({ returnPatienceMs: 60_000 })
    expect(inForce('[USB\\VID_1209]\nDfuForceVersion = 0x0')).toMatchObject({ isNoDfuDevice: true })
  })

  it('may have words that mean nothing here: they are told, and change nothing', () => {
    const { habits, quirks, unused } = inForce(
      '[USB\\VID_1209]\nPlugin = dfu\nFlags = signed-payload,gd32,toString\nInstallDuration = 60\n__proto__ = 1',
    )
    expect(habits).toEqual({ ...plainHabits, gd32: true })
    expect([quirks, unused]).toEqual([['gd32'], ['signed-payload', 'toString', 'InstallDuration', '__proto__']])
  })
})

describe('rows for one device', () => {
  const general = '[USB\\VID_1209]\nFlags = gd32,will-disappear\nDfuForceTimeout = 1'
  const product = '[USB\\VID_1209&PID_0002]\nFlags = ~gd32,manifest-poll\nDfuForceTimeout = 2'
  const revision = '[USB\\VID_1209&PID_0002&REV_0101]\nDfuForceTimeout = 3'

  it('add up, the more specific one over the more general one, in whatever order they stand', () => {
    for (const texts of [
      [general, product, revision],
      [revision, product, general],
    ]) {
      const { habits } = inForce(...texts)
      expect(habits).toEqual({ ...plainHabits, willDisappear: true, manifestPoll: true, forcedTimeoutMs: 3 })
    }
  })

  it('of another revision are not its own', () => {
    const text = '[USB\\VID_1209&PID_0002&REV_0100]\nFlags = gd32'
    expect(inForce(text).rows).toEqual([])
  })

  it('of the same name: the later one weighs more', () => {
    const first = '[USB\\VID_1209&PID_0002]\nFlags = gd32,manifest-poll\nDfuForceTimeout = 1'
    const later = '[USB\\VID_1209&PID_0002]\nFlags = ~gd32\nDfuForceTimeout = 2'
    expect(inForce(first, later).habits).toEqual({ ...plainHabits, manifestPoll: true, forcedTimeoutMs: 2 })
    expect(inForce(later, first).habits).toMatchObject({ gd32: true, forcedTimeoutMs: 1 })
  })

  it('may name it by GUID, with the weight of the name that the GUID is of', () => {
    const byGuid = `[${guidOf('USB\\VID_1209').toUpperCase()}]\nFlags = gd32\nDfuForceTimeout = 9`
    expect(inForce(product, byGuid).habits).toEqual({ ...plainHabits, manifestPoll: true, forcedTimeoutMs: 2 })
    expect(inForce(`[${guidOf('USB\\VID_1209&PID_0002&REV_0101')}]\nFlags = gd32`).habits.gd32).toBe(true)
    expect(inForce(`[${guidOf('USB\\VID_1209&PID_0003')}]\nFlags = gd32`).habits.gd32).toBe(false)
  })

  it('may name the class of one of its interfaces', () => {
    const book = parseQuirks('[USB\\CLASS_FE&SUBCLASS_01]\nFlags = will-disappear', 'x')
    const configuration = () => Uint8Array.from([9, 2, 18, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 0, 0xfe, 1, 2, 0])
    expect(habitsOf(book, { ...ours, configuration }).habits.willDisappear).toBe(true)
    expect(habitsOf(book, ours).habits.willDisappear).toBe(false)
  })
})
