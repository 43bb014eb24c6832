// DFU devices that are no Particle boards, from plugging in to the verdict at real flash timing, beside what the device
// itself needs for it.
import { resolveRecipe } from '../../src/main/desk/resolve-recipe.ts'
import { parseBench } from '../../src/main/sim/bench-spec.ts'
import type { DeviceKindName } from '../../src/main/sim/generic/device-kinds.ts'
import { createDfuDevice } from '../../src/main/sim/generic/dfu-device.ts'
import { usbIdText } from '../../src/shared/model/dfu-identity.ts'
import { dfuRecipeSchema } from '../../src/shared/model/recipe.ts'
import { imageFor } from '../../test/sim/generic/device-images.ts'
import { runVisit, type VisitRun } from './one-visit.ts'
import { type Measure, measured, type Section } from './results.ts'
import { openFirmware } from './visit-firmware.ts'

type Library = Awaited<ReturnType<typeof openFirmware>>['library']

interface Case {
  readonly kind: DeviceKindName
  readonly sizeBytes: number
  readonly verify: 'read-back' | 'reported'
}

const cases: readonly Case[] = [
  { kind: 'stm32', sizeBytes: 256 * 1024, verify: 'read-back' },
  { kind: 'stm32-l4', sizeBytes: 256 * 1024, verify: 'read-back' },
  { kind: 'dfu', sizeBytes: 100 * 1024, verify: 'read-back' },
  { kind: 'dfu-tolerant', sizeBytes: 100 * 1024, verify: 'read-back' },
  { kind: 'dfu-nontolerant', sizeBytes: 100 * 1024, verify: 'read-back' },
  { kind: 'dfu-noupload', sizeBytes: 100 * 1024, verify: 'reported' },
]

export async function measureDevices(): Promise<readonly Section[]> {
  using firmware = await openFirmware([])
  const runs = await Promise.all(cases.map((each) => flash(each, firmware.library)))
  return [
    {
      title: 'DFU devices that are no Particle boards, over the floor of the device',
      about:
        'From plugging in to the verdict, at real flash timing, six at a time, each with a station of its own. Floor: what ' +
        'the device itself needs by its own account: erase, program, wire, its resets and poll times.',
      measures: runs.map(measureOf),
      skipped: null,
    },
  ]
}

async function flash({ kind, sizeBytes, verify }: Case, library: Library): Promise<{ what: string; run: VisitRun }> {
  const { bytes, address, ids } = imageFor(kind, { release: 0x0201, sizeBytes, seed: kind })
  const { imported } = await library.images.importUpload(`${kind}.bin`, bytes)
  const match = [ids.normal, ids.dfu].map(usbIdText)
  const recipe = dfuRecipeSchema.parse({
    ...{ format: 'dfu-station-recipe', version: 1, name: kind },
    devices: [{ name: kind, match, image: { sha256: imported[0]?.sha256 }, address, verify, loader: 'take' }],
  })
  const [placed] = parseBench(kind)
  if (placed?.kind !== 'dfu-device') throw new Error(`${kind} is no DFU device`)
  const board = createDfuDevice(placed.spec)
  const run = await runVisit({ board, recipe: await resolveRecipe(recipe, library), shelf: library })
  return { what: `${kind}, ${sizeBytes / 1024} KiB, ${verify}`, run }
}

function measureOf({ what, run: { visit, outcome } }: { what: string; run: VisitRun }): Measure {
  const floor = (visit.floorMs / 1000).toFixed(1)
  const ratio = (visit.wallMs / visit.floorMs).toFixed(3)
  const problem = outcome === 'pass' ? null : `no measure: ${outcome}`
  const named = { name: what, unit: 's', values: [visit.wallMs / 1000] }
  return measured(named, { note: `floor ${floor} s, ${ratio}x`, problem })
}
