// Runs a program of this folder on the test kernel and gives its lines of JSON; says why there are none where the kernel
// is not built, or has no dfu-util beside it.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { cacheDirectory } from '../../../test/kernel/rig/prepare.ts'

const rig = join(import.meta.dirname, '../../../test/kernel/rig/rig.ts')

/** Null when the kernel can be had. */
export function whyNoKernel(): string | null {
  if (process.platform !== 'linux') return 'the test kernel needs Linux'
  if (!existsSync('/usr/bin/dfu-util')) return 'dfu-util is not installed'
  const folder = cacheDirectory()
  const isBuilt = existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('linux-'))
  return isBuilt ? null : 'the test kernel is not built; "node test/kernel/rig/rig.ts prepare" builds it'
}

/** Throws with what the program complained of when it ended otherwise than well. */
export async function runInside<Line>(program: URL, ...words: readonly string[]): Promise<readonly Line[]> {
  const child = spawn(process.execPath, [rig, 'run', '--', process.execPath, fileURLToPath(program), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const complaints: string[] = []
  child.stderr.on('data', (text: Buffer) => complaints.push(text.toString()))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const lines: Line[] = []
  for await (const line of createInterface({ input: child.stdout })) lines.push(JSON.parse(line) as Line)
  const status = await ended
  if (status !== 0)
    throw new Error(`${fileURLToPath(program)} on the test kernel ended with ${status}\n${complaints.join('')}`)
  return lines
}
