// The suffix by which a firmware file says whose it is (USB DFU 1.1, appendix B): 16 bytes at its end, little endian.
import { crc32 } from 'node:zlib'

const suffixBytes = 16
const anyRelease = 0xffff
const dfuVersion = 0x0100

export function withDfuSuffix(ids: { readonly vendorId: number; readonly productId: number }, image: Buffer): Buffer {
  const file = Buffer.concat([image, Buffer.alloc(suffixBytes)])
  const at = image.length
  file.writeUInt16LE(anyRelease, at)
  file.writeUInt16LE(ids.productId, at + 2)
  file.writeUInt16LE(ids.vendorId, at + 4)
  file.writeUInt16LE(dfuVersion, at + 6)
  file.write('UFD', at + 8, 'latin1')
  file.writeUInt8(suffixBytes, at + 11)
  // The register of the CRC as it stands, without the inversion at the end.
  file.writeUInt32LE(~crc32(file.subarray(0, -4)) >>> 0, at + 12)
  return file
}
