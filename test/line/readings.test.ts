// What a record says of all modules of a board, before and after: with validity and hash, and why where it cannot.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoLibrary, demoLibrary, resolved } from './firmware.ts'
import { openLine } from './line.ts'

let demo: DemoLibrary
beforeAll(async () => {
  demo = await demoLibrary()
})
afterAll(() => demo.remove())

describe('the record of a job', () => {
  it('has every module with validity before and after, also those that were no targets', async () => {
    const recipe = await resolved(demo.library, { platforms: ['p2'], user: 'keep' })
    const line = openLine({ boards: [{ platform: 'p2', deviceOs: '5.0.0' }], shelf: demo.library, recipe })
    const [slot] = await line.verdicts()
    expect(slot?.state).toBe('passed')
    const [record] = line.records()
    expect(record).toMatchObject({
      ...{ serialNumberReason: null, deviceOsBeforeReason: null, modulesBeforeReason: null },
      ...{ imei: null, imeiReason: expect.stringMatching(/./) },
      closing: { deviceOsAfter: '5.6.0', deviceOsAfterReason: null, modulesAfterReason: null },
    })
    const { modulesBefore = [], closing } = record ?? {}
    const { modulesAfter = [], modules = [] } = closing ?? {}
    const names = modulesAfter.map(({ kind, index }) => `${kind} ${index}`)
    expect(names).toContain('user 1')
    expect(modules.some(({ kind }) => kind === 'user')).toBe(false)
    expect(modulesBefore.length).toBeGreaterThan(modules.length)
    for (const reading of [...modulesBefore, ...modulesAfter]) expect(reading.integrity, reading.kind).toBe('passed')
    for (const { suffixSha256 } of modulesBefore) expect(suffixSha256).toBeNull()
    for (const { suffixSha256, dependenciesMet } of modulesAfter) {
      expect(suffixSha256).toMatch(/^[0-9a-f]{64}$/)
      expect(dependenciesMet).toBe('passed')
    }
    for (const target of modules) {
      const { kind, index } = target
      expect(modulesAfter).toContainEqual(expect.objectContaining({ kind, index, version: target.target }))
    }
  })

  it('says why there is nothing: before from a board in DFU mode, after from one that left', async () => {
    const recipe = await resolved(demo.library, { platforms: ['boron'] })
    const line = openLine({ boards: [{ platform: 'boron', start: 'dfu' }], shelf: demo.library, recipe })
    await line.until(([slot]) => slot?.state === 'working')
    const [plugged] = line.bus.boards()
    if (!plugged) return expect.fail('no board on the bench')
    line.bus.unplug(plugged.portPath)
    await line.until(() => line.records()[0]?.closing !== undefined && line.records()[0]?.closing !== null)
    expect(line.records()[0]).toMatchObject({
      ...{ modulesBefore: [], modulesBeforeReason: 'board is in DFU mode' },
      ...{ deviceOsBefore: null, deviceOsBeforeReason: 'board is in DFU mode', imeiReason: 'board is in DFU mode' },
      closing: {
        ...{
          fault: { code: 'USB_GONE' },
          modulesAfter: [],
          modulesAfterReason: expect.stringMatching(/before .* identified again/),
        },
        ...{ deviceOsAfter: null, deviceOsAfterReason: expect.stringMatching(/before .* identified again/) },
      },
    })
  })
})
