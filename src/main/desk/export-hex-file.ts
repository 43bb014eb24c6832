// A Device OS set of the library with the user firmware of choice as an Intel HEX file for a programmer.
import { Fault } from '../../shared/fault/fault.ts'
import { moduleName, sameModule } from '../../shared/model/module.ts'
import type { PlatformName } from '../../shared/model/platform.ts'
import { exportHex, type HexExport } from '../station/firmware/export-hex.ts'
import type { FirmwareLibrary } from '../station/firmware/library-model.ts'
import type { BoardModule } from '../station/firmware/module-facts.ts'
import { refuser } from '../station/firmware/refusal.ts'

export interface HexWish {
  readonly platform: PlatformName
  readonly deviceOs: string
  /** SHA-256 of user firmware; null takes that of the set. */
  readonly user: string | null
}

/** Nobody plans what a programmer writes: what would not start is refused here. */
function refuseUnmet(modules: readonly BoardModule[]): void {
  const refuse = refuser('set', modules.at(-1)?.source ?? '')
  for (const module of modules) {
    for (const wanted of module.dependencies) {
      const found = modules.find((each) => sameModule(each, wanted))
      if (wanted.kind === 'ncp' || (found && found.version >= wanted.version)) continue
      const has = found ? `it has ${found.version}` : 'there is none'
      refuse('DEPENDENCY', `${moduleName(module)} needs ${moduleName(wanted)} version ${wanted.version}; ${has}`)
    }
  }
}

export interface MadeHex extends HexExport {
  /** "boron-4.0.2.hex" */
  readonly name: string
}

/** Throws FIRMWARE_MISSING when something lacks, PLAN_REFUSED for a module that may not go onto such a board. */
export async function makeHex(wish: HexWish, library: FirmwareLibrary): Promise<MadeHex> {
  const { platform, deviceOs } = wish
  const found = await library.findSet(platform, deviceOs)
  if (!found) throw new Fault('FIRMWARE_MISSING', `the library has no Device OS ${deviceOs} for ${platform}`)
  const lacks = found.lacks.filter(({ kind }) => kind !== 'ncp')
  if (lacks.length > 0) {
    const names = lacks.map(({ kind, index }) => `${kind} ${index}`).join(', ')
    throw new Fault('FIRMWARE_MISSING', `Device OS ${deviceOs} for ${platform} is not complete: it lacks ${names}`)
  }
  const user = wish.user === null ? found.user : await library.findUser(platform, { sha256: wish.user })
  if (!user) {
    const what = wish.user === null ? `the Device OS ${deviceOs} set has no user firmware` : `no ${wish.user} is here`
    throw new Fault('FIRMWARE_MISSING', `${what} for ${platform}: choose one of the library`)
  }
  const system = found.set.modules.filter(({ kind }) => kind !== 'user')
  refuseUnmet([...system, user])
  const parts = await Promise.all(
    [...system, user].map(async (module) => ({ module, bytes: await library.bytesOf(module) })),
  )
  const made = exportHex({ platform, deviceOs, parts, bootRecord: await library.bootRecordOf(platform) })
  const mark = wish.user === null ? '' : `-${user.sha256.slice(0, 8)}`
  return { ...made, name: `${platform}-${deviceOs}${mark}.hex` }
}
