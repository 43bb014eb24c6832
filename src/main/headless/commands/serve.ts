// serve and demo: the station behind the web door, until it is told to stop.
import { fileURLToPath } from 'node:url'
import { createDesk } from '../../desk/create-desk.ts'
import type { DeskOptions } from '../../desk/desk.ts'
import { demoBoards, demoRecipe, demoRun, prepareDemo } from '../../desk/prepare-demo.ts'
import { forkNodeHost } from '../../host/fork-node.ts'
import { offerDownload } from '../../web/export-address.ts'
import { offerAddresses } from '../../web/offer-addresses.ts'
import { serveWeb } from '../../web/serve-web.ts'
import type { CommandLine } from '../arguments.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type Output, stderrLog } from '../output.ts'
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
  const count = line.boards ?? demoSize
  const sim = line.sim ?? demoBoards(count)
  const boards = countBoards(sim)
  if (line.headless) return flashBench({ line: { ...line, sim }, output, recipe: demoRecipe, boards })
  return serveUntilStopped(line, output, demoRun(sim, line.simSpeed))
}

async function serveUntilStopped(line: CommandLine, output: Output, run: RunOptions): Promise<ExitCode> {
  const log = stderrLog()
  const desk = await createDesk({
    dataFolder: line.data,
    forkHost: forkNodeHost,
    log,
    ...run,
    deliverExport: offerDownload,
  })
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
    process.once('SIGHUP', () => resolve())
  })
  try {
    const door = await serveWeb({ desk, rendererFolder, port: line.port, log })
    output.result({ url: door.url, port: door.port }, `The station is open at ${door.url}`)
    const stopOffering = offerAddresses(door, process.stdin, output.note)
    await stopped
    stopOffering()
    await door.close()
  } finally {
    await desk.close()
  }
  return exitCodes.ok
}
