// What lies between two boards on one slot: the hand takes the board with its verdict out and puts the next one in at
// once. In process and in real time; the boards lack only their user firmware, so that their jobs are short.

import { performance } from 'node:perf_hooks'
import { openLedger } from '../../src/main/audit/open-ledger.ts'
import { boardSpecOf } from '../../src/main/sim/bench-spec.ts'
import { createSimulatedBoard } from '../../src/main/sim/simulated-board.ts'
import { createSimulatedBus } from '../../src/main/sim/simulated-bus.ts'
import { createStation, type Station } from '../../src/main/station/station.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { particleOf } from '../../src/shared/model/identity.ts'
import { parsePortPath } from '../../src/shared/model/ids.ts'
import type { SlotView } from '../../src/shared/model/slot.ts'
import { benchLog } from './bench-log.ts'
import { createTrace } from './trace.ts'
import type { Release, VisitFirmware } from './visit-firmware.ts'

export interface NextBoard {
  /** From a board on the bus to the first transfer to it: the first board of the slot, and the one after a verdict. */
  readonly firstAskedMs: number
  readonly nextAskedMs: number
  /** From the record closed to the verdict in the station's news. */
  readonly verdictToldMs: number
  /** From the last board taken out to the slot told to be empty: a verdict outlives a reset of its board. */
  readonly emptyMs: number
}

const longestMs = 60_000
/** Held with the release that the recipe asks for, but for the user firmware. */
const release: Release = { platform: 'photon', deviceOs: '2.3.1', before: '2.3.1' }
export const nextBoardReleases: readonly Release[] = [release]

export async function measureNextBoard(firmware: VisitFirmware): Promise<NextBoard> {
  const portPath = parsePortPath('1-1.1')
  if (!portPath) throw new Error('no port')
  const moments = { arrived: 0, asked: 0, closed: 0 }
  const facts = { stationId: 'bench', softwareVersion: 'bench', clock: systemClock }
  using ledger = openLedger({ file: ':memory:', ...facts })
  await using bus = createSimulatedBus({ clock: systemClock, speed: 1 })
  bus.watch(({ kind }) => {
    if (kind === 'arrived' && moments.arrived === 0) moments.arrived = performance.now()
  })
  const asked = () => {
    if (moments.asked === 0) moments.asked = performance.now()
  }
  const records = {
    ...ledger.sink,
    close: async (closing: Parameters<typeof ledger.sink.close>[0]) => {
      await ledger.sink.close(closing)
      moments.closed = performance.now()
    },
  }
  const ports = { records, shelf: firmware.library, clock: systemClock, log: benchLog }
  await using station = createStation({ bus: createTrace().watched(bus, asked), ...ports }, { isSimulated: true })
  station.dispatch({ kind: 'recipe', recipe: await firmware.recipe(release, { verify: 'read-back', user: 'set' }) })
  station.dispatch({ kind: 'auto-start', on: true })
  station.dispatch({ kind: 'assign', ports: [portPath], learnsPorts: false })
  const visit = async (index: number) => {
    Object.assign(moments, { arrived: 0, asked: 0, closed: 0 })
    bus.plug(portPath, createSimulatedBoard(boardSpecOf({ platform: 'photon', deviceOs: release.before }, index)))
    const { deviceId } = boardSpecOf({ platform: 'photon' }, index).facts
    await told(station, ({ state, board }) => state === 'passed' && particleOf(board)?.deviceId === deviceId)
    const verdictToldMs = performance.now() - moments.closed
    bus.unplug(portPath)
    return { askedMs: moments.asked - moments.arrived, verdictToldMs, outMs: performance.now() }
  }
  const first = await visit(0)
  const next = await visit(1)
  await told(station, ({ state }) => state === 'empty')
  return {
    firstAskedMs: first.askedMs,
    nextAskedMs: next.askedMs,
    verdictToldMs: Math.max(first.verdictToldMs, next.verdictToldMs),
    emptyMs: performance.now() - next.outMs,
  }
}

/** Resolves when the station tells that its slot is so. */
async function told(station: Station, isSo: (view: SlotView) => boolean): Promise<void> {
  const seen = Promise.withResolvers<void>()
  const stop = station.watch(() => {
    if (station.slots().some(isSo)) seen.resolve()
  })
  const patience = new AbortController()
  const late = systemClock.sleep(longestMs, patience.signal).then(
    () => seen.reject(new Error(`the slot stays ${station.slots()[0]?.state}`)),
    () => undefined,
  )
  try {
    await seen.promise
  } finally {
    stop()
    patience.abort()
    await late
  }
}
