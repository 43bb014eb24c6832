// The memory of a board as it leaves the factory. Boards of one platform and release share the pages of one image until
// they write to them.
import type { SimPlatform } from './board-parts.ts'
import { systemVersionOf } from './boot/installed-modules.ts'
import { factoryNcp } from './boot/ncp.ts'
import type { BoardMemory } from './dfu/dfu-memory.ts'
import { createFlashChip, type FlashImage } from './flash-chip.ts'
import { dctSizeBytes, layouts, type PlatformLayout } from './layouts.ts'
import { factoryModules } from './synthetic/factory-modules.ts'

const images = new Map<string, FlashImage>()

/** Chips with the modules of the release (null: what the factory writes), the DCT blank. */
export function factoryMemory(layout: PlatformLayout, deviceOs: string | null): BoardMemory {
  const { platform } = layout
  const chips = {
    internal: createFlashChip(layout.internal, factoryImage(platform, deviceOs)),
    external: layout.external && createFlashChip(layout.external),
    dct: new Uint8Array(dctSizeBytes).fill(0xff),
  }
  return { ...chips, ncp: factoryNcp(platform, systemVersionOf(platform, chips) ?? 0) }
}

function factoryImage(platform: SimPlatform, deviceOs: string | null): FlashImage {
  const key = `${platform} ${deviceOs ?? 'factory'}`
  const known = images.get(key)
  if (known) return known
  const chip = createFlashChip(layouts[platform].internal)
  const contents = deviceOs === null ? factoryModules(platform) : factoryModules(platform, deviceOs)
  for (const { address, bytes } of contents) chip.program(address, bytes)
  const image = chip.image()
  images.set(key, image)
  return image
}
