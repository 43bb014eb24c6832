// A bench in words or in a file, and what it puts in the ports: the short form "tracker:4,msom:2,stm32:1", or a JSON file
// with one entry per kind of board, or of device that is no Particle board (generic/device-kinds.ts). Identities are
// unique on the bench and the same on every run; ports are those of a rack of seven-port hubs.
import { z } from 'zod'
import { asFault, Fault } from '../../shared/fault/fault.ts'
import { type PortPath, parseDeviceId, parsePortPath } from '../../shared/model/ids.ts'
import { makeFacts } from './board-identity.ts'
import type { BoardSpec } from './board-spec.ts'
import type { Protection } from './dfu/dfu-face.ts'
import { parseFault } from './faults.ts'
import { type DeviceEntry, deviceEntrySchema, deviceSpecOf } from './generic/device-entry.ts'
import { deviceKindNames } from './generic/device-kinds.ts'
import type { DfuDeviceSpec } from './generic/dfu-device.ts'
import { simPlatformNames, simPlatformOf } from './sim-platforms.ts'
import { releaseModules } from './synthetic/releases.ts'

export interface PlacedParticleBoard {
  readonly kind: 'board'
  readonly portPath: PortPath
  readonly spec: BoardSpec
}

export interface PlacedDfuDevice {
  readonly kind: 'dfu-device'
  readonly portPath: PortPath
  readonly spec: DfuDeviceSpec
}

/** What a bench puts in one port. */
export type PlacedBoard = PlacedParticleBoard | PlacedDfuDevice

/** What help names: every platform, and the two kinds of DFU device that stand for all of generic/device-kinds.ts. */
export const boardKinds = [...simPlatformNames, 'dfu', 'stm32'] as const
const allKinds = [...simPlatformNames, ...deviceKindNames] as const
const mostBoards = 127
const hubPorts = 7

const entrySchema = z.strictObject({
  platform: z.enum(simPlatformNames),
  count: z.int().min(1).max(mostBoards).optional(),
  /** Only with count 1. */
  deviceId: z.string().optional(),
  /** Release in flash at the start; absent: what the factory writes. */
  deviceOs: z.string().min(1).optional(),
  /** An Electron 2 may carry either; no other platform is asked. */
  externalMegabytes: z.union([z.literal(4), z.literal(8)]).optional(),
  start: z.enum(['normal', 'dfu']).optional(),
  faults: z.array(z.string()).optional(),
  /** true: protected. "service": protection overridden for a while. */
  protected: z.union([z.boolean(), z.literal('service')]).optional(),
  /** Only with count 1. */
  portPath: z.string().optional(),
})

const fileSchema = z.strictObject({
  format: z.literal('dfu-station-bench'),
  version: z.literal(1),
  boards: z.array(z.discriminatedUnion('platform', [entrySchema, ...deviceEntrySchema.options])).min(1),
})

/** One kind of board of a bench file. */
export type BenchEntry = z.infer<typeof entrySchema>
type AnyEntry = BenchEntry | DeviceEntry

/** Either form; CALL_REJECTED says what is wrong. */
export function parseBench(text: string): readonly PlacedBoard[] {
  return text.trimStart().startsWith('{') ? parseBenchFile(text) : parseBenchSpec(text)
}

/** The short form; CALL_REJECTED names the part that is wrong. */
export function parseBenchSpec(text: string): readonly PlacedBoard[] {
  return placeBoards(text.split(',').map(parseShortEntry))
}

function parseShortEntry(part: string): AnyEntry {
  const match = /^\s*([a-z0-9-]+)\s*(?::\s*(\d{1,3})\s*)?$/.exec(part)
  const platform = allKinds.find((name) => name === match?.[1])
  const count = Number(match?.[2] ?? 1)
  if (!platform || count < 1)
    throw new Fault('CALL_REJECTED', `"${part}" is no kind of board; write e.g. boron:4 (${allKinds.join(', ')})`)
  const known = simPlatformNames.find((name) => name === platform)
  return known ? { platform: known, count } : deviceEntrySchema.parse({ platform, count })
}

/** A bench file; CALL_REJECTED says which field is wrong. */
export function parseBenchFile(json: string): readonly PlacedBoard[] {
  const parsed = fileSchema.safeParse(parseJson(json))
  if (parsed.success) return placeBoards(parsed.data.boards)
  const [issue] = parsed.error.issues
  throw new Fault('CALL_REJECTED', `bench file: ${issue?.path.join('.') || 'top level'}: ${issue?.message}`)
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (thrown) {
    throw new Fault('CALL_REJECTED', 'bench file is not JSON', { cause: thrown })
  }
}

function placeBoards(entries: readonly AnyEntry[]): readonly PlacedBoard[] {
  const single = entries.flatMap((entry) => Array.from({ length: entry.count ?? 1 }, () => entry))
  if (single.length > mostBoards) throw new Fault('CALL_REJECTED', `a bench holds at most ${mostBoards} boards`)
  for (const entry of entries) rejectShared(entry)
  const taken = new Set(entries.flatMap(({ portPath }) => (portPath ? [wantedPort(portPath)] : [])))
  const free = freePorts(taken)
  const placed = single.map((entry, index): PlacedBoard => {
    const portPath = entry.portPath ? wantedPort(entry.portPath) : (free.next().value as PortPath)
    return isParticle(entry)
      ? { kind: 'board', portPath, spec: boardSpecOf(entry, index) }
      : { kind: 'dfu-device', portPath, spec: deviceSpecOf(entry, index) }
  })
  rejectDoubles(
    'port',
    placed.map(({ portPath }) => portPath),
  )
  return placed
}

function isParticle(entry: AnyEntry): entry is BenchEntry {
  return simPlatformNames.some((name) => name === entry.platform)
}

function rejectShared(entry: AnyEntry): void {
  const { count, portPath } = entry
  const deviceId = isParticle(entry) ? entry.deviceId : undefined
  if ((count ?? 1) > 1 && (deviceId ?? portPath) !== undefined)
    throw new Fault('CALL_REJECTED', `${deviceId ?? portPath}: one device ID or port cannot serve ${count} boards`)
}

function rejectDoubles(what: string, values: readonly string[]): void {
  const double = values.find((value, index) => values.indexOf(value) !== index)
  if (double) throw new Fault('CALL_REJECTED', `bench: ${what} ${double} is given twice`)
}

/** The spec of one board; `index` makes its identity, so it must be another for each board of a station. */
export function boardSpecOf(entry: BenchEntry, index: number): BoardSpec {
  const deviceId = entry.deviceId === undefined ? null : parseDeviceId(entry.deviceId)
  if (entry.deviceId !== undefined && !deviceId)
    throw new Fault('CALL_REJECTED', `bench: "${entry.deviceId}" is no device ID (24 hex digits)`)
  return {
    facts: makeFacts(entry.platform, index, deviceId),
    deviceOs: knownRelease(entry),
    ...externalOf(entry),
    start: entry.start ?? 'normal',
    protection: protectionOf(entry),
    faults: (entry.faults ?? []).map(parseFault),
    dfuStart: null,
  }
}

function knownRelease({ platform, deviceOs }: BenchEntry): string | null {
  if (deviceOs === undefined) return null
  try {
    releaseModules(platform, deviceOs, '')
  } catch (thrown) {
    throw new Fault('CALL_REJECTED', `bench: ${asFault(thrown).detail}`, { cause: thrown })
  }
  return deviceOs
}

function externalOf({ platform, externalMegabytes }: BenchEntry): Pick<BoardSpec, 'externalMegabytes'> {
  if (externalMegabytes === undefined) return {}
  if (platform !== 'electron2')
    throw new Fault('CALL_REJECTED', `bench: ${platform}: the size of its flash is known; leave externalMegabytes out`)
  return { externalMegabytes }
}

function protectionOf({ platform, protected: wanted = false }: BenchEntry): Protection {
  if (wanted === false) return 'open'
  if (!simPlatformOf(platform).canProtect) throw new Fault('CALL_REJECTED', `bench: ${platform}: no protection`)
  return wanted === 'service' ? 'service' : 'protected'
}

function wantedPort(text: string): PortPath {
  const portPath = parsePortPath(text)
  if (!portPath) throw new Fault('CALL_REJECTED', `bench: "${text}" is no port path; write e.g. 1-1.4`)
  return portPath
}

/** 1-1.1 ... 1-1.7, 1-2.1 ...: bus 1, hub by hub, without the ports that are taken. */
function* freePorts(taken: ReadonlySet<string>): Generator<PortPath> {
  for (let n = 0; ; n += 1) {
    const portPath = wantedPort(`1-${Math.floor(n / hubPorts) + 1}.${(n % hubPorts) + 1}`)
    if (!taken.has(portPath)) yield portPath
  }
}
