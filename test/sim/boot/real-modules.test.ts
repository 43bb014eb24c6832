import { describe, expect, it } from 'vitest'
import type { SimPlatform } from '../../../src/main/sim/board-parts.ts'
import { boot } from '../../../src/main/sim/boot/boot.ts'
import { readInstalled } from '../../../src/main/sim/boot/installed-modules.ts'
import { memoryMapOf } from '../../../src/main/sim/boot/memory-map.ts'
import { hasRightHash, readModule } from '../../../src/main/sim/boot/read-module.ts'
import { simPlatformNames } from '../../../src/main/sim/sim-platforms.ts'
import { blankChips, factoryChips, factsOf, memoryChip, put } from './bench-board.ts'
import { hasFirmware, headerOf, manifestModules, readFirmware, skipReason } from './real-firmware.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
/** Every module that stands alone; the size that the manifest tells of a combined file is that of both. */
const rows = simPlatformNames.flatMap(manifestModules).filter(({ flags }) => (flags & 0x04) === 0)

function place(platform: SimPlatform, files: readonly string[]) {
  const chips = platform === 'p2' ? factoryChips('p2') : blankChips(platform)
  for (const file of files) {
    const row = rows.find((one) => one.file === file)
    if (!row) throw new Error(`no ${file} in the manifest`)
    const bytes = readFirmware(file)
    put(chips.internal, Number(row.startAddress), (row.flags & 1) !== 0 ? bytes.subarray(24) : bytes)
  }
  return chips
}

describe.skipIf(!hasFirmware)(`real modules${skipReason}`, () => {
  it.each(rows.map((row) => [row.file, row] as const))('%s is read as valid, field by field', (file, row) => {
    const chip = memoryChip(Number(row.startAddress), 2 * 1024 * 1024, 4096)
    chip.program(chip.base, readFirmware(file))
    const { vectorTablePrefix } = memoryMapOf(row.platform as SimPlatform)
    const module = readModule(chip, chip.base, { vectorTablePrefix, maxSizeBytes: chip.sizeBytes })
    expect(module).toMatchObject({ isIntact: true, ...headerOf(row) })
    expect(module && hex(module.suffixHash)).toBe(row.suffixSha256)
    expect(module && hasRightHash(module)).toBe(true)
  })

  it('boots the real Photon 2.3.1 and lists its modules', () => {
    const chips = place(
      'photon',
      ['bootloader', 'system-part1', 'system-part2', 'tinker'].map((name) => `photon/2.3.1/${name}.bin`),
    )
    expect(boot(factsOf('photon'), chips).mode).toBe('normal')
    const { modules } = readInstalled('photon', chips)
    expect(modules.map((one) => [one.function, one.index, one.version])).toEqual([
      [2, 0, 1006],
      [4, 1, 2302],
      [4, 2, 2302],
      [5, 1, 3],
    ])
  })

  it('boots the real Boron 4.0.2 with its SoftDevice', () => {
    const chips = place(
      'boron',
      ['bootloader', 'system-part1', 'softdevice', 'tinker'].map((name) => `boron/4.0.2/${name}.bin`),
    )
    expect(boot(factsOf('boron'), chips).mode).toBe('normal')
    const { modules, softDevice } = readInstalled('boron', chips)
    expect(modules.map((one) => [one.function, one.index, one.version])).toEqual([
      [2, 0, 1101],
      [4, 1, 4006],
      [5, 1, 5],
    ])
    expect(softDevice?.firmwareId).toBe(202)
  })

  it('boots the P2 5.6.0 set with user firmware that begins between two pages', () => {
    const files = ['5.6.0/bootloader', '5.6.0/system-part1.synthetic', '5.6.0/prebootloader-part1.synthetic']
    const chips = place(
      'p2',
      [...files, '5.3.0/tinker-prefix-extensions'].map((name) => `p2/${name}.bin`),
    )
    expect(boot(factsOf('p2'), chips).mode).toBe('normal')
    const user = readInstalled('p2', chips).modules.find((one) => one.function === 5)
    expect(user).toMatchObject({ startAddress: 0x085f3f90, version: 6, isIntact: true })
  })
})
