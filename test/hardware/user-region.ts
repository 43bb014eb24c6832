// Where the application of a board lies, whatever layout it uses: all places of user modules of the platform together.
import { platformOf } from '../../src/main/station/platforms/platforms.ts'
import type { PlatformName } from '../../src/shared/model/platform.ts'

export interface UserRegion {
  readonly alternate: number
  readonly address: number
  readonly sizeBytes: number
}

export function userRegionOf(platform: PlatformName): UserRegion {
  const places = platformOf(platform).modules.filter(({ kind }) => kind === 'user')
  const address = Math.min(...places.map((place) => place.address))
  const end = Math.max(...places.map((place) => place.limit))
  return { alternate: 0, address, sizeBytes: end - address }
}
