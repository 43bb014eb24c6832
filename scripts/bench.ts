// npm run bench: what the station costs in transfers, time and memory, on simulated boards. A full run writes
// bench/results.json, bench/results.md and the figures of docs/performance.md. --quick measures less, in under two
// minutes; --only a,b measures these parts; both only print, unless --record puts the parts in place of their old figures.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { machineFacts } from './bench/machine-facts.ts'
import { type MeasuredPart, merged } from './bench/measured-part.ts'
import { parts } from './bench/parts.ts'
import { markdownReport, textReport, withFigures } from './bench/report.ts'
import { type Section, verdictOf } from './bench/results.ts'

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' }, record: { type: 'boolean' } },
})
const names = parts.map(({ name }) => name)
const only = values.only?.split(',') ?? null
const unknown = only?.find((name) => !names.includes(name))
if (unknown !== undefined) throw new Error(`no part "${unknown}"; there are ${names.join(', ')}`)
const wanted = parts.filter(({ name, isQuick }) => (only ? only.includes(name) : isQuick || !values.quick))

const startedMs = performance.now()
const facts = machineFacts()
const measured: MeasuredPart[] = []
for (const part of wanted) {
  const sections = await part
    .measure(values.quick ? 'quick' : 'full')
    .catch((thrown: unknown) => failed(part.name, thrown))
  measured.push({ name: part.name, facts, sections })
  process.stdout.write(`${textReport({ parts: measured.slice(-1) })}\n\n`)
}
if (values.record ?? (!values.quick && only === null)) record()
const all = measured.flatMap(({ sections }) => sections)
const verdicts = all.flatMap(({ measures }) => measures).map(verdictOf)
const count = (verdict: string) => verdicts.filter((each) => each === verdict).length
const skipped = all.filter(({ skipped }) => skipped !== null).length
const seconds = Math.round((performance.now() - startedMs) / 1000)
process.stdout.write(
  `${count('met')} aims met, ${count('missed')} missed, ${skipped} sections skipped; measured in ${seconds} s\n`,
)
if (count('missed') > 0) process.exitCode = 1

/** A part that fails is no reason to lose the others. */
function failed(name: string, thrown: unknown): readonly Section[] {
  process.exitCode = 1
  process.stderr.write(`${name}: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`)
  const reason = thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown)
  return [{ title: name, about: '', measures: [], skipped: `it failed: ${reason}` }]
}

function record(): void {
  const folder = fileURLToPath(new URL('../bench/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const results = merged(`${folder}results.json`, measured, names)
  writeFileSync(`${folder}results.json`, `${JSON.stringify(results, null, 2)}\n`)
  formatted(`${folder}results.json`)
  writeFileSync(`${folder}results.md`, `# Benchmark\n\n${markdownReport(results, '##')}`)
  const document = fileURLToPath(new URL('../docs/performance.md', import.meta.url))
  writeFileSync(document, withFigures(readFileSync(document, 'utf8'), markdownReport(results, '###')))
}

/** The results are in the repository, so they have the form of everything else there. */
function formatted(file: string): void {
  const biome = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url))
  execFileSync(process.execPath, [biome, 'format', '--write', file], { stdio: 'ignore' })
}
