// Recipes, images and facts of made-up DFU devices, for tests of plans and jobs.
import { createHash } from 'node:crypto'
import type { DeviceFacts, LoaderFacts, MemoryFacts } from '../../../src/main/station/device-jobs/device-facts.ts'
import type { PlanWish } from '../../../src/main/station/device-jobs/plan-device.ts'
import { isMemoryMap, parseMemoryMap } from '../../../src/main/station/dfu/memory-map.ts'
import type { DeviceImage, ImageElement } from '../../../src/shared/model/device-image.ts'
import type { DeviceTarget } from '../../../src/shared/model/firmware-view.ts'
import type { Sha256 } from '../../../src/shared/model/ids.ts'
import { type DfuRecipeDevice, dfuRecipeSchema } from '../../../src/shared/model/recipe.ts'

export const flashMap = '@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg'
export const stMaps = [
  flashMap,
  '@Option Bytes  /0x1FFFC000/01*016 e',
  '@OTP Memory /0x1FFF7800/01*512 e,01*016 e',
  '@Device Feature/0xFFFF0000/01*004 e',
] as const

export function sha256Of(text: string | Uint8Array): Sha256 {
  return createHash('sha256').update(text).digest('hex') as Sha256
}

export type ElementWish = Partial<ImageElement>

export function imageWith(elements: readonly ElementWish[], change: Partial<DeviceImage> = {}): DeviceImage {
  return {
    sha256: sha256Of('a file'),
    sizeBytes: 4096,
    format: 'raw',
    elements: elements.map((element, at) => ({
      ...{ alternate: null, address: null, sizeBytes: 4096, sha256: sha256Of(`element ${at}`) },
      ...element,
    })),
    ...{ vendorId: null, productId: null, revision: null, guids: [], version: null, notes: [], source: 'app.bin' },
    ...change,
  }
}

function wishWith(change: Partial<DfuRecipeDevice> = {}): DfuRecipeDevice {
  const given = { name: 'Gadget', match: ['1209:0001', '1209:0002'], ...change }
  const recipe = dfuRecipeSchema.parse({
    format: 'dfu-station-recipe',
    version: 1,
    name: 'Gadgets',
    devices: [given],
  })
  const [device] = recipe.devices
  if (!device) throw new TypeError('a recipe without a device')
  return device
}

export function targetWith(
  wish: Partial<DfuRecipeDevice> = {},
  image: DeviceImage | null = imageWith([{}]),
): DeviceTarget {
  return { wish: wishWith(wish), image, fault: null }
}

export function memoriesOf(names: readonly (string | null)[]): readonly MemoryFacts[] {
  return names.map((name, alternate) => ({
    alternate,
    name,
    map: name !== null && isMemoryMap(name) ? parseMemoryMap(name) : null,
  }))
}

export const plainLoader: LoaderFacts = {
  protocol: 'dfu',
  canUpload: true,
  canDownload: true,
  isManifestationTolerant: true,
  memories: memoriesOf(['Program']),
}

export const stLoader: LoaderFacts = { ...plainLoader, protocol: 'dfuse', memories: memoriesOf(stMaps) }

export function inLoaderMode(loader: LoaderFacts): DeviceFacts {
  return { mode: 'dfu', loader, expected: loader }
}

export function inProgramMode(expected: DeviceFacts['expected']): DeviceFacts {
  return { mode: 'normal', loader: null, expected }
}

export function planWish(change: Partial<PlanWish> = {}): PlanWish {
  return {
    job: 'flash',
    target: targetWith(),
    facts: inLoaderMode(plainLoader),
    names: { usbIds: ['1209:0001', '1209:0002'], guids: [] },
    ...change,
  }
}
