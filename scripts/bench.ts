// npm run bench: what the station costs in transfers, time and memory, on simulated boards at real flash timing. Prints
// a table and writes bench/results.json, bench/results.md and the figures of docs/performance.md. --quick measures less,
// in under a minute, and writes nothing.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { benchPlatforms } from './bench/firmware.ts'
import { machineFacts } from './bench/machine-facts.ts'
import { measureFloor } from './bench/measure-floor.ts'
import { measureScaling, type ScalingPlan } from './bench/measure-scaling.ts'
import { markdownReport, textReport, withFigures } from './bench/report.ts'
import { type Section, verdictOf } from './bench/results.ts'
import { measureTransfers } from './bench/transfers.ts'

const fullPlans: readonly ScalingPlan[] = [
  { platform: 'photon', counts: [1, 8, 16, 32], repetitions: 2 },
  { platform: 'boron', counts: [1, 32], repetitions: 1 },
]
const quickPlans: readonly ScalingPlan[] = [{ platform: 'photon', counts: [1, 32], repetitions: 1 }]

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const startedMs = performance.now()
const facts = machineFacts()
const sections: Section[] = [
  await measureTransfers(),
  ...(await measureScaling(values.quick ? quickPlans : fullPlans)),
  await (values.quick ? Promise.resolve([]) : measureFloor(benchPlatforms, 2)),
].flat()
process.stdout.write(`${textReport(facts, sections)}\n`)
if (!values.quick) {
  const folder = fileURLToPath(new URL('../bench/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}results.json`, `${JSON.stringify({ facts, sections }, null, 2)}\n`)
  formatted(`${folder}results.json`)
  writeFileSync(`${folder}results.md`, `# Benchmark\n\n${markdownReport(facts, sections, '##')}`)
  const document = fileURLToPath(new URL('../docs/performance.md', import.meta.url))
  writeFileSync(document, withFigures(readFileSync(document, 'utf8'), markdownReport(facts, sections, '###')))
}
const all = sections.flatMap(({ measures }) => measures).map(verdictOf)
const count = (verdict: string) => all.filter((each) => each === verdict).length
const seconds = Math.round((performance.now() - startedMs) / 1000)
process.stdout.write(`\n${count('met')} aims met, ${count('missed')} missed; measured in ${seconds} s\n`)
process.exitCode = count('missed') > 0 ? 1 : 0

/** The results are in the repository, so they have the form of everything else there. */
function formatted(file: string): void {
  const biome = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url))
  execFileSync(process.execPath, [biome, 'format', '--write', file], { stdio: 'ignore' })
}
