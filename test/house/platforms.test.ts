import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { platformsPage } from '../../scripts/platforms-page.ts'
import { releasesOf } from '../../src/main/sim/synthetic/releases.ts'
import { platformNames } from '../../src/shared/model/platform.ts'
import { fullRestores } from '../scenarios/full-restores.ts'

const root = join(import.meta.dirname, '..', '..')

it('the platforms page of the docs says what the platform rows say: npm run docs', () => {
  expect(readFileSync(join(root, 'docs', 'platforms.md'), 'utf8')).toBe(platformsPage())
})

it.each(platformNames)('%s has a simulated board and two releases for a full restore, up and down', (platform) => {
  const { older, newer } = fullRestores[platform]
  expect(older).not.toBe(newer)
  expect(releasesOf(platform)).toEqual(expect.arrayContaining([older, newer]))
})

const trapCount = 14

it('each trap of the flash plan is named by a test', () => {
  const titles = testFiles().flatMap((file) => readFileSync(file, 'utf8').match(/\btrap (\d+)\b/g) ?? [])
  const named = new Set(titles.map((title) => Number(title.split(' ')[1])))
  expect([...named].sort((a, b) => a - b)).toEqual(Array.from({ length: trapCount }, (_, at) => at + 1))
})

function testFiles(): readonly string[] {
  return readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => file !== import.meta.filename)
}
