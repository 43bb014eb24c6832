// What simulated boards held when their bench ended, against the files that a PASS says they hold.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { demoFiles } from '../desk/samples.ts'
import { imageOf } from '../line/flash-images.ts'

/** First address of the internal flash in a dump. */
const flashBases: Readonly<Record<string, number>> = { boron: 0, photon: 0x0800_0000, p2: 0x0800_0000 }

/** Names of the demo's files for this platform that the dumped board does not hold byte for byte. */
export function missingInDump(dump: string, board: { readonly platform: string; readonly deviceId: string }) {
  const { platform, deviceId } = board
  const file = join(dump, `${deviceId}-alt0.bin`)
  const base = flashBases[platform]
  if (base === undefined || !existsSync(file)) throw new Error(`there is no dump of ${platform} ${deviceId} in ${dump}`)
  const internal = readFileSync(file)
  return demoFiles
    .filter(({ path }) => path.startsWith(`${platform}/`))
    .map(({ path, bytes }) => imageOf(path, bytes))
    .filter(({ address, bytes }) => {
      return Buffer.compare(internal.subarray(address - base, address - base + bytes.length), bytes) !== 0
    })
    .map((image) => image.file)
}
