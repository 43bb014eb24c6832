import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { simPlatformOf } from '../../../src/main/sim/sim-platforms.ts'
import { buildModule } from '../../../src/main/sim/synthetic/build-module.ts'
import type { ModuleSpec } from '../../../src/main/sim/synthetic/module-spec.ts'

/** Reads a module file by the published rules alone; no code of the simulator. */
function readByTheBook(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = bytes.length
  const sizeAt = (at: number) => view.getUint32(at + 4, true) - view.getUint32(at, true) + 4
  const first = view.getUint32(0, true)
  const hex = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('hex')
  let at = 0
  if ((first & 0x2ffc0000) >>> 0 === 0x20000000) at = sizeAt(0x184) === length ? 0x184 : 0x200
  else if (hex(0, 8) === '999996963fcc66fc') at = 0x20
  const sha = (from: number, to: number) => createHash('sha256').update(bytes.subarray(from, to)).digest('hex')
  const stored = hex(length - 38, length - 6)
  return {
    prefixOffset: at,
    startAddress: view.getUint32(at, true),
    sizeBytes: sizeAt(at),
    flags: view.getUint8(at + 9),
    version: view.getUint16(at + 10, true),
    platformId: view.getUint16(at + 12, true),
    function: view.getUint8(at + 14),
    index: view.getUint8(at + 15),
    dependencies: [hex(at + 16, at + 20), hex(at + 20, at + 24)],
    suffixBytes: view.getUint16(length - 6, true),
    hash: stored === sha(0, length - 38) ? 'whole' : stored === sha(24, length - 40) ? 'payload' : 'wrong',
    hasRightCrc:
      hex(length - 4, length) ===
      crc32(bytes.subarray(0, length - 4))
        .toString(16)
        .padStart(8, '0'),
  }
}

const onBoard: fc.Arbitrary<Pick<ModuleSpec, 'platform' | 'kind' | 'index'>> = fc.constantFrom(
  { platform: 'photon', kind: 'bootloader', index: 0 },
  { platform: 'photon', kind: 'system', index: 1 },
  { platform: 'photon', kind: 'system', index: 2 },
  { platform: 'photon', kind: 'mono', index: 0 },
  { platform: 'photon', kind: 'user', index: 1 },
  { platform: 'boron', kind: 'bootloader', index: 0 },
  { platform: 'boron', kind: 'system', index: 1 },
  { platform: 'boron', kind: 'user', index: 1 },
  { platform: 'boron', kind: 'user', index: 2 },
  { platform: 'boron', kind: 'radio', index: 0 },
  { platform: 'boron', kind: 'ncp', index: 0 },
  { platform: 'boron', kind: 'asset', index: 0 },
  { platform: 'p2', kind: 'bootloader', index: 0 },
  { platform: 'p2', kind: 'bootloader', index: 1 },
  { platform: 'p2', kind: 'bootloader', index: 2 },
  { platform: 'p2', kind: 'system', index: 1 },
  { platform: 'p2', kind: 'user', index: 1 },
)
const functions = { bootloader: 2, mono: 3, system: 4, user: 5, ncp: 7, radio: 8, asset: 9 }
const uint16 = fc.integer({ min: 0, max: 0xffff })

describe('buildModule', () => {
  it('makes modules that the published rules read back, for any place, size and version', () => {
    const specs = fc.record({ place: onBoard, version: uint16, extra: fc.integer({ min: 0, max: 9000 }) })
    fc.assert(
      fc.property(specs, ({ place, version, extra }) => {
        const sizeBytes = (place.kind === 'radio' ? 9000 : 0x200 + 24 + 66) + extra
        const read = readByTheBook(buildModule({ ...place, version, sizeBytes }))
        expect(read).toMatchObject({
          sizeBytes,
          version,
          function: functions[place.kind],
          index: place.index,
          platformId: place.kind === 'asset' ? 0 : simPlatformOf(place.platform).platformId,
          flags: place.kind === 'radio' ? 1 : 0,
          hash: place.kind === 'radio' || place.kind === 'ncp' ? 'payload' : 'whole',
          hasRightCrc: true,
        })
      }),
    )
  })

  it('puts the prefix, suffix and address where each family has them', () => {
    const of = (spec: Pick<ModuleSpec, 'platform' | 'kind' | 'index'>) => {
      const read = readByTheBook(buildModule({ ...spec, version: 1, sizeBytes: 12_288 }))
      return [read.prefixOffset.toString(16), read.startAddress.toString(16), read.suffixBytes]
    }
    expect({
      photonSystem: of({ platform: 'photon', kind: 'system', index: 2 }),
      photonUser: of({ platform: 'photon', kind: 'user', index: 1 }),
      boronBootloader: of({ platform: 'boron', kind: 'bootloader', index: 0 }),
      boronUser256: of({ platform: 'boron', kind: 'user', index: 2 }),
      softDevice: of({ platform: 'boron', kind: 'radio', index: 0 }),
      p2Bootloader: of({ platform: 'p2', kind: 'bootloader', index: 0 }),
      p2Prebootloader: of({ platform: 'p2', kind: 'bootloader', index: 2 }),
      p2User: of({ platform: 'p2', kind: 'user', index: 1 }),
    }).toEqual({
      photonSystem: ['184', '8060000', 40],
      photonUser: ['0', '80a0000', 40],
      boronBootloader: ['200', 'f4000', 40],
      boronUser256: ['0', 'b4000', 40],
      softDevice: ['0', '1000', 36],
      p2Bootloader: ['20', '8004000', 62],
      p2Prebootloader: ['0', '8014000', 62],
      p2User: ['0', '85fd000', 62],
    })
  })

  it('writes both dependencies, function, index and least version', () => {
    const bytes = buildModule({
      platform: 'boron',
      kind: 'system',
      index: 1,
      version: 4006,
      sizeBytes: 2048,
      dependencies: [
        { kind: 'bootloader', index: 0, version: 1101 },
        { kind: 'radio', index: 0, version: 202 },
      ],
    })
    expect(readByTheBook(bytes).dependencies).toEqual(['02004d04', '0800ca00'])
  })

  it('gives the same bytes for the same spec and others for another seed', () => {
    const spec = { platform: 'photon', kind: 'user', index: 1, version: 3, sizeBytes: 4096 } as const
    expect(buildModule(spec)).toEqual(buildModule(spec))
    expect(buildModule({ ...spec, seed: 'another' })).not.toEqual(buildModule(spec))
  })

  it('refuses a spec that can be no module', () => {
    const user = { platform: 'boron', kind: 'user', index: 1, version: 1 } as const
    expect(() => buildModule({ ...user, sizeBytes: 67 })).toThrow('at least 68 bytes')
    expect(() => buildModule({ ...user, index: 7, sizeBytes: 4096 })).toThrow('no place for user 7 on boron')
    expect(() => buildModule({ ...user, kind: 'bootloader', index: 0, sizeBytes: 4096, dropsHeader: true })).toThrow(
      'cannot drop its header',
    )
  })
})
