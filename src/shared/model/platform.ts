// Names of the platforms the station serves, by platform ID. Facts beyond the name live in main/station/platforms. One,
// sulu, is known by its code name alone: an RTL board of Particle's tables that no product carries yet.

export const platformIds = {
  photon: 6,
  p1: 8,
  electron: 10,
  argon: 12,
  boron: 13,
  xenon: 14,
  esomx: 15,
  asom: 22,
  bsom: 23,
  xsom: 24,
  b5som: 25,
  tracker: 26,
  trackerm: 28,
  p2: 32,
  msom: 35,
  electron2: 37,
  sulu: 38,
} as const

export type PlatformName = keyof typeof platformIds

export const platformNames = Object.keys(platformIds) as readonly PlatformName[]

export function platformNameOf(platformId: number): PlatformName | null {
  return platformNames.find((name) => platformIds[name] === platformId) ?? null
}

export function isPlatformName(text: string): text is PlatformName {
  return Object.hasOwn(platformIds, text)
}
