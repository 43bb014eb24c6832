// What each simulated platform is on USB and in memory: ids, chips, alternate settings with their exact DfuSe strings,
// and what its bootloader refuses to touch. The simulator has its own table so that an error in the station's table
// cannot hide here.
import type { SimPlatform } from './board-parts.ts'
import type { ChipLayout } from './flash-chip.ts'
import { type ExternalMegabytes, type SimFamily, simPlatformNames, simPlatformOf } from './sim-platforms.ts'

interface AlternateLayout {
  readonly memory: 'internal' | 'external' | 'dct'
  /** The interface string; the second one while the board is protected. */
  readonly text: string
  readonly protectedText: string
}

export interface PlatformLayout {
  readonly platform: SimPlatform
  readonly platformId: number
  readonly family: SimFamily
  readonly productName: string
  readonly internal: ChipLayout
  readonly external: ChipLayout | null
  readonly alternates: readonly AlternateLayout[]
  /** First address of internal flash that the bootloader writes or erases, and the first one that it does not. */
  readonly writableFrom: number
  readonly writableTo: number
  /** Where the bootloader's module header lies in internal flash. */
  readonly bootloaderHeaderAt: number
  /** Reset to enumeration of the bootloader. */
  readonly dfuEnumerationMs: number
}

const kib = 1024
const mib = 1024 * kib
export const dctSizeBytes = 16 * kib

type FamilyLayout = Omit<PlatformLayout, 'platform' | 'platformId' | 'family' | 'productName' | 'external'>

const families: Readonly<Record<SimFamily, FamilyLayout>> = {
  gen2: {
    internal: {
      base: 0x08000000,
      sectors: [
        { count: 4, sizeBytes: 16 * kib },
        { count: 1, sizeBytes: 64 * kib },
        { count: 7, sizeBytes: 128 * kib },
      ],
    },
    alternates: [
      alternate('internal', '@Internal Flash   /0x08000000/', '03*016Ka,01*016Kg,01*064Kg,07*128Kg'),
      alternate('dct', '@DCT Flash   /0x00000000/', '01*016Kg'),
    ],
    writableFrom: 0x08020000,
    writableTo: 0x08100000,
    bootloaderHeaderAt: 0x08000184,
    dfuEnumerationMs: 500,
  },
  nrf52: {
    internal: { base: 0, sectors: [{ count: 256, sizeBytes: 4 * kib }] },
    alternates: [
      alternate('internal', '@Internal Flash   /0x00000000/', '1*004Ka,47*004Kg,192*004Kg,4*004Kg,4*004Kg,8*004Ka'),
      alternate('dct', '@DCT Flash   /0x00000000/', '1*016Ke'),
    ],
    writableFrom: 0x1000,
    writableTo: 0x100000,
    bootloaderHeaderAt: 0xf4200,
    dfuEnumerationMs: 700,
  },
  rtl872x: {
    internal: { base: 0x08000000, sectors: [{ count: 2048, sizeBytes: 4 * kib }] },
    alternates: [
      alternate('internal', '@Internal Flash   /0x08000000/', '2048*004Kg'),
      alternate('dct', '@DCT Flash   /0x00000000/', '1*016Ke'),
    ],
    writableFrom: 0x08000000,
    writableTo: 0x08800000,
    bootloaderHeaderAt: 0x08004020,
    dfuEnumerationMs: 900,
  },
}

/** The third memory, by its size: the serial flash of the P1, the QSPI flash of nRF boards. */
const externals: Readonly<Record<1 | 4 | 8, { readonly base: number; readonly shown: AlternateLayout }>> = {
  1: { base: 0, shown: alternate('external', '@Serial Flash   /0x00000000/', '256*004Kg') },
  4: { base: 0x80000000, shown: alternate('external', '@External Flash   /0x80000000/', '1024*004Kg') },
  8: { base: 0x80000000, shown: alternate('external', '@External Flash   /0x80000000/', '2048*004Kg') },
}

export const layouts: Readonly<Record<SimPlatform, PlatformLayout>> = Object.fromEntries(
  simPlatformNames.map((platform) => [platform, layoutOf(platform)]),
) as Record<SimPlatform, PlatformLayout>

/** A board with another size of external flash than its platform usually has. */
export function layoutWith(platform: SimPlatform, externalMegabytes: ExternalMegabytes | undefined): PlatformLayout {
  return externalMegabytes === undefined ? layouts[platform] : layoutOf(platform, externalMegabytes)
}

function layoutOf(
  platform: SimPlatform,
  externalMegabytes: ExternalMegabytes = simPlatformOf(platform).externalMegabytes,
): PlatformLayout {
  const { platformId, family, productName } = simPlatformOf(platform)
  const inner = families[family]
  const own = { platform, platformId, family, productName, ...inner }
  if (externalMegabytes === 0) return { ...own, external: null }
  const { base, shown } = externals[externalMegabytes]
  return {
    ...own,
    external: { base, sectors: [{ count: (externalMegabytes * mib) / (4 * kib), sizeBytes: 4 * kib }] },
    alternates: [...inner.alternates, shown],
  }
}

/** A protected board shows every segment as b: erasable, not readable, not writable. */
function alternate(memory: AlternateLayout['memory'], head: string, segments: string): AlternateLayout {
  return { memory, text: head + segments, protectedText: head + segments.replace(/[a-g](?=,|$)/g, 'b') }
}
