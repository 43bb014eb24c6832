// The library checks what is stated of a module file against the file itself: memory must not answer in its place.
import { describe, expect, it } from 'vitest'
import { rememberedShelf } from '../../src/main/host/remembered-shelf.ts'
import { Fault } from '../../src/shared/fault/fault.ts'
import { parseSha256 } from '../../src/shared/model/ids.ts'
import type { FirmwareModule } from '../../src/shared/model/module.ts'

function sha256(digit: string) {
  const parsed = parseSha256(digit.repeat(64))
  if (!parsed) throw new Error(`${digit} is no hex digit`)
  return parsed
}

const truth: FirmwareModule = {
  ...{ kind: 'system', index: 1, platform: 'boron', version: 4_000, deviceOsVersion: '4.0.0' },
  ...{ startAddress: 0x3_0000, endAddress: 0x8_0000, sizeBytes: 0x5_0004 },
  ...{ sha256: sha256('a'), suffixSha256: sha256('b') },
  ...{ dropsHeader: false, isCompressed: false, isCombined: false, isSynthetic: false },
  ...{ dependencies: [], source: 'the file' },
}

const lies: Readonly<Record<string, Partial<FirmwareModule>>> = {
  'another start': { startAddress: 0x4_0000 },
  'another end': { endAddress: 0x7_0000 },
  'a header that is dropped': { dropsHeader: true },
  'another version': { version: 4_001 },
  'another platform': { platform: 'photon' },
  'another kind': { kind: 'user' },
  'another index': { index: 2 },
  'another hash of its own': { suffixSha256: sha256('c') },
}

describe('a module file that is remembered', () => {
  it.each(Object.entries(lies))('is not given out for %s', async (_, lie) => {
    const shelf = rememberedShelf({
      bytesOf: async (module) => {
        if (JSON.stringify(module) !== JSON.stringify(truth)) throw new Fault('FIRMWARE_CORRUPT', 'another header')
        return new Uint8Array(1)
      },
      assetModuleOf: async () => new Uint8Array(1),
      imageOf: async () => new Uint8Array(1),
    })
    await shelf.bytesOf(truth)
    await expect(shelf.bytesOf({ ...truth, ...lie })).rejects.toMatchObject({ code: 'FIRMWARE_CORRUPT' })
    await expect(shelf.bytesOf(truth)).resolves.toHaveLength(1)
  })
})
