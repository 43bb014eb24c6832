// The scenario list on a real kernel, with libusb and dfu-util: test/line/scenarios.test.ts runs the same list in one
// process. At the end a table tells what took how long. STATION_SCENARIOS=words runs those whose title has the words.
import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Scenario } from '../scenarios/scenario.ts'
import { type ScenarioRow, scenarioTable } from '../scenarios/scenario-table.ts'
import { scenarios } from '../scenarios/scenarios.ts'
import { firmwareFolder, hasFirmware } from '../sim/boot/real-firmware.ts'
import type { ScenarioOrder, ScenarioReport } from './scenario-process.ts'

const skip = hasFirmware ? false : `no real firmware in ${firmwareFolder}`
const wanted = process.env['STATION_SCENARIOS'] ?? ''

describe('scenarios, on a kernel', { skip }, () => {
  const rows: ScenarioRow[] = []
  let child: ChildProcess

  before(async () => {
    child = fork(join(import.meta.dirname, 'scenario-process.ts'))
    assert.deepEqual((await once(child, 'message'))[0], 'ready')
  })
  after(async () => {
    if (child.connected) child.disconnect()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    process.stdout.write(scenarioTable(rows))
  })

  for (const [at, scenario] of scenarios.entries()) {
    const title = `${scenario.name}: ${scenario.boards}`
    it(title, { skip: skipReason(scenario, title) }, async () => {
      const { failure, ...row } = await ordered(child, { at })
      rows.push({ scenario, ...row, result: failure === null ? 'passed' : 'FAILED' })
      if (failure !== null) assert.fail(failure)
    })
  }

  it('ran what was asked for', () => assert.ok(rows.length > 0, `no scenario is like "${wanted}"`))
})

/** What is asked for by words runs, all else does not; without words, all that is not on demand. */
function skipReason(scenario: Scenario, title: string): string | false {
  if (wanted !== '') return title.includes(wanted) ? false : 'not asked for'
  const reason = scenario.onDemandOn?.kernel
  return reason ? `${reason}; STATION_SCENARIOS="${title}" runs it` : false
}

async function ordered(child: ChildProcess, order: ScenarioOrder): Promise<ScenarioReport> {
  const ended = new AbortController()
  const [report] = await Promise.race([
    once(child, 'message', { signal: ended.signal }) as Promise<[ScenarioReport]>,
    once(child, 'exit', { signal: ended.signal }).then(([code, signal]) => {
      throw new Error(`the process of the scenarios ended: ${code ?? signal}`)
    }),
    send(child, order),
  ]).finally(() => ended.abort())
  return report
}

/** Never resolves: it only passes on that the order could not be sent. */
function send(child: ChildProcess, order: ScenarioOrder): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  child.send(order, (error) => error && reject(error))
  return promise
}
