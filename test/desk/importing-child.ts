// Opens a library and imports the same folder into it, several times over, beside others that do the same.
import { openLibrary } from '../../src/main/station/firmware/library.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'

const [, , folder = '', source = ''] = process.argv
for (let round = 0; round < 4; round += 1) {
  const library = await openLibrary(folder, { clock: systemClock })
  const { refused } = await library.importPaths([source])
  if (refused[0]) throw refused[0]
}
