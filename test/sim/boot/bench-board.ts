// A board for tests of the Device OS side: chips in plain memory, a clock that a test turns by hand, and an account of
// the resets that were asked for. Content can be put in place as a programmer would.
import type {
  BoardChips,
  BoardFacts,
  FlashChip,
  NormalModeHost,
  SimPlatform,
} from '../../../src/main/sim/board-parts.ts'
import { systemVersionOf } from '../../../src/main/sim/boot/installed-modules.ts'
import { factoryNcp } from '../../../src/main/sim/boot/ncp.ts'
import { simPlatformOf } from '../../../src/main/sim/sim-platforms.ts'
import { factoryModules } from '../../../src/main/sim/synthetic/factory-modules.ts'

const kilobyte = 1024

/** A chip with equal sectors, or those of STM32F2 (4 x 16 KB, 64 KB, 7 x 128 KB). */
export function memoryChip(base: number, sizeBytes: number, sectorBytes: number | 'stm32'): FlashChip {
  const cells = new Uint8Array(sizeBytes).fill(0xff)
  const within = (address: number, length: number) => {
    if (address < base || address + length > base + sizeBytes) throw new RangeError(`outside the chip: ${address}`)
    return address - base
  }
  const sectorAt = (address: number) => {
    const offset = within(address, 1)
    if (sectorBytes !== 'stm32') {
      return { address: base + offset - (offset % sectorBytes), sizeBytes: sectorBytes }
    }
    const size = offset < 64 * kilobyte ? 16 : offset < 128 * kilobyte ? 64 : 128
    return { address: base + offset - (offset % (size * kilobyte)), sizeBytes: size * kilobyte }
  }
  return {
    base,
    sizeBytes,
    sectorAt,
    read: (address, length) => cells.slice(within(address, length), within(address, length) + length),
    eraseSector: (address) => {
      const sector = sectorAt(address)
      cells.fill(0xff, sector.address - base, sector.address - base + sector.sizeBytes)
    },
    program: (address, data) => {
      const at = within(address, data.length)
      for (let i = 0; i < data.length; i++) cells[at + i] = (cells[at + i] ?? 0) & (data[i] ?? 0)
    },
  }
}

export function blankChips(platform: SimPlatform): BoardChips {
  const dct = new Uint8Array(16 * kilobyte).fill(0xff)
  const { family, externalMegabytes } = simPlatformOf(platform)
  if (family === 'gen2') {
    const serial = externalMegabytes > 0 ? memoryChip(0, 1024 * kilobyte, 4 * kilobyte) : null
    return { internal: memoryChip(0x08000000, 1024 * kilobyte, 'stm32'), external: serial, dct }
  }
  if (family === 'rtl872x') {
    return { internal: memoryChip(0x08000000, 8192 * kilobyte, 4 * kilobyte), external: null, dct }
  }
  const external = memoryChip(0x80000000, externalMegabytes * 1024 * kilobyte, 4 * kilobyte)
  return { internal: memoryChip(0, 1024 * kilobyte, 4 * kilobyte), external, dct }
}

/** Erases what the bytes will cover, then programs them. */
export function put(chip: FlashChip, address: number, bytes: Uint8Array): void {
  for (let at = address; at < address + bytes.length; ) {
    const sector = chip.sectorAt(at)
    chip.eraseSector(sector.address)
    at = sector.address + sector.sizeBytes
  }
  chip.program(address, bytes)
}

export function factoryChips(platform: SimPlatform, deviceOs?: string): BoardChips {
  const chips = blankChips(platform)
  for (const content of factoryModules(platform, deviceOs)) put(chips.internal, content.address, content.bytes)
  return { ...chips, ncp: factoryNcp(platform, systemVersionOf(platform, chips) ?? 0) }
}

export function factsOf(platform: SimPlatform): BoardFacts {
  const { isCellular } = simPlatformOf(platform)
  return {
    platform,
    deviceId: 'e00fce68aabbccddeeff0011',
    serialNumber: 'SIMULATED000001',
    iccid: isCellular ? '89014103271226425123' : null,
    imei: isCellular ? '352753090000001' : null,
  }
}

export interface TestHost extends NormalModeHost {
  nowMs: number
  readonly resets: { readonly delayMs: number; readonly into: string }[]
  /** Ends the work that a board does before its reset. */
  finish(): void
}

export function testHost(
  platform: SimPlatform,
  options: Partial<Pick<NormalModeHost, 'chips' | 'mode' | 'protection'>> & { readonly deviceOs?: string } = {},
): TestHost {
  const resets: { delayMs: number; into: string }[] = []
  let finish = () => {}
  return {
    facts: factsOf(platform),
    chips: options.chips ?? factoryChips(platform, options.deviceOs),
    mode: options.mode ?? 'normal',
    protection: options.protection ?? 'open',
    nowMs: 0,
    resets,
    boardTimeMs() {
      return this.nowMs
    },
    eraseTimeMs: (_chip, _address, sizeBytes) => Math.ceil(sizeBytes / 4096) * 50,
    programTimeMs: (_chip, sizeBytes) => sizeBytes / 100,
    finish: () => finish(),
    resetAfter: (delayMs, into, work = () => {}) => {
      finish = work
      resets.push({ delayMs, into })
    },
  }
}
