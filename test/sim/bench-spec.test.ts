import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type PlacedBoard, parseBenchFile, parseBenchSpec } from '../../src/main/sim/bench-spec.ts'
import { withCheckDigit } from '../../src/main/sim/board-identity.ts'
import { defaultProfile } from '../../src/main/sim/generic/device-profile.ts'
import { createBench } from '../../src/main/sim/simulated-bench.ts'
import { createVirtualClock } from '../../src/main/sim/virtual-clock.ts'
import { parseDeviceId, parseIccid } from '../../src/shared/model/ids.ts'

const factsOf = (bench: readonly PlacedBoard[]) =>
  bench.flatMap((each) => (each.kind === 'board' ? [each.spec.facts] : []))
const file = (...boards: object[]) => JSON.stringify({ format: 'dfu-station-bench', version: 1, boards })

describe('the short form of a bench', () => {
  it('names platforms and counts, and fills hubs of seven ports', () => {
    const bench = parseBenchSpec('boron:6, photon:2,p2')
    expect(factsOf(bench).map(({ platform }) => platform)).toEqual([
      ...new Array(6).fill('boron'),
      'photon',
      'photon',
      'p2',
    ])
    expect(bench.map(({ portPath }) => portPath)).toEqual([
      ...[1, 2, 3, 4, 5, 6, 7].map((n) => `1-1.${n}`),
      '1-2.1',
      '1-2.2',
    ])
  })

  it('gives every board an identity of its family that is valid, unique and the same on every run', () => {
    const facts = factsOf(parseBenchSpec('boron:30,photon:30,p2:30'))
    expect(new Set(facts.map(({ deviceId }) => deviceId)).size).toBe(90)
    expect(new Set(facts.map(({ serialNumber }) => serialNumber)).size).toBe(90)
    expect(new Set(facts.flatMap(({ iccid }) => iccid ?? [])).size).toBe(30)
    for (const { platform, deviceId, serialNumber, iccid, imei } of facts) {
      expect(parseDeviceId(deviceId)).toBe(deviceId)
      expect(serialNumber).toHaveLength(15)
      if (platform === 'boron') expect(deviceId).toMatch(/^e00fce68/)
      if (platform === 'p2') expect(deviceId).toMatch(/^0a10aced2021/)
      if (iccid)
        expect([parseIccid(iccid), iccid.length, withCheckDigit(iccid.slice(0, -1))]).toEqual([iccid, 19, iccid])
      if (imei) expect([imei.length, withCheckDigit(imei.slice(0, -1))]).toEqual([15, imei])
      expect((iccid !== null) === (platform === 'boron')).toBe(true)
    }
    expect(factsOf(parseBenchSpec('boron:30,photon:30,p2:30'))).toEqual(facts)
  })

  it('puts a plain DFU device beside the boards, which keep their identities', () => {
    const [first, second, third] = parseBenchSpec('boron,dfu,boron')
    expect(second).toMatchObject({ kind: 'dfu-device', portPath: '1-1.2', spec: { start: 'normal' } })
    expect([first, third]).toEqual(
      parseBenchSpec('boron:3')
        .filter((_, at) => at !== 1)
        .map((each, at) => ({ ...each, portPath: ['1-1.1', '1-1.3'][at] })),
    )
  })

  it('has the check digit of a well-known number', () => {
    expect(withCheckDigit('7992739871')).toBe('79927398713')
  })

  it.each(['core:2', 'boron:0', 'boron:-1', 'boron:4;p2:1', '', 'boron:4,', 'boron:128', 'p2:100,boron:28'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseBenchSpec(text)).toThrow(/CALL_REJECTED/)
    },
  )
})

describe('a bench file', () => {
  it('sets identity, release, start, faults, protection and port', () => {
    const [placed, next] = parseBenchFile(
      file(
        {
          platform: 'boron',
          deviceId: 'E00FCE681234567890ABCDEF',
          deviceOs: '4.0.2',
          start: 'dfu',
          faults: ['unplug at block 7', 'silent write'],
          protected: true,
          portPath: '1-1.1',
        },
        { platform: 'p2' },
      ),
    )
    expect(placed).toMatchObject({
      portPath: '1-1.1',
      spec: {
        facts: { deviceId: 'e00fce681234567890abcdef' },
        deviceOs: '4.0.2',
        start: 'dfu',
        protection: 'protected',
        faults: [{ fault: { kind: 'at-block', act: 'unplug', block: 7 } }, { fault: { kind: 'silent-write' } }],
      },
    })
    expect(next?.portPath).toBe('1-1.2')
  })

  it.each([
    ['no JSON', '{', /not JSON/],
    ['another format', '{"format":"x","version":1,"boards":[{"platform":"p2"}]}', /format/],
    ['no boards', file(), /boards/],
    ['an unknown field', file({ platform: 'p2', colour: 'red' }), /colour/],
    ['an unknown platform', file({ platform: 'core' }), /boards\.0\.platform/],
    ['an unknown fault', file({ platform: 'p2', faults: ['melt'] }), /no such fault: "melt"/],
    ['an unknown release', file({ platform: 'p2', deviceOs: '9.9.9' }), /no synthetic Device OS 9\.9\.9 for p2/],
    ['a bad device ID', file({ platform: 'p2', deviceId: '123' }), /"123" is no device ID/],
    ['a bad port path', file({ platform: 'p2', portPath: 'left' }), /"left" is no port path/],
    [
      'one port twice',
      file({ platform: 'p2', portPath: '1-1' }, { platform: 'p2', portPath: '1-1' }),
      /1-1 is given twice/,
    ],
    ['one ID for many', file({ platform: 'p2', deviceId: 'a'.repeat(24), count: 2 }), /cannot serve 2 boards/],
    ['a size of flash that is known', file({ platform: 'boron', externalMegabytes: 8 }), /boron: the size/],
    ['a protected photon', file({ platform: 'photon', protected: true }), /no protection/],
  ])('refuses %s', (_, json, message) => {
    expect(() => parseBenchFile(json)).toThrow(/CALL_REJECTED/)
    expect(() => parseBenchFile(json)).toThrow(message)
  })

  it('words what kind of DFU device it is', () => {
    const device = {
      productName: 'Lamp',
      normalId: '1209:000a',
      dfuId: '1209:0010',
      attributes: ['upload', 'manifestation-tolerant'],
      transferSizeBytes: 64,
      memories: [{ sizeBytes: 8192, pageBytes: 1024 }, { name: 'Settings' }],
      refusal: { block: 2, status: 'errProg' },
    }
    const [placed] = parseBenchFile(file({ platform: 'dfu', start: 'dfu', portPath: '1-2', device }))
    expect(placed).toMatchObject({
      portPath: '1-2',
      spec: {
        start: 'dfu',
        profile: {
          productName: 'Lamp',
          ids: { normal: { vendorId: 0x1209, productId: 10 }, dfu: { productId: 16 } },
          attributes: { canDownload: false, canUpload: true, isManifestationTolerant: true, willDetach: false },
          transferSizeBytes: 64,
          detachTimeoutMs: 1000,
          memories: [{ name: 'Program', sizeBytes: 8192, pageBytes: 1024, eraseMsPerPage: 20 }, { name: 'Settings' }],
          refusal: { block: 2, status: 'errProg' },
        },
      },
    })
  })

  it('is shown in the documentation with the profile that a DFU device has by itself', () => {
    const page = readFileSync(new URL('../../docs/clients.md', import.meta.url), 'utf8')
    const [placed] = parseBenchFile(/```json\n(.*?)```/s.exec(page)?.[1] ?? expect.unreachable())
    const refusal = { block: 3, status: 'errProg' }
    expect(placed).toMatchObject({
      kind: 'dfu-device',
      spec: { start: 'dfu', profile: { ...defaultProfile, refusal } },
    })
  })

  it.each([
    ["a real product's id", { dfuId: '0483:df11' }, /boards\.0\.device\.dfuId: must be 1209:0001 to 1209:0010/],
    ['an id that is not for tests', { normalId: '1209:0011' }, /normalId/],
    ['blocks that no control transfer carries', { transferSizeBytes: 8192 }, /transferSizeBytes/],
    ['half a page', { memories: [{ sizeBytes: 4096, pageBytes: 3000 }] }, /whole pages/],
    ['no memory at all', { memories: [] }, /memories/],
    ['a status that DFU does not have', { refusal: { block: 1, status: 'errTired' } }, /status/],
    ['a Particle field', { deviceOs: '5.6.0' }, /deviceOs/],
  ])('refuses a DFU device with %s', (_, device, message) => {
    expect(() => parseBenchFile(file({ platform: 'dfu', device }))).toThrow(message)
  })

  it('may give one device ID to two boards, as a cloned board would have', () => {
    const deviceId = 'e00fce681234567890abcdef'
    const clones = parseBenchFile(file({ platform: 'boron', deviceId }, { platform: 'boron', deviceId }))
    expect(factsOf(clones).map((facts) => facts.deviceId)).toEqual([deviceId, deviceId])
  })
})

describe('a bench of 32 boards', () => {
  it('shares its factory firmware: little memory until boards are written', async () => {
    const bus = createBench(parseBenchSpec('boron:11,photon:10,p2:11'), { clock: createVirtualClock(), speed: 1 })
    const arrived = new Promise<void>((resolve) => {
      bus.watch(() => bus.devices().length === 32 && resolve())
    })
    await arrived
    const owned = bus
      .boards()
      .map(({ board }) => board.chips.internal.ownedBytes() + (board.chips.external?.ownedBytes() ?? 0))
    expect(owned).toHaveLength(32)
    expect(Math.max(...owned)).toBeLessThan(64 * 1024)
    for (const { board } of bus.boards()) {
      const { internal } = board.chips
      internal.program(internal.base + 0x70000, new Uint8Array(0x10000))
    }
    const after = bus.boards().map(({ board }) => board.chips.internal.ownedBytes())
    expect(Math.max(...after)).toBeLessThanOrEqual(0x10000 + 64 * 1024)
    await bus[Symbol.asyncDispose]()
  })
})
