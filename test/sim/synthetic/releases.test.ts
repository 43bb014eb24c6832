import { describe, expect, it } from 'vitest'
import { boot } from '../../../src/main/sim/boot/boot.ts'
import { systemVersionOf } from '../../../src/main/sim/boot/installed-modules.ts'
import { deviceOsText } from '../../../src/main/sim/boot/known-releases.ts'
import { parseHeader } from '../../../src/main/sim/boot/read-module.ts'
import { demoFirmware } from '../../../src/main/sim/synthetic/demo-firmware.ts'
import { factoryModules } from '../../../src/main/sim/synthetic/factory-modules.ts'
import { factoryChips, factsOf } from '../boot/bench-board.ts'
import { hasFirmware, headerOf, manifestModules, skipReason } from '../boot/real-firmware.ts'

describe('demoFirmware', () => {
  it('holds a complete set for each platform', () => {
    expect(demoFirmware().map((file) => file.path)).toEqual([
      'photon/2.3.1/system-part1.bin',
      'photon/2.3.1/system-part2.bin',
      'photon/2.3.1/bootloader.bin',
      'photon/2.3.1/user-part.bin',
      'boron/4.0.2/system-part1.bin',
      'boron/4.0.2/bootloader.bin',
      'boron/4.0.2/softdevice.bin',
      'boron/4.0.2/user-part.bin',
      'p2/5.6.0/system-part1.bin',
      'p2/5.6.0/bootloader.bin',
      'p2/5.6.0/prebootloader-part1.bin',
      'p2/5.6.0/user-part.bin',
    ])
  })

  it.skipIf(!hasFirmware)(`has the headers of the real modules${skipReason}`, () => {
    for (const file of demoFirmware()) {
      const [platform = '', version, name = ''] = file.path.split('/')
      const twins = [`${name}`, name.replace('.bin', '.synthetic.bin'), name.replace('user-part', 'tinker')]
      const row = manifestModules(platform).find((one) =>
        twins.some((twin) => one.file === `${platform}/${version}/${twin}`),
      )
      // The real P2 user firmware of 5.6.0 is not among the files.
      if (file.path === 'p2/5.6.0/user-part.bin') continue
      expect(row, file.path).toBeDefined()
      if (!row) continue
      expect(parseHeader(file.bytes, platform === 'photon' ? 0x184 : 0x200), file.path).toEqual(headerOf(row))
    }
  })
})

describe('a factory-fresh board', () => {
  it.each([
    ['photon', undefined, '2.0.1'],
    ['boron', undefined, '2.0.1'],
    ['p2', undefined, '5.0.0'],
    ['boron', '6.2.1', '6.2.1'],
    ['p2', '5.6.0', '5.6.0'],
  ] as const)('%s (asked for %s) runs Device OS %s', (platform, asked, found) => {
    const chips = factoryChips(platform, asked)
    expect(boot(factsOf(platform), chips).mode).toBe('normal')
    expect(deviceOsText(systemVersionOf(platform, chips) ?? 0)).toBe(found)
  })

  it('is made once for all boards', () => {
    expect(factoryModules('boron')).toBe(factoryModules('boron'))
  })

  it('is refused for a release nobody described', () => {
    expect(() => factoryModules('photon', '9.9.9')).toThrow('no synthetic Device OS 9.9.9 for photon')
  })
})
