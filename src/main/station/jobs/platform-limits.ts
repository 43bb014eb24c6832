// What Device OS and its modems forbid a plan, beyond the flash map: from which system module version on a module is
// taken, refused or applied. Facts with the releases they came with; no decisions.
import type { PlatformName } from '../../../shared/model/platform.ts'

/** System module versions from which Device OS does something; see platforms/device-os-versions.ts for the releases. */
export const systemFrom = {
  /** 0.8.0: Gen 2 answers control requests; nRF52 from 0.9.0 on, RTL ever since. */
  answersRequests: { stm32f2: 326, nrf52840: 403, rtl872x: 0 },
  /** 1.2.1: applies a module staged in the OTA area with the update flag when it starts (device-os #1788). */
  appliesStaged: 1213,
  /** 2.0.0 pre-releases: the modem of Boron and B SoM is switched to 460800 baud, for good. */
  raisesModemBaudRate: 2000,
  /** 2.0.0: Gen 2 takes modules by control request while it runs. */
  takesUpdatesOnGen2: 2008,
  /** 3.1.0: nRF52 has the 256 KiB user slot, and its system part ends below it. */
  hasLargeUserSlot: 3103,
  /** 5.6.0: reports the hash of each module, and its assets (request 91). */
  reportsHashes: 5600,
} as const

/** The last system module version (1.5.1) that cannot talk to a modem at the raised baud rate; 1.5.2 sets it back. */
export const lastWithLowBaudRate = 1511

/** Boards whose modem keeps the baud rate that a later Device OS gave it (BRN402, B402). */
const modemKeepsBaudRate: ReadonlySet<PlatformName> = new Set(['boron', 'bsom'])

/** Where Device OS refuses to update the network processor, from a system module version on; and what to do then. */
const ncpLimits: Partial<Readonly<Record<PlatformName, { readonly from: number; readonly remedy: string }>>> = {
  tracker: { from: 5600, remedy: 'flash Device OS 3.0.0 to 5.5.x together with it first, then this recipe' },
}

export function keepsModemBaudRate(platform: PlatformName): boolean {
  return modemKeepsBaudRate.has(platform)
}

export function takesNcp(platform: PlatformName, systemVersion: number): boolean {
  return systemVersion < (ncpLimits[platform]?.from ?? Number.POSITIVE_INFINITY)
}

export function ncpRemedy(platform: PlatformName): string | null {
  return ncpLimits[platform]?.remedy ?? null
}
