import { describe, expect, it } from 'vitest'
import { rememberedShelf } from '../../src/main/host/remembered-shelf.ts'
import type { Sha256 } from '../../src/shared/model/ids.ts'
import type { FirmwareModule, TargetAsset } from '../../src/shared/model/module.ts'

function moduleNamed(sha256: string): FirmwareModule {
  return { sha256 } as unknown as FirmwareModule
}

function countingShelf() {
  const reads: string[] = []
  const broken = new Set<string>()
  const shelf = rememberedShelf({
    bytesOf: async ({ sha256 }) => {
      reads.push(sha256)
      if (broken.has(sha256)) throw new Error('not readable')
      return new TextEncoder().encode(sha256)
    },
    assetModuleOf: async ({ name }) => {
      reads.push(name)
      return new TextEncoder().encode(name)
    },
    imageOf: async (sha256) => {
      reads.push(sha256)
      return new TextEncoder().encode(sha256)
    },
  })
  return { reads, broken, shelf }
}

describe('the shelf of the USB process', () => {
  it('reads a file once, however many slots want it at the same time', async () => {
    const { reads, shelf } = countingShelf()
    const all = await Promise.all(Array.from({ length: 32 }, () => shelf.bytesOf(moduleNamed('a'))))
    expect(reads).toEqual(['a'])
    expect(all.every((bytes) => new TextDecoder().decode(bytes) === 'a')).toBe(true)
  })

  it('wraps an asset once, and again where anything else is asked for', async () => {
    const { reads, shelf } = countingShelf()
    const cat = { name: 'cat.txt', sha256: 'a', sizeBytes: 1, type: 'plain' } as unknown as TargetAsset
    await Promise.all([shelf.assetModuleOf(cat), shelf.assetModuleOf({ ...cat })])
    await shelf.assetModuleOf({ ...cat, type: 'env' })
    expect(reads).toEqual(['cat.txt', 'cat.txt'])
  })

  it('reads an image once', async () => {
    const { reads, shelf } = countingShelf()
    const image = 'b'.repeat(64) as Sha256
    await Promise.all([shelf.imageOf(image), shelf.imageOf(image)])
    expect(reads).toEqual([image])
  })

  it('does not remember a reading that failed', async () => {
    const { reads, broken, shelf } = countingShelf()
    broken.add('a')
    await expect(shelf.bytesOf(moduleNamed('a'))).rejects.toThrow('not readable')
    broken.clear()
    await expect(shelf.bytesOf(moduleNamed('a'))).resolves.toHaveLength(1)
    expect(reads).toEqual(['a', 'a'])
  })

  it('keeps no more than a bench needs, the newest', async () => {
    const { reads, shelf } = countingShelf()
    for (let n = 0; n < 100; n += 1) await shelf.bytesOf(moduleNamed(String(n)))
    reads.length = 0
    await shelf.bytesOf(moduleNamed('99'))
    await shelf.bytesOf(moduleNamed('76'))
    expect(reads).toEqual([])
    await shelf.bytesOf(moduleNamed('0'))
    expect(reads).toEqual(['0'])
  })
})
