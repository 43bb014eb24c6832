// serve and demo: the station behind the web door, until it is told to stop.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Fault } from '../../../shared/fault/fault.ts'
import { createDesk } from '../../desk/create-desk.ts'
import type { DeskOptions } from '../../desk/desk.ts'
import { demoBoards, demoRecipe, demoRun, prepareDemo } from '../../desk/prepare-demo.ts'
import { forkNodeHost } from '../../host/fork-node.ts'
import { offerDownload } from '../../web/export-address.ts'
import { offerFile } from '../../web/file-address.ts'
import { offerAddresses } from '../../web/offer-addresses.ts'
import { serveWeb } from '../../web/serve-web.ts'
import type { CommandLine } from '../arguments.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type Output, stderrLog } from '../output.ts'
import { listenForStop } from '../stop-signal.ts'
import { countBoards } from '../watch-bench.ts'
import { flashBench } from './flash.ts'

const rendererFolder = fileURLToPath(new URL('../../../../out/renderer/', import.meta.url))
const demoSize = 8
const leastSlots = 8

type RunOptions = Pick<DeskOptions, 'simulation'> & Partial<Pick<DeskOptions, 'slotCount'>>

export async function serve(line: CommandLine, output: Output): Promise<ExitCode> {
  const { sim, simSpeed } = line
  if (sim === null) return serveUntilStopped(line, output, { simulation: null })
  const slotCount = Math.max(countBoards(sim), leastSlots)
  return serveUntilStopped(line, output, { simulation: { boards: sim, speed: simSpeed }, slotCount })
}

export async function demo(line: CommandLine, output: Output): Promise<ExitCode> {
  await prepareDemo(line.data, stderrLog())
  const sim = line.sim ?? demoBoards(line.boards ?? demoSize)
  if (line.headless) return flashBench({ line: { ...line, sim }, output, recipe: demoRecipe })
  return serveUntilStopped(line, output, demoRun(sim, line.simSpeed))
}

async function serveUntilStopped(line: CommandLine, output: Output, run: RunOptions): Promise<ExitCode> {
  if (!existsSync(join(rendererFolder, 'index.html'))) {
    throw new Fault('CALL_REJECTED', `the screens are not built (${rendererFolder}): run "npm run build" once`)
  }
  const log = stderrLog()
  using stop = listenForStop()
  const desk = await createDesk({
    dataFolder: line.data,
    forkHost: forkNodeHost,
    log,
    ...run,
    deliverExport: offerDownload,
    deliverFile: offerFile,
  })
  try {
    if (line.pack !== null) await desk.openPack({ file: line.pack })
    const door = await serveWeb({ desk, rendererFolder, port: line.port, log })
    output.result({ url: door.url, port: door.port }, `The station is open at ${door.url}`)
    const stopOffering = offerAddresses(door, process.stdin, output.note)
    await aborted(stop.signal)
    stopOffering()
    await door.close()
  } finally {
    await desk.close()
  }
  return exitCodes.ok
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
