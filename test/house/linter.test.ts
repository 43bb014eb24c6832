// The linter still sees what it must see: the house's own configuration, run on planted violations in a folder of its
// own. A checker that can pass by seeing nothing needs a failure to find.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from './import-graph.ts'
import { innocent, planted } from './planted.ts'

const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
const folder = mkdtempSync(join(tmpdir(), 'dfu-station-planted-'))
/** Rules by file, once for each complaint. */
const complaints = new Map<string, string[]>()

interface BiomeReport {
  readonly diagnostics: readonly { readonly category: string; readonly location?: { readonly path?: unknown } }[]
}

beforeAll(() => {
  for (const name of ['biome.json', '.gitignore', 'package.json']) copyFileSync(join(root, name), join(folder, name))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const { path, text } of [...planted, ...innocent]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', 'src']
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 })
  const start = stdout.indexOf('{')
  if (start < 0) throw new Error(`the linter said nothing: ${stderr}`)
  const { diagnostics } = JSON.parse(stdout.slice(start)) as BiomeReport
  for (const { category, location } of diagnostics) {
    const path =
      typeof location?.path === 'string' ? location.path : String((location?.path as { file?: string })?.file)
    complaints.set(path, [...(complaints.get(path) ?? []), category.split('/').at(-1) ?? category])
  }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the linter', () => {
  it.each(planted.map((each) => [each.rule, each.path, each.times] as const))(
    'complains of %s in %s, %i times',
    (rule, path, times) => {
      expect((complaints.get(path) ?? []).filter((each) => each === rule)).toHaveLength(times)
    },
  )

  it.each(innocent.map(({ path }) => path))('has nothing against %s', (path) => {
    expect(complaints.get(path) ?? []).toEqual([])
  })
})
