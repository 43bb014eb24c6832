// The synthetic firmware that the benchmark writes: the sets of the demo, so that anybody can repeat it.
import { buildModule } from '../../src/main/sim/synthetic/build-module.ts'
import { demoDeviceOs } from '../../src/main/sim/synthetic/demo-firmware.ts'
import { releaseModules } from '../../src/main/sim/synthetic/releases.ts'
import { parseModule } from '../../src/main/station/firmware/parse-module.ts'

export const benchPlatforms = ['boron', 'p2', 'photon'] as const
export type BenchPlatform = (typeof benchPlatforms)[number]

export const titles: Readonly<Record<BenchPlatform, string>> = {
  boron: 'Boron (nRF52840)',
  p2: 'P2 (RTL872x)',
  photon: 'Photon (STM32F2)',
}

/** System part 1 of the release that the demo flashes, and where it lies. */
export function systemPart(platform: BenchPlatform): { readonly address: number; readonly data: Uint8Array } {
  const found = releaseModules(platform, demoDeviceOs[platform], 'bench').find(
    ({ spec }) => spec.kind === 'system' && spec.index === 1,
  )
  if (!found) throw new Error(`no system part 1 for ${platform}`)
  const data = buildModule(found.spec)
  return { address: parseModule(data, { source: found.file }).startAddress, data }
}
