// Command line of the rig:
//   node test/kernel/rig/rig.ts prepare                                         build the kernel, once
//   node test/kernel/rig/rig.ts run [--core N] [--limit SECONDS] -- COMMAND     run COMMAND on it
// The working directory is writable in there; everything else that COMMAND writes is gone afterwards.
import { parseArgs } from 'node:util'
import { runInKernel } from './boot.ts'
import { prepareKernel } from './prepare.ts'

const usage = 'usage: rig.ts prepare | rig.ts run [--core N] [--limit SECONDS] -- COMMAND\n'
const longestSeconds = 900

async function main(words: readonly string[]): Promise<number> {
  const dashes = words.indexOf('--')
  const command = dashes < 0 ? [] : words.slice(dashes + 1)
  const { positionals, values } = parseArgs({
    args: words.slice(0, dashes < 0 ? words.length : dashes),
    allowPositionals: true,
    options: { core: { type: 'string' }, limit: { type: 'string', default: String(longestSeconds) } },
  })
  const [act] = positionals
  if (act === 'prepare') {
    process.stdout.write(`${prepareKernel()}\n`)
    return 0
  }
  if (act !== 'run' || command.length === 0) {
    process.stderr.write(usage)
    return 2
  }
  const limitMs = Number(values.limit) * 1000
  const core = values.core ?? null
  return await runInKernel({ kernel: prepareKernel(), command, writable: [process.cwd()], limitMs, core })
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (thrown) {
  process.stderr.write(`rig: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`)
  process.exitCode = 2
}
