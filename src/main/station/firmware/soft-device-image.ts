// The SoftDevice as it stands in flash and in a HEX file: its payload alone, without header and tail. It is recognised
// by the information block that Nordic puts into it, and made a module file again only when it is one that is known.
import { crc32 } from 'node:zlib'
import { type PlatformName, platformIds } from '../../../shared/model/platform.ts'
import { baseSuffixSize, crcSize, moduleFlags, prefixSize, viewOf } from './module-format.ts'
import { sha256Of } from './module-suffix.ts'

export const softDeviceStart = 0x1000
const radioFunction = 8
/** Nordic's information block, counted from the start of the SoftDevice. */
const info = { offset: 0x2000, magicAt: 0x2004, firmwareIdAt: 0x200c, end: 0x200e, magic: 0x51b1_e5db } as const

/** Bytes of the tail that a HEX keeps behind the payload: reserved u16 and the first two of the hash. */
export const stumpBytes = 4

interface KnownSoftDevice {
  readonly payloadBytes: number
  readonly payloadSha256: string
  /** Function, index and least version of the two dependencies in its header. */
  readonly dependencies: readonly (readonly [functionId: number, index: number, version: number])[]
  /** Null: the hash in its suffix covers the payload, so it is the same for all platforms. Else that of the whole file. */
  readonly whole: { readonly platform: PlatformName; readonly suffixSha256: string } | null
}

/** S140 6.0.0, 6.1.1 and 7.0.1, by their firmware ID, which is also their module version. */
const known: ReadonlyMap<number, KnownSoftDevice> = new Map([
  [
    169,
    {
      payloadBytes: 148_424,
      payloadSha256: '3c5675ce9239d3159079f61ffac3c85d90c24921d8fe347673380399a4cc259d',
      dependencies: [
        [4, 1, 1320],
        [2, 0, 400],
      ],
      whole: null,
    },
  ],
  [
    182,
    {
      payloadBytes: 151_016,
      payloadSha256: '1cba9a699dbc1629f9a8073a7bad0328afbdd53c192a8c4c707f6cfef613d23e',
      dependencies: [
        [4, 1, 1300],
        [2, 0, 311],
      ],
      whole: {
        platform: 'argon',
        suffixSha256: '21efaaa201f6c1e1bddaceb90c15167f847d1f3e0a0dab9290a1aafac28da718',
      },
    },
  ],
  [
    202,
    {
      payloadBytes: 152_984,
      payloadSha256: '939fee60b4b8dcb8cf25533a46ba8774c418174b80d5fad5e1f89064c04d8bb4',
      dependencies: [
        [2, 0, 501],
        [4, 1, 1321],
      ],
      whole: null,
    },
  ],
])

export interface SoftDevice {
  readonly firmwareId: number
  /** From its first byte on; what follows the payload is not looked at. */
  readonly bytes: Uint8Array
}

/** What stands at `softDeviceStart`; null when it is no SoftDevice. */
export function findSoftDevice(bytes: Uint8Array): SoftDevice | null {
  if (bytes.length < info.end) return null
  const view = viewOf(bytes)
  if (view.getUint32(info.magicAt, true) !== info.magic) return null
  return { firmwareId: view.getUint16(info.firmwareIdAt, true), bytes }
}

/** Its module file, header and tail as published; null when the payload is not the one that is known by its hash. */
export function rebuildSoftDevice({ firmwareId, bytes }: SoftDevice, platform: PlatformName): Uint8Array | null {
  const facts = known.get(firmwareId)
  if (!facts || bytes.length < facts.payloadBytes) return null
  const payload = bytes.subarray(0, facts.payloadBytes)
  if (sha256Of(payload) !== facts.payloadSha256) return null
  const header = headerOf(facts, { firmwareId, platform: facts.whole?.platform ?? platform })
  const file = Buffer.concat([header, payload, Buffer.alloc(baseSuffixSize + crcSize)])
  const end = file.length - crcSize
  file.set(Buffer.from(facts.whole?.suffixSha256 ?? facts.payloadSha256, 'hex'), end - 34)
  file.writeUInt16LE(baseSuffixSize, end - 2)
  file.writeUInt32BE(crc32(file.subarray(0, end)), end)
  return file
}

function headerOf(
  facts: KnownSoftDevice,
  of: { readonly firmwareId: number; readonly platform: PlatformName },
): Uint8Array {
  const header = Buffer.alloc(prefixSize)
  header.writeUInt32LE(softDeviceStart, 0)
  header.writeUInt32LE(softDeviceStart + prefixSize + facts.payloadBytes + baseSuffixSize, 4)
  header[9] = moduleFlags.dropModuleInfo
  header.writeUInt16LE(of.firmwareId, 10)
  header.writeUInt16LE(platformIds[of.platform], 12)
  header[14] = radioFunction
  facts.dependencies.forEach(([functionId, index, version], at) => {
    header.set([functionId, index], 16 + 4 * at)
    header.writeUInt16LE(version, 18 + 4 * at)
  })
  return header
}
