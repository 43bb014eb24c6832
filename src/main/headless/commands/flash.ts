// flash and verify: every board that is there, or the next N, with one recipe; one object for each finished job and a summary.
import { createDesk } from '../../desk/create-desk.ts'
import { dataFolderAt } from '../../desk/data-folder.ts'
import { readUserQuirks } from '../../desk/user-quirks.ts'
import { forkNodeHost } from '../../host/fork-node.ts'
import { stationQuirks } from '../../station/devices/known-quirks.ts'
import type { CommandLine } from '../arguments.ts'
import { boardsToCome } from '../boards-to-come.ts'
import type { ExitCode } from '../exit-codes.ts'
import { collectResults } from '../flash-results.ts'
import { type Output, stderrLog } from '../output.ts'
import { type CommandRecipe, packRecipe, refuseUnsignedRecipe } from '../pack-recipe.ts'
import { recipeOf } from '../recipe-of.ts'
import { simulationOf } from '../simulation-of.ts'
import { listenForStop } from '../stop-signal.ts'

const leastSlots = 8

export async function flash(line: CommandLine, output: Output): Promise<ExitCode> {
  const named = await namedRecipe(line, output)
  await refuseUnsignedRecipe(line, named)
  const recipe = line.force ? { ...named.recipe, force: true } : named.recipe
  return flashBench({ line, output, ...named, recipe })
}

/** The same boards and the same recipe, whatever kind of job it is for; nothing is written, so its limits do not count. */
export async function verify(line: CommandLine, output: Output): Promise<ExitCode> {
  const named = await namedRecipe(line, output)
  return flashBench({ line, output, ...named, recipe: { ...named.recipe, job: 'verify', limits: null } })
}

async function namedRecipe(line: CommandLine, output: Output): Promise<CommandRecipe> {
  return line.pack === null ? { recipe: await recipeOf(line, output) } : packRecipe(line.pack, line, output)
}

export async function flashBench(
  run: CommandRecipe & { readonly line: CommandLine; readonly output: Output },
): Promise<ExitCode> {
  const { line, output, recipe, packId } = run
  const quirks = stationQuirks(readUserQuirks(dataFolderAt(line.data).quirks).text)
  const boards = line.sim === null ? null : await boardsToCome(line.sim, recipe, quirks)
  using stop = listenForStop()
  const desk = await createDesk({
    dataFolder: line.data,
    forkHost: forkNodeHost,
    log: stderrLog(),
    simulation: simulationOf(line),
    ...(boards === null ? {} : { slotCount: Math.max(boards, leastSlots) }),
    recipe,
    ...(packId === undefined ? {} : { packId }),
    autoStart: line.count === null,
    deliverExport: async () => ({ kind: 'cancelled' }),
  })
  try {
    const { count, takeLoaders } = line
    return await collectResults({ desk, output, count, boards, takeLoaders, signal: stop.signal })
  } finally {
    await desk.close()
  }
}
