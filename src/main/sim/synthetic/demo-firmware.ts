// The firmware the demo flashes: one complete synthetic release for a board of each chip family, in folders as a restore set has
// them, so that the product shows its whole line without third-party binaries.
import type { SimPlatform } from '../board-parts.ts'
import { buildModule } from './build-module.ts'
import { releaseModules } from './releases.ts'

/** The release that the demo brings a platform to: one of each chip family. */
export const demoDeviceOs = {
  photon: '2.3.1',
  boron: '4.0.2',
  p2: '5.6.0',
} as const satisfies Partial<Record<SimPlatform, string>>

/** Complete sets, user firmware included: `boron/4.0.2/system-part1.bin` and so on. */
export function demoFirmware(): readonly { readonly path: string; readonly bytes: Uint8Array }[] {
  const platforms = Object.keys(demoDeviceOs) as readonly (keyof typeof demoDeviceOs)[]
  return platforms.flatMap((platform) => {
    const deviceOs = demoDeviceOs[platform]
    const modules = releaseModules(platform, deviceOs, `${platform} demo user firmware`)
    return modules.map(({ file, spec }) => ({
      path: `${platform}/${deviceOs}/${file}`,
      bytes: buildModule(spec),
    }))
  })
}
