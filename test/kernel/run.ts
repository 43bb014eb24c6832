// npm run test:kernel: every kernel test file in a kernel of its own, one to each core, since User-Mode Linux is one
// processor; then a table of what took how long. Words after the command choose the files whose names have them.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { allowedCores } from './rig/boot.ts'
import { prepareKernel } from './rig/prepare.ts'

interface Ended {
  readonly file: string
  readonly seconds: number
  readonly status: number | null
}

const folder = import.meta.dirname
const rig = join(folder, 'rig', 'rig.ts')
/** The others find room beside it. */
const longest = 'scenarios.test.ts'

const words = process.argv.slice(2)
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.ts') && (words.length === 0 || words.some((word) => name.includes(word))))
  .sort((a, b) => Number(b === longest) - Number(a === longest) || a.localeCompare(b))

if (files.length === 0) throw new Error(`no kernel test is called like ${words.join(' ')}`)
prepareKernel()
const waiting = [...files]
const ended: Ended[] = []
await Promise.all(allowedCores().slice(0, files.length).map(work))
process.stdout.write(table())
process.exitCode = ended.length === files.length && ended.every(({ status }) => status === 0) ? 0 : 1

async function work(core: string): Promise<void> {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) ended.push(await runFile(file, core))
}

/** Its output is shown when it has ended, so that two files do not talk at once. */
async function runFile(file: string, core: string): Promise<Ended> {
  const test = [process.execPath, '--test', join(folder, file)]
  const startedMs = performance.now()
  const child = spawn(process.execPath, [rig, 'run', '--core', core, '--', ...test], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => said.push(text))
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('close', resolve)
  const status = await promise
  process.stdout.write(`\n== ${file}\n${Buffer.concat(said).toString()}`)
  return { file, seconds: (performance.now() - startedMs) / 1000, status }
}

function table(): string {
  const rows = ended.map(({ file, seconds, status }) => {
    const result = status === 0 ? 'passed' : `FAILED (${status})`
    return `${file.padEnd(28)} ${seconds.toFixed(1).padStart(7)} s  ${result}`
  })
  const failed = ended.filter(({ status }) => status !== 0).length
  return `\nKernel tests, kernel by kernel:\n${rows.sort().join('\n')}\n${ended.length} files, ${failed} failed\n`
}
