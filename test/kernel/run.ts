// npm run test:kernel: every kernel test file in a kernel of its own, and every kind of scenario likewise, one to each
// core, since User-Mode Linux is one processor; then a table of what took how long. Words after the command choose those
// whose names have them.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { scenarios } from '../scenarios/scenarios.ts'
import { allowedCores } from './rig/boot.ts'
import { prepareKernel } from './rig/prepare.ts'

interface Part {
  readonly name: string
  readonly file: string
  readonly environment: Readonly<Record<string, string>>
}

interface Ended {
  readonly name: string
  readonly seconds: number
  readonly status: number | null
}

const folder = import.meta.dirname
const rig = join(folder, 'rig', 'rig.ts')
const listFile = 'scenarios.test.ts'

const kinds = [...new Set(scenarios.map(({ name }) => name))].map(
  (kind): Part => ({ name: `scenarios: ${kind}`, file: listFile, environment: { STATION_SCENARIOS: kind } }),
)
const others = readdirSync(folder)
  .filter((name) => name.endsWith('.test.ts') && name !== listFile)
  .map((name): Part => ({ name, file: name, environment: {} }))
const words = process.argv.slice(2)
// The scenarios take longest: the others find room beside them.
const parts = [...kinds, ...others].filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
)

if (parts.length === 0) throw new Error(`no kernel test is called like ${words.join(' ')}`)
prepareKernel()
const waiting = [...parts]
const ended: Ended[] = []
await Promise.all(allowedCores().slice(0, parts.length).map(work))
process.stdout.write(table())
process.exitCode = ended.length === parts.length && ended.every(({ status }) => status === 0) ? 0 : 1

async function work(core: string): Promise<void> {
  for (let part = waiting.shift(); part; part = waiting.shift()) ended.push(await runPart(part, core))
}

/** Its output is shown when it has ended, so that two files do not talk at once. */
async function runPart({ name, file, environment }: Part, core: string): Promise<Ended> {
  const test = [process.execPath, '--test', join(folder, file)]
  const startedMs = performance.now()
  const child = spawn(process.execPath, [rig, 'run', '--core', core, '--', ...test], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => said.push(text))
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('close', resolve)
  const status = await promise
  process.stdout.write(`\n== ${name}\n${Buffer.concat(said).toString()}`)
  return { name, seconds: (performance.now() - startedMs) / 1000, status }
}

function table(): string {
  const rows = ended.map(({ name, seconds, status }) => {
    const result = status === 0 ? 'passed' : `FAILED (${status})`
    return `${name.padEnd(38)} ${seconds.toFixed(1).padStart(7)} s  ${result}`
  })
  const failed = ended.filter(({ status }) => status !== 0).length
  return `\nKernel tests, kernel by kernel:\n${rows.sort().join('\n')}\n${ended.length} kernels, ${failed} failed\n`
}
