import { describe, expect, it } from 'vitest'
import { inspectModule, parseModule } from '../../../src/main/station/firmware/parse-module.ts'
import { Refusal } from '../../../src/main/station/firmware/refusal.ts'
import { assetModule, boron, boronUser, buildModule, p2, pack, photon, record, seal } from './module-builder.ts'

function refusalOf(bytes: Uint8Array): Refusal {
  try {
    inspectModule(bytes, { source: 'some.bin' })
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown
    throw thrown
  }
  return expect.fail('the module was accepted')
}

describe('a module file', () => {
  it('is read with its place, version and dependencies', () => {
    const module = parseModule(photon.system2(), { source: 'system-part2.bin' })
    expect(module).toMatchObject({
      platform: 'photon',
      kind: 'system',
      index: 2,
      version: 2302,
      deviceOsVersion: '2.3.1',
      startAddress: 0x0806_0000,
      dependencies: [
        { kind: 'system', index: 1, version: 2302 },
        { kind: 'bootloader', index: 0, version: 1003 },
      ],
      source: 'system-part2.bin',
    })
  })

  it.each([
    ['behind a vector table of 0x184 bytes', photon.bootloader(), 0x184],
    ['behind a vector table of 0x200 bytes', boron.bootloader(), 0x200],
    ['behind a Realtek image header', p2.bootloader(), 0x20],
    ['at the front', boron.user(), 0],
  ])('has its prefix %s', (_where, bytes, offset) => {
    expect(inspectModule(bytes, { source: 'x.bin' }).prefixOffset).toBe(offset)
  })

  it('may hash its payload alone when it is a SoftDevice', () => {
    expect(inspectModule(boron.softDevice(), { source: 'x.bin' }).hashCovers).toBe('payload')
  })

  it('may not hash its payload alone when it is anything else', () => {
    expect(refusalOf(buildModule({ ...boronUser('x'), payloadHash: true })).reason).toBe('HASH_MISMATCH')
  })

  it('may start anywhere on RTL as long as it ends where user parts end', () => {
    const bytes = p2.userWithAsset('cat.txt', 'a cat')
    const facts = inspectModule(bytes, { source: 'x.bin' })
    expect(facts.module.endAddress).toBe(0x0860_0000 - 4)
    expect(facts.module.startAddress % 4096).not.toBe(0)
    expect(facts.prefixSizeBytes).toBeGreaterThan(24)
  })

  it('names itself and the reason in the fault', () => {
    const refusal = refusalOf(p2.mbr())
    expect(refusal.code).toBe('FIRMWARE_REFUSED')
    expect(refusal.detail).toMatch(/^some\.bin: Photon 2 \/ P2 bootloader 1 .*\[FORBIDDEN_MODULE\]$/)
  })
})

describe('a module is refused', () => {
  const user = boron.user()
  const changed = (at: number, value: number): Uint8Array => seal(Uint8Array.from(user).fill(value, at, at + 1))

  it.each([
    ['EMPTY_FILE', new Uint8Array(0)],
    ['TOO_SHORT', user.subarray(0, 63)],
    ['TOO_LARGE', new Uint8Array(4 * 1024 * 1024 + 1)],
    ['NOT_FIRMWARE', new Uint8Array(5000).fill(0xff)],
    ['TRUNCATED', user.subarray(0, user.length - 1)],
    ['SIZE_MISMATCH', Buffer.concat([user, Buffer.alloc(8)])],
    ['CRC_MISMATCH', Uint8Array.from(user).fill(0x7e, 30, 31)],
    ['UNSUPPORTED_FLAGS', changed(9, 0x80)],
    ['UNSUPPORTED_FLAGS', changed(9, 0x08)],
    ['UNSUPPORTED_FLAGS', changed(9, 0x01)],
    ['BAD_FUNCTION', changed(14, 0)],
    ['BAD_DEPENDENCY', changed(16, 6)],
    ['UNKNOWN_PLATFORM', changed(12, 0xee)],
    ['UNSUPPORTED_PLATFORM', changed(12, 103)],
    ['UNKNOWN_MODULE', changed(15, 3)],
    ['BAD_COMBINED', changed(9, 0x04)],
    ['FORBIDDEN_MODULE', buildModule({ platformId: 6, functionId: 3, index: 0, start: 0x0802_0000 })],
    ['ADDRESS_RANGE', buildModule({ ...boronUser('x'), start: 0x3_0000 })],
    ['ADDRESS_RANGE', buildModule({ ...boronUser('x'), start: 0xf_4000 })],
    ['ADDRESS_RANGE', buildModule({ ...boronUser('x'), payload: new Uint8Array(128 * 1024) })],
    ['ADDRESS_RANGE', buildModule({ ...boronUser('x'), platformId: 32, start: 0x0850_0000 })],
    ['UNSUPPORTED_FLAGS', buildModule({ platformId: 13, functionId: 8, index: 0, start: 0x1000 })],
    ['BAD_EXTENSION', buildModule({ ...boronUser('x'), suffixRecords: [Uint8Array.of(3, 0, 0, 0, 9, 9, 9, 9)] })],
    ['BAD_EXTENSION', buildModule({ ...boronUser('x'), flags: 0x10, prefixRecords: [record(1, 'no end follows')] })],
    ['BAD_EXTENSION', buildModule({ platformId: 0, functionId: 9, index: 0, start: 0 })],
  ])('for %s', (reason, bytes) => {
    expect(refusalOf(bytes)).toMatchObject({ reason, layer: 'parse', file: 'some.bin' })
  })

  it.each([
    [0, 'Core'],
    [42, 'Tachyon'],
    [88, 'RedBear Duo'],
    [103, 'Bluz'],
  ])('names the board that platform %i is: %s', (platformId, name) => {
    const refusal = refusalOf(buildModule({ ...boronUser('x'), platformId }))
    expect(refusal).toMatchObject({ reason: 'UNSUPPORTED_PLATFORM' })
    expect(refusal?.message).toContain(`firmware for the ${name} (platform ${platformId})`)
  })

  it('names a RedBear Duo by its system parts too, which begin with a vector table', () => {
    const part = { platformId: 88, functionId: 4, index: 1, start: 0x0802_0000, prefixOffset: 0x184 }
    const bytes = buildModule({ ...part, firstBytes: [0, 0, 2, 0x20] })
    expect(refusalOf(bytes)).toMatchObject({ reason: 'UNSUPPORTED_PLATFORM' })
  })

  it('because system parts since 3.1.0 must leave room for the 256 KiB user part', () => {
    const payload = new Uint8Array(0xb_4000 - 0x3_0000)
    const system = (version: number): Uint8Array =>
      buildModule({ platformId: 13, functionId: 4, index: 1, start: 0x3_0000, version, payload })
    expect(refusalOf(system(4006)).reason).toBe('ADDRESS_RANGE')
    expect(parseModule(system(1502), { source: 'x.bin' }).deviceOsVersion).toBe('1.5.0')
  })
})

describe('a compressed module', () => {
  const original = boron.user('a user part that repeats, repeats, repeats itself')
  const packed = (payload: Uint8Array, more = {}): Uint8Array =>
    buildModule({ ...boronUser(''), flags: 0x02, payload, ...more })

  it('is accepted with the facts of the module inside', () => {
    const facts = inspectModule(packed(pack(original)), { source: 'x.bin' })
    expect(facts.module.isCompressed).toBe(true)
    expect(facts.inner?.module.sizeBytes).toBe(original.length)
  })

  it.each([
    ['TOO_LARGE', packed(pack(original, 0x7fff_ffff))],
    ['BAD_COMPRESSION', packed(pack(original, original.length - 1))],
    ['BAD_COMPRESSION', packed(pack(original, original.length + 1))],
    ['BAD_COMPRESSION', packed(pack(original).subarray(0, 30))],
    ['BAD_COMPRESSION', packed(Buffer.concat([pack(original), Buffer.from('more')]))],
    ['BAD_COMPRESSION', packed(pack(boron.bootloader()))],
    ['BAD_COMPRESSION', packed(pack(Uint8Array.from(original).fill(1, 30, 31)))],
    ['UNSUPPORTED_COMPRESSION', packed(Uint8Array.from(pack(original)).fill(1, 2, 3))],
    ['BAD_COMPRESSION', packed(Uint8Array.from(pack(original)).fill(7, 3, 4))],
    ['UNSUPPORTED_COMPRESSION', packed(pack(original), { functionId: 2, index: 0, start: 0xf_4000 })],
  ])('is refused for %s', (reason, bytes) => {
    expect(refusalOf(bytes).reason).toBe(reason)
  })
})

describe('a combined module', () => {
  const first = buildModule({ ...boronUser('first'), flags: 0x04 })

  it('is accepted when both halves are good', () => {
    const bytes = Buffer.concat([first, boron.user('second')])
    const facts = inspectModule(bytes, { source: 'x.bin' })
    expect(facts.module).toMatchObject({ isCombined: true, sizeBytes: bytes.length })
    expect(facts.inner?.module).toMatchObject({ kind: 'user', isCombined: false })
  })

  it.each([
    ['a third module follows', Buffer.concat([first, first, boron.user()])],
    ['forty thousand follow', Buffer.concat(Array.from({ length: 40_000 }, () => first))],
    ['the second is cut', Buffer.concat([first, boron.user().subarray(0, -1)])],
    ['the second is for another platform', Buffer.concat([first, photon.user()])],
  ])('is refused when %s', (_why, bytes) => {
    expect(refusalOf(bytes).reason).toBe('BAD_COMBINED')
  })
})

describe('an asset module', () => {
  it.each([false, true])('is accepted with the hash of the raw asset (packed: %s)', (packed) => {
    const { module } = inspectModule(assetModule('cat.txt', 'a cat', { packed }), { source: 'x.bin' })
    expect(module).toMatchObject({ platform: 'any', kind: 'asset', assetName: 'cat.txt' })
  })

  it('is no module for a board', () => {
    expect(() => parseModule(assetModule('cat.txt', 'a cat'), { source: 'x.bin' })).toThrow(/UNKNOWN_MODULE/)
  })
})

describe('a bootloader that sets the security mode', () => {
  it('is recognised as one that locks the board', () => {
    expect(parseModule(p2.lockingBootloader(), { source: 'x.bin' }).locksBoard).toBe(true)
  })
})
