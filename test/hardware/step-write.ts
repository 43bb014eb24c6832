// The step write: another application, proven on the board, and then the bytes that were there before. They are kept in
// a file before anything is erased; the board never ends without its own firmware unless it is broken on the way.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import type { DfuSession } from '../../src/main/station/dfu/session.ts'
import type { BoardModule } from '../../src/main/station/firmware/module-facts.ts'
import { parseModule } from '../../src/main/station/firmware/parse-module.ts'
import { boundsOf } from '../../src/main/station/platforms/platforms.ts'
import { asFault, Fault } from '../../src/shared/fault/fault.ts'
import { type ParticleIdentity, valueOrNull } from '../../src/shared/model/identity.ts'
import { moduleName, sameModule } from '../../src/shared/model/module.ts'
import { timeModelOf } from './model.ts'
import type { WalkReport } from './report.ts'
import type { FlashTimes } from './timed-device.ts'
import { userRegionOf } from './user-region.ts'
import { home, identityOf, inDfu, type WalkedBoard } from './walked-board.ts'

export interface UserModule {
  readonly module: BoardModule
  readonly bytes: Uint8Array
}

export interface WriteOptions {
  readonly modules: readonly UserModule[]
  /** Beside the report: the copies of what was on the boards. */
  readonly keptBeside: string
}

/** Throws with the reason for a file that is no user module for a real board. */
export function readUserModules(paths: readonly string[]): readonly UserModule[] {
  return paths.map((path) => {
    const bytes = readFileSync(path)
    const module = parseModule(bytes, { source: path })
    if (module.kind !== 'user') throw new Error(`${path}: ${moduleName(module)} is no user module`)
    if (module.isSynthetic) throw new Error(`${path}: synthetic modules are no programs; they never reach a board`)
    return { module, bytes }
  })
}

/** Resolves with the reason when there is nothing to write to this board. */
export async function write(board: WalkedBoard, report: WalkReport, options: WriteOptions): Promise<string | null> {
  const given = options.modules.find(({ module }) => module.platform === board.platform)
  if (!given) return 'no user module was given for this platform'
  const region = userRegionOf(board.platform)
  await home(board)
  const before = await identityOf(board)
  expectFitting(given.module, before)

  const kept: { bytes: Uint8Array | null } = { bytes: null }
  const giveBack = async () => {
    const { bytes } = kept
    if (bytes) await inDfu(board, (session) => bring(session, region, bytes))
  }
  try {
    await inDfu(board, async (session, flashTimes) => {
      const held = await session.read(region)
      keep(board, report, { bytes: held, path: `${options.keptBeside}.${board.deviceId}.user.bin` })
      kept.bytes = held
      await bring(session, { alternate: region.alternate, address: given.module.startAddress }, given.bytes)
      tell(board, report, { times: flashTimes(), held })
    })
    expectRunning(given.module, await identityOf(board, before))
  } catch (thrown) {
    await giveBack().catch((why: unknown) => report.note('write', board, `not given back: ${asFault(why).detail}`))
    throw thrown
  }
  await giveBack()
  const after = await identityOf(board, before)
  assert.deepEqual(
    valueOrNull(after.modules),
    valueOrNull(before.modules),
    'the board reports other modules than before',
  )
  return null
}

function keep(board: WalkedBoard, report: WalkReport, { bytes, path }: { bytes: Uint8Array; path: string }): void {
  writeFileSync(path, bytes)
  report.note('write', board, `what was in its user region is kept in ${path}`)
}

function expectFitting(module: BoardModule, { modules }: ParticleIdentity): void {
  const present = valueOrNull(modules)
  if (present === null) throw new Fault('IDENTITY_UNREADABLE', 'the board does not report its modules')
  const bounds = boundsOf(module.platform, module)
  if (!bounds || module.startAddress < bounds.address || module.endAddress + 4 > bounds.limit) {
    throw new Fault('PLAN_REFUSED', `${module.source} does not lie in a user place of the ${module.platform}`)
  }
  const missing = module.dependencies.find(
    (wanted) => !present.some((found) => sameModule(found, wanted) && found.version >= wanted.version),
  )
  if (missing) throw new Fault('PLAN_REFUSED', `${module.source} needs ${moduleName(missing)} ${missing.version}`)
}

function expectRunning(module: BoardModule, { modules }: ParticleIdentity): void {
  const found = valueOrNull(modules)?.find((each) => sameModule(each, module))
  const state = found && `version ${found.version}, integrity ${found.integrity}, dependencies ${found.dependenciesMet}`
  const isRunning =
    found?.version === module.version && found.integrity === 'passed' && found.dependenciesMet === 'passed'
  if (!isRunning)
    throw new Fault('VERSION_MISMATCH', `Device OS reports ${state ?? 'no such module'} of what was written`)
}

/** Writes what differs and reads everything back. */
async function bring(
  session: DfuSession,
  place: { readonly alternate: number; readonly address: number },
  data: Uint8Array,
): Promise<void> {
  const { held } = await session.look({ ...place, expected: data, mayHold: true })
  await session.write({ ...place, data, held })
  const { equal, firstDifference } = await session.compare({ ...place, expected: data })
  if (!equal)
    throw new Fault('DFU_VERIFY_FAILED', `differs from what was written at 0x${firstDifference?.toString(16)}`)
}

function tell(board: WalkedBoard, report: WalkReport, { times, held }: { times: FlashTimes; held: Uint8Array }): void {
  const model = timeModelOf(board.platform)
  const { address } = userRegionOf(board.platform)
  const sectorBytes = model?.sectorBytes ?? 0
  const isBlank = (at: number) => held.subarray(at - address, at - address + sectorBytes).every((byte) => byte === 0xff)
  const erases = Map.groupBy(times.erases, (erase) => (isBlank(erase.address) ? 'blank' : 'written'))
  const msOf = (kind: 'blank' | 'written') => (erases.get(kind) ?? []).map(({ ms }) => ms)
  const fact = (what: string, timesMs: readonly number[], modelMs: number | undefined) =>
    report.fact('write', board, { what, timesMs, modelMs: modelMs ?? null })
  const size = `${sectorBytes / 1024} KiB`
  fact(`erase of a written sector of ${size}`, msOf('written'), model?.eraseMs)
  fact(`erase of a blank sector of ${size}`, msOf('blank'), model?.eraseBlankMs)
  fact('4 KiB programmed', times.programsMs, model?.programMs)
  fact('4 KiB over the wire to the board', times.blocksOutMs, model?.blockMs)
}
