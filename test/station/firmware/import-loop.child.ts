// A process that imports sets and images into a library and removes them again until it is killed. Run by killed-import.test.ts.
import { openLibrary } from '../../../src/main/station/firmware/library.ts'
import { systemClock } from '../../../src/main/station/system-clock.ts'
import { program } from '../images/image-builder.ts'
import { photon } from './module-builder.ts'
import { buildZip } from './zip-builder.ts'

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: import-loop.child.ts FOLDER')
const library = await openLibrary(folder, { clock: systemClock })
console.log('ready')
for (let round = 0; ; round++) {
  const bytes = buildZip([
    { name: 'system-part1.bin', bytes: photon.system1() },
    { name: 'system-part2.bin', bytes: photon.system2() },
    { name: 'tinker.bin', bytes: photon.user(`tinker ${round % 4}`) },
  ])
  const { imported } = await library.importUpload('photon.zip', bytes)
  if (round % 3 === 2) await library.remove(imported[0]?.id ?? '')
  const report = await library.images.importUpload('image.bin', program(20_000 + (round % 4)))
  if (round % 3 === 1) await library.images.remove(report.imported[0]?.sha256 ?? '')
  if (round === 0) console.log('one round is done')
}
