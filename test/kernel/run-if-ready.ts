// The kernel tests as part of "npm test": run where the kernel is built already, and always in continuous integration;
// elsewhere skipped with a line that says so, for building it takes minutes and Debian's kernel source.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cacheDirectory } from './rig/prepare.ts'

function isBuilt(): boolean {
  try {
    return readdirSync(cacheDirectory()).some((name) => name.startsWith('linux-'))
  } catch {
    return false
  }
}

const reason =
  process.platform !== 'linux'
    ? 'they need Linux'
    : isBuilt() || process.env['CI'] === 'true'
      ? null
      : 'the test kernel is not built; "npm run test:kernel" builds it (Debian, some minutes, once)'

if (reason === null) {
  process.exitCode = spawnSync('npm', ['run', '-s', 'test:kernel'], { stdio: 'inherit' }).status ?? 1
} else {
  process.stdout.write(`SKIPPED kernel tests: ${reason}\n`)
}
