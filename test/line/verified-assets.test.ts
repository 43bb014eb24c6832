// A verification of an application that has assets: they are part of what the recipe names.
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { buildModule } from '../../src/main/sim/synthetic/build-module.ts'
import { releaseModules } from '../../src/main/sim/synthetic/releases.ts'
import { applicationNeeding, type TestAsset } from '../sim/assets/asset-files.ts'
import { libraryOf, resolved } from './firmware.ts'
import { openLine } from './line.ts'

const deviceOs = '6.3.4'
const assets: readonly TestAsset[] = [{ name: 'cat.txt', content: new TextEncoder().encode('a cat') }]

async function libraryWithAssets(platform: 'p2' | 'boron') {
  const root = mkdtempSync(join(tmpdir(), 'line-verified-'))
  mkdirSync(join(root, 'set'))
  mkdirSync(join(root, 'bundle', 'assets'), { recursive: true })
  for (const { file, spec } of releaseModules(platform, deviceOs, 'line')) {
    writeFileSync(join(root, 'set', file), buildModule(spec))
  }
  const app = applicationNeeding(platform, assets).bytes
  writeFileSync(join(root, 'bundle', 'app.bin'), app)
  for (const { name, content } of assets) writeFileSync(join(root, 'bundle', 'assets', name), content)
  const made = await libraryOf([root])
  rmSync(root, { recursive: true })
  onTestFinished(made.remove)
  return { library: made.library, sha256: createHash('sha256').update(app).digest('hex') }
}

it.each(['p2', 'boron'] as const)('a %s that was flashed with assets is verified with them', async (platform) => {
  const { library, sha256 } = await libraryWithAssets(platform)
  const wishes = { platforms: [platform], deviceOs, user: { modules: { [platform]: sha256 } } }
  const line = openLine({
    boards: [{ platform, deviceOs }],
    shelf: library,
    recipe: await resolved(library, wishes),
  })
  const [flashed] = await line.verdicts()
  expect(flashed?.state).toBe('passed')
  line.station.dispatch({ kind: 'recipe', recipe: await resolved(library, { ...wishes, job: 'verify' }) })
  line.station.dispatch({ kind: 'start', slots: [1] })
  await line.until(() => line.records().filter(({ closing }) => closing).length === 2)
  const verification = line.records()[1]
  expect(verification?.closing?.fault?.detail ?? null).toBeNull()
  expect(verification).toMatchObject({ job: 'verify', closing: { outcome: 'pass' } })
  expect(verification?.closing?.modules.find(({ kind }) => kind === 'asset')).toMatchObject({ proof: 'reported-hash' })
})
