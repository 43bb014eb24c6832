// The scenario list on the in-process bench; test/kernel/scenarios.test.ts runs the same list on a real kernel.
import { afterAll, beforeAll, it } from 'vitest'
import { inProcessGround } from '../scenarios/in-process-ground.ts'
import { openRealFirmware, type RealFirmware } from '../scenarios/real-sets.ts'
import { scenarios } from '../scenarios/scenarios.ts'
import { describeWithFirmware } from '../station/firmware/shared-firmware.ts'

const limitMs = 180_000

describeWithFirmware('scenarios, in process', () => {
  let firmware: RealFirmware
  beforeAll(async () => {
    firmware = await openRealFirmware()
  })
  afterAll(() => firmware.remove())

  for (const scenario of scenarios) {
    const title = `${scenario.name}: ${scenario.boards}`
    it(title, { timeout: limitMs }, () => scenario.run({ ground: inProcessGround(firmware), note: () => undefined }))
  }
})
