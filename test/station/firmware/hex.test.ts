// Intel HEX on its way in: what a file may look like, which modules are found in it, and what is refused for what.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { carveHex } from '../../../src/main/station/firmware/carve-hex.ts'
import { readHexPieces } from '../../../src/main/station/firmware/hex-records.ts'
import { joinPieces } from '../../../src/main/station/firmware/hex-runs.ts'
import { refuser } from '../../../src/main/station/firmware/refusal.ts'
import { endOfFile, hexOf, hexText, record, records } from './hex-builder.ts'
import { boron, p2, photon } from './module-builder.ts'
import { badFiles, describeWithFirmware, firmwareFile, firmwareFolder } from './shared-firmware.ts'
import { temporaryLibrary } from './temporary-library.ts'

const refuse = refuser('hex', 'a.hex')
const bytesOf = (text: string) => Buffer.from(text)
const carve = (text: string) => carveHex(bytesOf(text), refuse)
const runsOf = (text: string) => joinPieces(readHexPieces(bytesOf(text), refuse), refuse)

const systemBlock = { address: 0x3_0000, bytes: boron.system() }
const userBlock = { address: 0xd_4000, bytes: boron.user() }
const bootBlock = { address: 0xf_4000, bytes: boron.bootloader() }

describe('an Intel HEX file', () => {
  it.each([
    ['records of one byte', { recordBytes: 1 }],
    ['records of 255 bytes', { recordBytes: 255 }],
    ['upper case', { upper: true }],
    ['CRLF', { lineEnd: '\r\n' }],
    ['segment addresses', { segmented: true }],
    ['white space at the ends', { lineEnd: ' \t\n\n' }],
  ] as const)('may have %s', (_, style) => {
    const { modules } = carve(hexText([systemBlock, userBlock, bootBlock], style))
    expect(modules.map(({ address, bytes }) => [address, bytes])).toEqual(
      [
        [0x3_0000, boron.system()],
        [0xd_4000, boron.user()],
        [0xf_4000, boron.bootloader()],
      ].map(([address, bytes]) => [address, Uint8Array.from(bytes as Uint8Array)]),
    )
  })

  it('may have its records in any order, and start addresses of a program', () => {
    const lines = [...records(systemBlock), ...records(userBlock)].toReversed()
    const starts = [record(5, 0, Uint8Array.of(0, 0, 0, 1)), record(3, 0, Uint8Array.of(0, 0, 0, 1))]
    expect(carve(hexOf([...starts, ...lines])).modules).toHaveLength(2)
  })

  it('may have modules that touch one another', () => {
    const [user] = [p2.user()]
    const system = photon.system1()
    const padded = Buffer.concat([system, Buffer.alloc(0x4_0000 - system.length, 0xff), photon.system2()])
    expect(carve(hexText([{ address: 0x0802_0000, bytes: padded }])).modules).toHaveLength(2)
    expect(carve(hexText([{ address: 0x0860_0000 - user.length, bytes: user }])).modules).toHaveLength(1)
  })

  it('of two addresses far apart costs no more than its bytes', () => {
    const runs = runsOf(
      hexText([
        { address: 0, bytes: Uint8Array.of(1) },
        { address: 0x0800_0000, bytes: Uint8Array.of(2) },
      ]),
    )
    expect(runs.map(({ address, bytes }) => [address, [...bytes]])).toEqual([
      [0, [1]],
      [0x0800_0000, [2]],
    ])
  })

  it('may lay filler over an application, before it and after it, and the application wins', () => {
    const filler = { address: 0xd_4000, bytes: new Uint8Array(1024).fill(0xff) }
    const former = { address: 0xd_4000, bytes: boron.user() }
    for (const blocks of [
      [filler, former],
      [former, filler],
    ]) {
      expect(carve(hexText(blocks)).modules.map(({ bytes }) => Buffer.from(bytes))).toEqual([Buffer.from(boron.user())])
    }
  })

  it('brings the master boot record along, and the configuration of the chip not', () => {
    const bootRecord = new Uint8Array(0x1000).fill(7)
    const image = carve(
      hexText([{ address: 0, bytes: bootRecord }, { address: 0x1000_1000, bytes: new Uint8Array(0x1000) }, userBlock]),
    )
    expect(image.bootRecord).toEqual(bootRecord)
    expect(image.modules).toHaveLength(1)
    expect(carve(hexText([userBlock])).bootRecord).toBeNull()
  })

  it('with more pieces than any generator makes is refused before they are joined', () => {
    const bytes = new Uint8Array(0x1_0000)
    const lines = [0, 1, 2, 3].flatMap((page) => records({ address: page * 0x1_0000, bytes }, { recordBytes: 1 }))
    expect(() => carve(hexOf(lines.toReversed()))).toThrow(expect.objectContaining({ reason: 'TOO_LARGE' }))
  })

  it.each([-4, -100, 0, 24])(
    'with a module that ends %d bytes after its start is refused, and never read for ever',
    (size) => {
      const bytes = Uint8Array.from(boron.system())
      new DataView(bytes.buffer).setUint32(0x200 + 4, 0x3_0000 + size, true)
      expect(() => carve(hexText([{ address: 0x3_0000, bytes }]))).toThrow(/NOT_FIRMWARE/)
    },
  )

  it('with more modules than any flash has is refused before they are looked into', () => {
    const blocks = Array.from({ length: 65 }, (_, at) => {
      const address = 0x3_0000 + at * 0x1000
      const bytes = Buffer.from(boron.system())
      bytes.writeUInt32LE(address, 0x200)
      bytes.writeUInt32LE(address + bytes.length - 4, 0x204)
      return { address, bytes }
    })
    expect(carve(hexText(blocks.slice(1))).modules).toHaveLength(64)
    expect(() => carve(hexText(blocks))).toThrow(expect.objectContaining({ reason: 'TOO_MANY_ENTRIES' }))
  })

  it('with a SoftDevice that is not known is taken without it', () => {
    const softDevice = new Uint8Array(0x3000)
    softDevice.set([0xdb, 0xe5, 0xb1, 0x51], 0x2004)
    const { modules } = carve(hexText([{ address: 0x1000, bytes: softDevice }, userBlock]))
    expect(modules.map(({ address }) => address)).toEqual([0xd_4000])
  })

  it('with bytes for the boot record of an RTL board is refused, encrypted or not', () => {
    const encrypted = Buffer.concat([
      Buffer.from([0x99, 0x99, 0x96, 0x96, 0x3f, 0xcc, 0x66, 0xfc]),
      Buffer.alloc(64, 5),
    ])
    for (const bytes of [p2.mbr(), encrypted]) {
      expect(() => carve(hexText([{ address: 0x0800_0000, bytes }]))).toThrow(
        expect.objectContaining({ reason: 'FORBIDDEN_MODULE', layer: 'hex' }),
      )
    }
  })

  it.each([
    ['HEX_SYNTAX', `:0000000100\n`.replace(':', '')],
    ['HEX_SYNTAX', `:02000003aabb\n${endOfFile}\n`],
    ['HEX_SYNTAX', `${record(1, 0, Uint8Array.of(1))}\n`],
    ['HEX_SYNTAX', `:\n${endOfFile}\n`],
    ['HEX_CHECKSUM', ':0000000100\n'],
    ['HEX_NO_EOF', ''.padEnd(3, '\n')],
    ['HEX_NO_EOF', ':000000'],
    ['HEX_AFTER_EOF', `${endOfFile}\n${endOfFile}\n`],
    ['HEX_ADDRESS', hexOf([record(2, 0, Uint8Array.of(0xf0, 0)), record(0, 0xffff, Uint8Array.of(1, 2))])],
    ['NO_MODULES', hexText([{ address: 0x1000_1000, bytes: new Uint8Array(16) }])],
    ['NOT_FIRMWARE', hexText([{ address: 0x3_0010, bytes: boron.system() }])],
    ['HEX_GAP', hexText([{ address: 0x3_0000, bytes: boron.system().subarray(0, -10) }])],
    ['HEX_OVERLAP', hexText([userBlock, { address: 0xd_4004, bytes: Uint8Array.of(1, 2, 3, 4) }])],
  ])('is refused with %s (%#)', (reason, text) => {
    expect(() => carve(text)).toThrow(expect.objectContaining({ reason, layer: 'hex', file: 'a.hex' }))
  })
})

describe('a HEX in the library', () => {
  it('is one set, named after its modules, and the same set as its .bin files', async () => {
    const library = await temporaryLibrary()
    const text = hexText([
      { address: 0x0802_0000, bytes: photon.system1() },
      { address: 0x0806_0000, bytes: photon.system2() },
      { address: 0x0800_0000, bytes: photon.bootloader() },
      { address: 0x080a_0000, bytes: photon.user() },
    ])
    const { imported, refused } = await library.importUpload('C:\\photon.hex', bytesOf(text))
    expect(refused).toEqual([])
    expect(imported[0]).toMatchObject({ platform: 'photon', deviceOsVersion: '2.3.1', lacks: [] })
    expect(imported[0]?.modules.map(({ source }) => source)).toEqual([
      'photon.hex: bootloader',
      'photon.hex: system 1',
      'photon.hex: system 2',
      'photon.hex: user 1',
    ])
  })

  it('with a damaged module is refused at the layer of the HEX', async () => {
    const library = await temporaryLibrary()
    const damaged = Buffer.from(boron.user())
    damaged[30] = (damaged[30] ?? 0) ^ 1
    const { refused } = await library.importUpload('b.hex', bytesOf(hexText([{ address: 0xd_4000, bytes: damaged }])))
    expect(refused).toMatchObject([{ reason: 'CRC_MISMATCH', layer: 'hex' }])
  })
})

describeWithFirmware('real HEX files', () => {
  const whole = ({
    modules,
    others,
  }: {
    modules: readonly { suffixSha256: string; kind: string }[]
    others: readonly unknown[]
  }) => [modules.map(({ kind, suffixSha256 }) => `${kind} ${suffixSha256}`).toSorted(), others.length]

  it.each(['2.0.1/photon', '2.0.1/boron', '5.6.0/p2'])('restore/%s.hex holds the modules of its zip', async (name) => {
    const library = await temporaryLibrary()
    const fromHex = await library.importPaths([join(firmwareFolder, `restore/${name}.hex`)])
    expect(fromHex.refused).toEqual([])
    const fromZip = await library.importPaths([join(firmwareFolder, `restore/${name}.zip`)])
    const [hexSet, zipSet] = [fromHex.imported[0], fromZip.imported[0]]
    if (!hexSet || !zipSet) return expect.fail('nothing imported')
    expect(whole(hexSet)).toEqual(whole(zipSet))
    expect(hexSet.lacks).toEqual([])
    // All but the SoftDevice, whose header names the platform: the very files.
    const files = ({ modules }: typeof hexSet) =>
      modules
        .filter(({ kind }) => kind !== 'radio')
        .map(({ sha256 }) => sha256)
        .toSorted()
    expect(files(hexSet)).toEqual(files(zipSet))
    if (name.includes('boron')) expect(hexSet.bootRecord).not.toBeNull()
  })

  it('the SoftDevice of boron.hex becomes the very file that is published for the Boron', () => {
    const { modules } = carveHex(firmwareFile('restore/2.0.1/boron.hex'), refuse)
    const softDevice = modules.find(({ isRebuilt }) => isRebuilt)
    expect(Buffer.from(softDevice?.bytes ?? [])).toEqual(firmwareFile('boron/4.0.2/softdevice.bin'))
  })

  it.each([
    ['argon/0.9.0', 169],
    ['argon/1.1.0', 182],
    ['argon/4.0.2', 202],
  ])('the SoftDevice of %s (%d) is put together again, byte for byte, out of a flash', (path) => {
    const file = firmwareFile(`${path}/softdevice.bin`)
    const flash = Buffer.concat([file.subarray(24, -36), Buffer.alloc(0x100, 0xff)])
    const system = firmwareFile('argon/4.0.2/system-part1.bin')
    const { modules } = carve(
      hexText([
        { address: 0x1000, bytes: flash },
        { address: 0x3_0000, bytes: system },
      ]),
    )
    expect(Buffer.from(modules[0]?.bytes ?? [])).toEqual(file)
  })

  it('every malformed one is in the list of those that are refused', () => {
    expect(badFiles().filter(({ layer }) => layer === 'hex').length).toBeGreaterThan(15)
  })
})
