// Command line of the rig:
//   node test/kernel/rig/rig.ts prepare          build the kernel, once
//   node test/kernel/rig/rig.ts run -- COMMAND   run COMMAND on it; the working directory is writable
import { runInKernel } from './boot.ts'
import { prepareKernel } from './prepare.ts'

const limitMs = 300_000

async function main(words: readonly string[]): Promise<number> {
  const [act, dashes, ...command] = words
  if (act === 'prepare') {
    process.stdout.write(`${prepareKernel()}\n`)
    return 0
  }
  if (act !== 'run' || dashes !== '--' || command.length === 0) {
    process.stderr.write('usage: rig.ts prepare | rig.ts run -- COMMAND\n')
    return 2
  }
  return await runInKernel({ kernel: prepareKernel(), command, writable: [process.cwd()], limitMs })
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (thrown) {
  process.stderr.write(`rig: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`)
  process.exitCode = 2
}
