// The station and the simulator have a table each, written apart so that neither hides an error of the other. Here, and
// nowhere else, they are laid side by side.
import { describe, expect, it } from 'vitest'
import { boardSpecOf } from '../../src/main/sim/bench-spec.ts'
import { memoryMapOf, moduleFunctions } from '../../src/main/sim/boot/memory-map.ts'
import { otaAreaOf } from '../../src/main/sim/boot/ota-area.ts'
import { simPlatformOf } from '../../src/main/sim/sim-platforms.ts'
import { createSimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { releaseModules, releasesOf } from '../../src/main/sim/synthetic/releases.ts'
import { platformOf } from '../../src/main/station/platforms/platforms.ts'
import { platformNames } from '../../src/shared/model/platform.ts'

const chipNames = { gen2: 'stm32f2', nrf52: 'nrf52840', rtl872x: 'rtl872x' } as const
const hex = (values: readonly number[]) => values.map((value) => value.toString(16)).join(' ')

describe.each(platformNames)('the two tables of %s', (name) => {
  const station = platformOf(name)
  const sim = simPlatformOf(name)

  it('name one id, chip and radio', () => {
    const ncp = station.modules.some(({ kind }) => kind === 'ncp') ? 'esp32' : null
    expect([station.id, station.mcu, station.isCellular, ncp]).toEqual([
      ...[sim.platformId, chipNames[sim.family], sim.isCellular, sim.ncp],
    ])
  })

  it('place each module alike', () => {
    const rows = station.modules.filter(({ sinceVersion, kind }) => sinceVersion === 0 && isPlaced(kind))
    const ofStation = rows.map(({ kind, index, starts, limit }) => {
      const where = starts.length > 0 ? hex(starts.toSorted((a, b) => a - b)) : 'to its end'
      return `${moduleFunctions[kind as keyof typeof moduleFunctions]}.${index} ${where} below ${hex([limit])}`
    })
    const places = memoryMapOf(name).places.filter((place) => !isBootRecord(place))
    const ofSim = places.map(({ function: kind, index, at, limit }) => {
      const where = 'end' in at ? 'to its end' : hex(at.starts)
      return `${kind}.${index} ${where} below ${hex([limit])}`
    })
    expect(ofStation.toSorted()).toEqual(ofSim.toSorted())
  })

  it('know one OTA area for every release', () => {
    for (const deviceOs of releasesOf(name)) {
      const { chips } = createSimulatedBoard(boardSpecOf({ platform: name, deviceOs }, 0))
      const system = releaseModules(name, deviceOs, '').find(({ spec }) => spec.kind === 'system')?.spec.version ?? 0
      const known = station.otaAreas.findLast(({ sinceSystemVersion }) => sinceSystemVersion <= system)
      // On RTL before 5.5.0 the area followed the system part: the station knows no fixed one.
      if (!known) {
        expect([station.mcu, system < 5500]).toEqual(['rtl872x', true])
        continue
      }
      const area = otaAreaOf(name, chips)
      expect([deviceOs, known.address, known.sizeBytes]).toEqual([deviceOs, area?.address, area?.sizeBytes])
    }
  })
})

/** Those whose place has a header that a board reads; neither a SoftDevice nor what no board carries. */
function isPlaced(kind: string): boolean {
  return kind === 'bootloader' || kind === 'system' || kind === 'user'
}

/** The RTL's, which the station never writes. */
function isBootRecord(place: { readonly function: number; readonly index: number }): boolean {
  return place.function === moduleFunctions.bootloader && place.index === 1
}
