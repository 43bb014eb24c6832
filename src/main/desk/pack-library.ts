// The library as a pack knows it: only the sets that came with the pack, so that its recipe means the same modules on
// every station, whatever else a station holds.
import { findSetIn, findUserIn, listModules } from '../station/firmware/find.ts'
import type { FirmwareLibrary } from '../station/firmware/library-model.ts'

/** `sets`: IDs of the sets it still has. */
export function libraryOfSets(library: FirmwareLibrary, sets: readonly string[]): FirmwareLibrary {
  const own = async () => (await library.sets()).filter(({ id }) => sets.includes(id))
  return {
    ...library,
    sets: own,
    modules: async () => listModules(await own()),
    findSet: async (platform, deviceOs) => findSetIn(await own(), platform, deviceOs),
    findUser: async (platform, wanted) => findUserIn(await own(), platform, wanted),
  }
}
