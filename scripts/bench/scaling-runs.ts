// Runs of the whole station with more and more Photons, in process and on the test kernel.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoRecipe, prepareDemo } from '../../src/main/desk/prepare-demo.ts'
import { benchLog } from './bench-log.ts'
import { runInside, whyNoKernel } from './kernel/run-inside.ts'
import { realFirmware } from './real-firmware.ts'
import { runFlash, type StationRun } from './station-run.ts'

/** Of each count of boards, one run a repetition. */
export type Runs = ReadonlyMap<number, readonly StationRun[]>

const inside = new URL('./kernel/scaling-inside.ts', import.meta.url)

export async function runsInProcess(rounds: readonly (readonly number[])[]): Promise<Runs> {
  const runs = new Map<number, StationRun[]>(rounds.flat().map((count) => [count, []]))
  // One round after the other, so that a busy minute of the computer falls on every count.
  for (const counts of rounds) {
    for (const count of counts) runs.get(count)?.push(await flashSimulated(count))
  }
  return runs
}

async function flashSimulated(count: number): Promise<StationRun> {
  const folder = mkdtempSync(join(tmpdir(), 'dfu-station-bench-'))
  const recipe = join(folder, 'recipe.json')
  const data = join(folder, 'data')
  try {
    await prepareDemo(data, benchLog)
    writeFileSync(recipe, JSON.stringify(demoRecipe))
    return await runFlash('--sim', `photon:${count}`, '--recipe', recipe, '--data', data)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A kernel for each count: what one leaves behind is nothing to the next. */
export async function runsOnKernel(
  counts: readonly number[],
): Promise<{ readonly runs: Runs } | { readonly skipped: string }> {
  const why = counts.length === 0 ? 'a quick run leaves it out' : whyNoKernel()
  const firmware = why === null ? realFirmware('photon/2.3.1') : { skipped: why }
  if ('skipped' in firmware) return firmware
  const runs = new Map<number, readonly StationRun[]>()
  for (const count of counts) {
    const [run] = await runInside<StationRun>(inside, firmware.file, String(count)).catch(noRun)
    runs.set(count, run ? [run] : [])
  }
  return { runs }
}

/** A count that does not come to an end is a row without figures, not the end of the benchmark. */
function noRun(thrown: unknown): readonly StationRun[] {
  process.stderr.write(`${String(thrown)}\n`)
  return []
}
