// A process of its own that imports hostile archives and tells how much memory that took: first one good archive, so
// that everything is loaded, then each bomb. Run by bounded-memory.test.ts with the folder of the library.
import { once } from 'node:events'
import { createDeflateRaw } from 'node:zlib'
import { openLibrary } from '../../../src/main/station/firmware/library.ts'
import { systemClock } from '../../../src/main/station/system-clock.ts'
import { assetModule, boron, buildModule, pack, record, sha256Bytes } from './module-builder.ts'
import { buildZip } from './zip-builder.ts'

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: import-bombs.child.ts FOLDER')
const library = await openLibrary(folder, { clock: systemClock })
const MiB = 1024 * 1024
const zeros = await packedZeros(256)

await library.importUpload('good.zip', buildZip([{ name: 'tinker.bin', bytes: boron.user() }]))
await library.importUpload('good.bin', assetModule('cat.txt', 'a cat', { packed: true }))

/** Packed piece by piece: a bomb that is made in one piece would hide what importing it takes. */
async function packedZeros(pieces: number): Promise<Uint8Array> {
  const packer = createDeflateRaw()
  const packed: Buffer[] = []
  packer.on('data', (chunk: Buffer) => packed.push(chunk))
  for (let left = pieces; left > 0; left--) if (!packer.write(new Uint8Array(MiB))) await once(packer, 'drain')
  packer.end()
  await once(packer, 'end')
  return Buffer.concat(packed)
}

/** The highest resident memory of this process so far: nothing can slip through between two looks. */
function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024
}

function bombModule(claims: number): Uint8Array {
  const packed = Buffer.concat([pack(new Uint8Array(0), claims).subarray(0, 8), zeros])
  const hash = record(0x10, Buffer.concat([Buffer.from([0, 32]), sha256Bytes('x')]))
  const suffixRecords = [hash, record(0x11, 'bomb')]
  return buildModule({ platformId: 0, functionId: 9, index: 0, start: 0, flags: 3, payload: packed, suffixRecords })
}

const bombs: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ['honest.zip', buildZip([{ name: 'a.bin', packed: zeros, sizeBytes: 256 * MiB }])],
  ['lying.zip', buildZip([{ name: 'a.bin', packed: zeros, sizeBytes: 4 * MiB }])],
  ['tiny-lie.zip', buildZip([{ name: 'a.bin', packed: zeros, sizeBytes: 100 }])],
  [
    'in-assets.zip',
    buildZip([
      { name: 'a.bin', bytes: boron.user() },
      { name: 'assets/x', packed: zeros, sizeBytes: MiB },
    ]),
  ],
  ['honest.bin', bombModule(256 * MiB)],
  ['lying.bin', bombModule(MiB)],
  ['entries.zip', buildZip(Array.from({ length: 60_000 }, (_, at) => ({ name: `${at}.bin`, stored: true })))],
]
const before = peakBytes()
const started = performance.now()
const results: string[] = []
for (let round = 0; round < 3; round++) {
  for (const [name, bytes] of bombs) {
    const { imported, refused } = await library.importUpload(name, bytes)
    if (round === 0) results.push(`${name} ${imported.length} ${refused.map((refusal) => refusal.reason).join()}`)
  }
}
console.log(JSON.stringify({ grewBytes: peakBytes() - before, ms: performance.now() - started, results }))
