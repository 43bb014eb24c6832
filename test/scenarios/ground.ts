// Where scenarios take place: a bench with a station on it, hands that move boards, and a witness that reads their flash
// without the station's engine. Scenarios are written against these words alone, and run wherever they are spoken.
import type { SimPlatform } from '../../src/main/sim/board-parts.ts'
import type { Clock } from '../../src/main/station/ports.ts'
import type { SlotView } from '../../src/shared/model/slot.ts'
import type { BoardEntry } from './bench-boards.ts'
import type { HandOrder, WatchedSlot } from './hands.ts'
import type { HostedStation } from './hosted-station.ts'
import type { RealFirmware } from './real-sets.ts'
import type { StationUnderTest } from './station-under-test.ts'

export type GroundName = 'in process' | 'kernel'

export interface Ground {
  readonly name: GroundName
  readonly firmware: RealFirmware
  /** A bench with a station that starts by itself; board n is in slot n and enumerates by and by. */
  openBench(setup: BenchSetup): Promise<ScenarioBench>
  /** A bench with the whole station, whose USB process is a child: it begins by itself, its slots learn their ports. */
  openHosted(boards: readonly BoardEntry[]): Promise<HostedBench>
}

export interface HostedBench extends WitnessedBench {
  readonly station: HostedStation
  end(): Promise<void>
}

/** Where a witness may be called. */
export interface WitnessedBench {
  slots(): readonly SlotView[]
  /** Ends the station and reads the flash of boards without its help; the bytes of each reading, in their order. */
  witness(readings: readonly FlashReading[]): Promise<readonly Uint8Array[]>
}

export interface BenchSetup {
  readonly boards: readonly BoardEntry[]
  /** How many of the boards have a slot; default all. The others lie beside the bench. */
  readonly slots?: number
  /** True: no board is in its slot yet. */
  readonly isEmpty?: boolean
  /** Of the simulated boards, where the ground's own choice does not do. */
  readonly speed?: number
  readonly autoStart?: boolean
  /** Default: everything is flashed. */
  readonly recipe?: 'all' | 'user only'
}

export interface BenchBoard {
  readonly platform: SimPlatform
  readonly deviceId: string
}

export interface ScenarioBench extends WitnessedBench {
  /** Time of the station and of the bench, in milliseconds. */
  readonly clock: Clock
  readonly under: StationUnderTest
  /** All boards, with or without a slot; board n of slot n to begin with, both counted from 1. */
  readonly boards: readonly BenchBoard[]
  /** Resolves when it is done; the station learns of it as of any hand. */
  hand(order: HandOrder): Promise<void>
  /** Whether the station's bus lists a device in the slot: a kernel that is busy with other ports tells of a leaving late. */
  isListed(slot: number): boolean
  /** What the hands know of the slot, by the clock above. */
  watched(slot: number): Promise<WatchedSlot>
  /** Another program opens the boards in these slots and claims their first interface; rejects when it cannot. */
  claimElsewhere?(slots: readonly number[]): Promise<void>
  end(): Promise<void>
}

/** Internal flash of the board in the slot, by the addresses of its DFU memory. */
export interface FlashReading {
  readonly slot: number
  readonly address: number
  readonly sizeBytes: number
}
