// The hardware acceptance test: an hour's walk with real boards, from harmless to risky (docs/hardware.md). Nothing of it
// is even loaded until it is asked for.
import { readSettings, skipReason } from './settings.ts'

const reason = skipReason(process.env)
if (reason === null) {
  const settings = readSettings(process.env)
  const { walk } = await import('./walk.ts')
  await walk(settings)
} else {
  process.stdout.write(`SKIPPED hardware tests: ${reason}\n`)
}
