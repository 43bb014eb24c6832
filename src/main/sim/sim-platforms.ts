// The boards that can be simulated: one row each, with what tells it from others of its chip family. Rows are facts of
// the simulator's own, written apart from the station's table on purpose, so that an error in one cannot hide in both.

/** gen2: STM32F2. nrf52: nRF52840. rtl872x: RTL8721D. By chip, never by how a board is sold. */
export type SimFamily = 'gen2' | 'nrf52' | 'rtl872x'

export type ExternalMegabytes = 0 | 1 | 4 | 8

export interface SimPlatformFacts {
  readonly platformId: number
  readonly family: SimFamily
  /** What the board calls itself on USB. [U] for those that no dump of descriptors was seen of. */
  readonly productName: string
  /** Flash beside the chip: QSPI of nRF, the serial flash of the P1; 0 where there is none. */
  readonly externalMegabytes: ExternalMegabytes
  /** Has a modem, and so an ICCID and an IMEI. */
  readonly isCellular: boolean
  /** The network processor that keeps firmware of its own. */
  readonly ncp: 'esp32' | null
  /** 128: the old user slot alone, for its Device OS ended before 3.1.0. 256: that slot until 3.1.0, the larger since. */
  readonly userKilobytes: 128 | 256 | 1536
  /** Device OS of the platform knows security mode. */
  readonly canProtect: boolean
  /** First characters of the serial number on the label. Ours, but for photon, boron and p2. */
  readonly serialPrefix: string
}

const gen2 = {
  family: 'gen2',
  externalMegabytes: 0,
  isCellular: false,
  ncp: null,
  userKilobytes: 128,
  canProtect: false,
} as const
const nrf = {
  family: 'nrf52',
  externalMegabytes: 4,
  isCellular: false,
  ncp: null,
  userKilobytes: 256,
  canProtect: true,
} as const
const cellular = { isCellular: true } as const
/** Device OS ended at 1.x: no 256 KB user slot, no security mode. */
const ended = { userKilobytes: 128, canProtect: false } as const
const rtl = {
  family: 'rtl872x',
  externalMegabytes: 0,
  isCellular: false,
  ncp: null,
  userKilobytes: 1536,
  canProtect: true,
} as const
const esp32 = { ncp: 'esp32' } as const

export const simPlatforms = {
  photon: { ...gen2, platformId: 6, productName: 'Photon', serialPrefix: 'PHHMAB' },
  p1: { ...gen2, platformId: 8, productName: 'P1', externalMegabytes: 1, serialPrefix: 'P1HMAB' },
  electron: { ...gen2, ...cellular, platformId: 10, productName: 'Electron', serialPrefix: 'EHMAB' },
  argon: { ...nrf, ...esp32, platformId: 12, productName: 'Argon', serialPrefix: 'ARGHAB' },
  boron: { ...nrf, ...cellular, platformId: 13, productName: 'Boron', serialPrefix: 'B40HAB' },
  xenon: { ...nrf, ...ended, platformId: 14, productName: 'Xenon', serialPrefix: 'XENHAB' },
  esomx: { ...nrf, ...cellular, platformId: 15, productName: 'E SoM X', externalMegabytes: 8, serialPrefix: 'EXMAB' },
  asom: { ...nrf, ...ended, ...esp32, platformId: 22, productName: 'A SoM', serialPrefix: 'ASMHAB' },
  bsom: { ...nrf, ...cellular, platformId: 23, productName: 'B SoM', serialPrefix: 'B4SHAB' },
  xsom: { ...nrf, ...ended, platformId: 24, productName: 'X SoM', serialPrefix: 'XSMHAB' },
  b5som: { ...nrf, ...cellular, platformId: 25, productName: 'B5 SoM', externalMegabytes: 8, serialPrefix: 'B5SHAB' },
  tracker: {
    ...{ ...nrf, ...cellular, ...esp32 },
    ...{ platformId: 26, productName: 'Tracker', externalMegabytes: 8, serialPrefix: 'TRKHAB' },
  },
  trackerm: { ...rtl, ...cellular, platformId: 28, productName: 'Tracker M', serialPrefix: 'TRMHAB' },
  p2: { ...rtl, platformId: 32, productName: 'P2', serialPrefix: 'P046AF' },
  msom: { ...rtl, ...cellular, platformId: 35, productName: 'M SoM', serialPrefix: 'MSMHAB' },
  // [U]: 4 MB after the part that Device OS names for it; Particle's constants count assets as on 8 MB, so a bench file
  // may ask for that.
  electron2: {
    ...{ ...nrf, ...cellular, canProtect: false },
    ...{ platformId: 37, productName: 'Electron 2', serialPrefix: 'E2MHAB' },
  },
  sulu: { ...rtl, ...cellular, platformId: 38, productName: 'sulu', serialPrefix: 'SULHAB' },
} as const satisfies Readonly<Record<string, SimPlatformFacts>>

export const simPlatformNames = Object.keys(simPlatforms) as readonly (keyof typeof simPlatforms)[]

/** The row of a platform. */
export function simPlatformOf(platform: keyof typeof simPlatforms): SimPlatformFacts {
  return simPlatforms[platform]
}
