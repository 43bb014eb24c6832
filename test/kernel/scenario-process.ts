// The process in which scenarios run on the kernel: the station, libusb and the hands, without node:test around them,
// whose bookkeeping of every promise costs the station a third of its speed.
import { openRealFirmware } from '../scenarios/real-sets.ts'
import { scenarios } from '../scenarios/scenarios.ts'
import { kernelGround } from './kernel-ground.ts'

export interface ScenarioOrder {
  /** Place in the list. */
  readonly at: number
}

export interface ScenarioReport {
  readonly seconds: number
  readonly notes: readonly string[]
  /** What was thrown, as a test runner shows it; null when all was as it should be. */
  readonly failure: string | null
}

const firmware = await openRealFirmware()
process.on('exit', () => firmware.remove())
process.on('disconnect', () => process.exit(0))
process.on('message', ({ at }: ScenarioOrder) => void run(at).then((report) => process.send?.(report)))
process.send?.('ready')

async function run(at: number): Promise<ScenarioReport> {
  const notes: string[] = []
  const startedMs = performance.now()
  const report = (failure: string | null): ScenarioReport => ({
    seconds: (performance.now() - startedMs) / 1000,
    notes,
    failure,
  })
  try {
    const scenario = scenarios[at]
    if (!scenario) throw new Error(`no scenario ${at}`)
    await scenario.run({ ground: kernelGround(firmware), note: (text) => notes.push(text) })
    return report(null)
  } catch (thrown) {
    return report(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
  }
}
