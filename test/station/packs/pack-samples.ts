// Packs for tests: made of synthetic firmware, signed with keys that are made for the test.
import type { KeyObject } from 'node:crypto'
import { demoFirmware } from '../../../src/main/sim/synthetic/demo-firmware.ts'
import { sha256Of } from '../../../src/main/station/firmware/module-suffix.ts'
import type { PackContent } from '../../../src/main/station/packs/pack-manifest.ts'
import { setsOfFiles } from '../../../src/main/station/packs/pack-sets.ts'
import { type ReadPack, readPack } from '../../../src/main/station/packs/read-pack.ts'
import { newPrivateKey, readPrivateKey } from '../../../src/main/station/packs/signing.ts'
import type { StoredFile } from '../../../src/main/station/packs/stored-zip.ts'
import { writePack } from '../../../src/main/station/packs/write-pack.ts'
import { systemClock } from '../../../src/main/station/system-clock.ts'
import { plainFlash } from '../../../src/shared/model/plain-flash.ts'
import type { Recipe } from '../../../src/shared/model/recipe.ts'

export function newKey(): KeyObject {
  const key = readPrivateKey(newPrivateKey())
  if (!key) throw new Error('no key was made')
  return key
}

export const packRecipe: Recipe = {
  ...plainFlash,
  format: 'dfu-station-recipe',
  version: 1,
  name: 'Blinky line',
  platforms: ['boron'],
  deviceOs: '4.0.2',
  user: 'set',
  verify: 'read-back',
}

/** The synthetic set of a Boron, as a pack lays it out. */
export const packedFiles: readonly StoredFile[] = demoFirmware()
  .filter(({ path }) => path.startsWith('boron/4.0.2/'))
  .map(({ path, bytes }) => ({
    path: `sets/${path.replaceAll('/', '-').replace('boron-4.0.2-', 'boron-4.0.2/')}`,
    bytes,
  }))

export async function packContent(change: Partial<PackContent> = {}): Promise<PackContent> {
  return {
    name: 'Blinky line',
    version: 1,
    author: 'Ada',
    created: '2026-01-02T03:04:05.678Z',
    madeBy: 'dfu-station test',
    recipe: packRecipe,
    sets: [...(await setsOfFiles(packedFiles, 'test'))],
    targets: [{ platform: 'boron', modules: packedFiles.map(({ bytes }) => sha256Of(bytes)), assets: [] }],
    ...change,
  }
}

export async function packBytes(key: KeyObject | null, change: Partial<PackContent> = {}): Promise<Uint8Array> {
  return writePack(await packContent(change), packedFiles, key)
}

export function opened(bytes: Uint8Array): Promise<ReadPack> {
  return readPack(bytes, { name: 'test.dfupack', clock: systemClock, signal: new AbortController().signal })
}
