// The calls about what firmware there is to choose among, how more of it comes from an address, and how it leaves for a
// programmer.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Handlers } from '../../shared/contract/contract.ts'
import { Fault } from '../../shared/fault/fault.ts'
import { releasesOf } from '../station/firmware/release-lines.ts'
import { refuseWhileWorking } from './bench-desk.ts'
import { makeHex } from './export-hex-file.ts'
import { fetchUserFirmware } from './fetch-user-firmware.ts'
import { tellRecipe } from './firmware-desk.ts'
import type { StationState } from './station-state.ts'
import { writeAtomically } from './write-atomically.ts'

type SupplyCalls = Pick<Handlers, 'listVersions' | 'fetchFirmware' | 'exportHex'>

export function supplyCalls(state: StationState): SupplyCalls {
  const { library, clock, ending, folder, options, settings } = state
  return {
    listVersions: async () => releasesOf(await library.sets()),
    fetchFirmware: async (wish) => {
      if (settings.current().onlySignedPacks) {
        throw new Fault('RECIPE_LOCKED', `${wish.url}: a locked station takes firmware in signed packs alone`)
      }
      refuseWhileWorking(state, () => true)
      const { signal, stop } = whenWorkBegins(state)
      try {
        const fetched = await fetchUserFirmware(wish, library, { clock, signal: AbortSignal.any([ending, signal]) })
        await tellRecipe(state)
        return fetched
      } finally {
        stop()
      }
    },
    exportHex: async (wish) => {
      const { name, text, notes } = await makeHex(wish, library)
      mkdirSync(folder.exports, { recursive: true })
      const path = join(folder.exports, name)
      writeAtomically(path, text)
      const result = options.deliverFile ? await options.deliverFile(path) : ({ kind: 'saved', path } as const)
      return { ...result, notes }
    },
  }
}

/** Aborts once a slot works: nothing is fetched beside a job. */
function whenWorkBegins({ mirror }: StationState) {
  const beginning = new AbortController()
  const stop = mirror.watch(({ slots }) => {
    const busy = slots.find(({ state }) => state === 'working')
    if (!busy) return
    beginning.abort(new Fault('CALL_REJECTED', `slot ${busy.slot} is working now: fetch again when it is done`))
  })
  return { signal: beginning.signal, stop }
}
