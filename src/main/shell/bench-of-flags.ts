// The bench that the flags ask for: real USB, simulated boards, or the demo with its own firmware and recipe.
import type { DeskOptions } from '../desk/desk.ts'
import { demoBoards, demoRun, prepareDemo, watchableSpeed } from '../desk/prepare-demo.ts'
import type { ShellFlags } from './flags.ts'

export async function benchOfFlags(
  flags: ShellFlags,
  dataFolder: string,
  log: DeskOptions['log'],
): Promise<Pick<DeskOptions, 'simulation' | 'slotCount'>> {
  if (!flags.isDemo) {
    return { simulation: flags.boards === null ? null : { boards: flags.boards, speed: flags.simSpeed ?? 1 } }
  }
  await prepareDemo(dataFolder, log)
  return demoRun(flags.boards ?? demoBoards(flags.boardCount), flags.simSpeed ?? watchableSpeed)
}
