// What a person meets of a chip family: which options of a recipe mean anything on it, and which buttons its boards have.
// A test holds this against the platform table of the station, which a screen must not load.
import type { PlatformName } from '../../shared/model/platform.ts'

export type Family = 'stm32' | 'nrf' | 'rtl'

const families: Readonly<Record<PlatformName, Family>> = {
  photon: 'stm32',
  p1: 'stm32',
  electron: 'stm32',
  argon: 'nrf',
  boron: 'nrf',
  xenon: 'nrf',
  esomx: 'nrf',
  asom: 'nrf',
  bsom: 'nrf',
  xsom: 'nrf',
  b5som: 'nrf',
  tracker: 'nrf',
  electron2: 'nrf',
  trackerm: 'rtl',
  p2: 'rtl',
  msom: 'rtl',
  sulu: 'rtl',
}

export function familyOf(platform: PlatformName): Family {
  return families[platform]
}

/** A factory reset restores a copy of the user firmware. */
export function hasFactoryImage(platform: PlatformName): boolean {
  return familyOf(platform) !== 'rtl'
}

/** From here on Device OS takes every board for set up. */
const setUpEndsWith = 4

/** `deviceOs`: what the board has after the job; null where nobody knows. */
export function hasSetupFlag(platform: PlatformName, deviceOs: string | null): boolean {
  if (familyOf(platform) !== 'nrf') return false
  return deviceOs === null || Number.parseInt(deviceOs, 10) < setUpEndsWith
}

/** As it is printed beside the button that is not RESET. */
export function buttonName(platform: PlatformName): 'MODE' | 'SETUP' {
  return platform === 'photon' || platform === 'p1' ? 'SETUP' : 'MODE'
}

/** The shape a person holds: a Photon, a board as long as an Electron, or a module on a board that carries it. */
export type Body = 'photon' | 'long' | 'module'

export function bodyOf(platform: PlatformName): Body {
  if (platform === 'photon') return 'photon'
  return longBoards.has(platform) ? 'long' : 'module'
}

const longBoards: ReadonlySet<PlatformName> = new Set(['electron', 'argon', 'boron', 'xenon', 'p2', 'electron2'])
