// The bench that the flags ask for: real USB, simulated boards, or the demo with its own firmware and recipe.
import type { DeskOptions } from '../desk/desk.ts'
import { demoBoards, demoRecipe, prepareDemo } from '../desk/prepare-demo.ts'
import type { ShellFlags } from './flags.ts'

/** Slow enough to watch: a quarter of the time of real flash. */
const watchableSpeed = 4
const leastSlots = 8
/** So long a demo board carries its verdict. */
const holdMs = 6_000

export async function benchOfFlags(
  flags: ShellFlags,
  dataFolder: string,
): Promise<Pick<DeskOptions, 'simulation' | 'slotCount' | 'recipe' | 'autoStart'>> {
  if (!flags.isDemo) {
    return { simulation: flags.boards === null ? null : { boards: flags.boards, speed: flags.simSpeed ?? 1 } }
  }
  await prepareDemo(dataFolder)
  return {
    simulation: {
      boards: flags.boards ?? demoBoards(flags.boardCount),
      speed: flags.simSpeed ?? watchableSpeed,
      operator: { boardsInAll: 0, holdMs },
    },
    slotCount: Math.max(flags.boardCount, leastSlots),
    recipe: demoRecipe,
    autoStart: true,
  }
}
