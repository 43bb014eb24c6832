// Which of several DFU interfaces of a loader: the one with the memory that the recipe names. A device with one, as nearly
// all are, is simply opened.
import { Fault } from '../../../shared/fault/fault.ts'
import { habitsOf } from '../devices/quirk-book.ts'
import { readAllDfuFacts } from '../dfu/facts.ts'
import { type LoaderSession, openLoader } from '../dfu/loader-session.ts'
import { memoryList } from './device-facts.ts'
import type { DeviceJob } from './device-job.ts'
import { isNamed } from './place-pieces.ts'

/** Throws PLAN_REFUSED where several interfaces leave it open. */
export async function pickLoader({ request, device, target }: DeviceJob): Promise<LoaderSession> {
  const { clock, signal, quirks } = request
  const { habits } = habitsOf(quirks, device)
  const options = { clock, signal, habits }
  const interfaces = readAllDfuFacts(device, habits).filter(({ mode }) => mode === 'dfu')
  if (interfaces.length < 2) return openLoader(device, options)
  const found: { readonly interfaceNumber: number; readonly memories: LoaderSession['memories'] }[] = []
  for (const { interfaceNumber } of interfaces) {
    const loader = await openLoader(device, { ...options, interfaceNumber })
    found.push({ interfaceNumber, memories: loader.memories })
    await loader.close()
  }
  const { memory } = target.wish
  const [only, ...others] = found.filter(({ memories }) => memories.some((each) => isNamed(each, memory)))
  if (only && others.length === 0) return openLoader(device, { ...options, interfaceNumber: only.interfaceNumber })
  const list = found.map(({ interfaceNumber, memories }) => `interface ${interfaceNumber}: ${memoryList(memories)}`)
  throw new Fault('PLAN_REFUSED', `the recipe must name one memory of several interfaces; ${list.join('; ')}`)
}
