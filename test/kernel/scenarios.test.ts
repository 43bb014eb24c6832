// The scenario list on a real kernel, with libusb and dfu-util: test/line/scenarios.test.ts runs the same list in one
// process. At the end a table tells what took how long.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openRealFirmware, type RealFirmware } from '../scenarios/real-sets.ts'
import { type ScenarioRow, scenarioTable } from '../scenarios/scenario-table.ts'
import { scenarios } from '../scenarios/scenarios.ts'
import { firmwareFolder, hasFirmware } from '../sim/boot/real-firmware.ts'
import { kernelGround } from './kernel-ground.ts'

const skip = hasFirmware ? false : `no real firmware in ${firmwareFolder}`
/** Words in the names of the scenarios that shall run; all of them without. */
const wanted = process.env['STATION_SCENARIOS'] ?? ''

describe('scenarios, on a kernel', { skip }, () => {
  let firmware: RealFirmware
  const rows: ScenarioRow[] = []

  before(async () => {
    firmware = await openRealFirmware()
  })
  after(() => {
    firmware.remove()
    process.stdout.write(scenarioTable(rows))
  })

  for (const scenario of scenarios) {
    const title = `${scenario.name}: ${scenario.boards}`
    const reason = scenario.notOn?.kernel ?? (title.includes(wanted) ? false : 'not asked for')
    it(title, { skip: reason }, async () => {
      const notes: string[] = []
      const startedMs = performance.now()
      const tell = (result: string) => {
        rows.push({ scenario, seconds: (performance.now() - startedMs) / 1000, result, notes })
      }
      try {
        await scenario.run({ ground: kernelGround(firmware), note: (text) => notes.push(text) })
        tell('passed')
      } catch (thrown) {
        tell('FAILED')
        throw thrown
      }
    })
  }

  it('ran at least one scenario', { skip: wanted === '' }, () => assert.ok(rows.length > 0, `none is like "${wanted}"`))
})
