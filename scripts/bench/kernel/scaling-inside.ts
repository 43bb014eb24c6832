// Runs on the test kernel: the whole station over libusb, with so many Photons at real flash timing. Prints one line of
// JSON.
//   node scaling-inside.ts FIRMWARE_FOLDER COUNT
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { usb } from 'usb'
import { openDataFolder } from '../../../src/main/desk/data-folder.ts'
import { openSettings } from '../../../src/main/desk/settings-file.ts'
import { openLibrary } from '../../../src/main/station/firmware/library.ts'
import { systemClock } from '../../../src/main/station/system-clock.ts'
import { plainFlash } from '../../../src/shared/model/plain-flash.ts'
import type { Recipe } from '../../../src/shared/model/recipe.ts'
import { Bench } from '../../../test/kernel/bench.ts'
import { benchLog } from '../bench-log.ts'
import { runFlash } from '../station-run.ts'

const photonInNormalMode = 0xc006
const longestEnumerationMs = 60_000
const lookMs = 100

const [firmware = '', count = '1'] = process.argv.slice(2)
const root = mkdtempSync(join(tmpdir(), 'bench-scaling-'))
const recipe = join(root, 'recipe.json')
const wanted: Recipe = {
  ...plainFlash,
  ...{ format: 'dfu-station-recipe', version: 1, name: 'Photon 2.3.1' },
  ...{ platforms: ['photon'], deviceOs: '2.3.1', user: 'set', verify: 'read-back' },
}
writeFileSync(recipe, JSON.stringify(wanted))
const data = join(root, 'data')
const folder = openDataFolder(data)
openSettings(folder.settings, benchLog).change({ slots: Array.from({ length: Number(count) }, () => null) })
const library = await openLibrary(folder.library, { clock: systemClock })
const { refused } = await library.importPaths([firmware])
if (refused[0]) throw refused[0]
const bench = new Bench()
const boards = [{ platform: 'photon', count: Number(count) }]
await bench.simulate({ format: 'dfu-station-bench', version: 1, boards }, 1)
await allEnumerated()
const run = await runFlash('--recipe', recipe, '--count', count, '--data', data)
process.stdout.write(`${JSON.stringify(run)}\n`)
bench.end()
rmSync(root, { recursive: true })
// The USB library keeps listening.
process.exit(0)

async function allEnumerated(): Promise<void> {
  const patience = AbortSignal.timeout(longestEnumerationMs)
  const isPhoton = ({ deviceDescriptor }: ReturnType<typeof usb.getDeviceList>[number]) =>
    deviceDescriptor.idProduct === photonInNormalMode
  while (usb.getDeviceList().filter(isPhoton).length < Number(count)) await systemClock.sleep(lookMs, patience)
}
