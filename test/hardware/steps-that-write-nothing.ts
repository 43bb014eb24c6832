// The steps look, modes and read: nothing on the board is changed but the mode that it runs in.
import assert from 'node:assert/strict'
import { platformOf } from '../../src/main/station/platforms/platforms.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { type ParticleIdentity, valueOrNull } from '../../src/shared/model/identity.ts'
import { moduleName } from '../../src/shared/model/module.ts'
import { blockBytes, timeModelOf } from './model.ts'
import type { WalkReport } from './report.ts'
import type { StepName } from './settings.ts'
import { differencesShown } from './shown-descriptors.ts'
import { userRegionOf } from './user-region.ts'
import { home, identityOf, inDfu, intoDfu, modeOf, outOfDfu, sessionOn, type WalkedBoard } from './walked-board.ts'

/** Who is there, and does it show what the simulated board shows, in the mode it was found in? */
export async function look(board: WalkedBoard, report: WalkReport): Promise<void> {
  await compareShown(board, report, 'look')
  report.note('look', board, `found in ${modeOf(board)} mode`)
}

/** Identified, into DFU mode and back, identified again: how long each takes, and is it the same board with the same modules? */
export async function modes(board: WalkedBoard, report: WalkReport): Promise<void> {
  const model = timeModelOf(board.platform)
  const fact = (what: string, ms: number, modelMs: number | null = null) =>
    report.fact('modes', board, { what, timesMs: [ms], modelMs })
  await home(board)
  const before = await identityOf(board)
  report.note('modes', board, summaryOf(before))

  const into = await intoDfu(board)
  fact('request to leaving the bus', into.toLeavingMs, model?.requestToResetMs)
  fact('leaving the bus to DFU mode', into.toComingMs, model?.resetToDfuMs)
  await compareShown(board, report, 'modes')
  fact('identified in DFU mode', await timeOf(() => identityOf(board)))

  const out = await outOfDfu(board, await sessionOn(board))
  fact('leave to leaving the bus', out.toLeavingMs, model?.leaveToResetMs)
  fact('leaving the bus to normal mode', out.toComingMs, model?.resetToNormalMs)
  if (out.visits > 1) report.note('modes', board, `showed itself ${out.visits} times before it stayed`)

  let after = before
  const firstMs = await timeOf(async () => {
    after = await identityOf(board)
  })
  const withoutModemMs = await timeOf(() => identityOf(board, after))
  fact('identified in normal mode, without its modem', withoutModemMs)
  if (platformOf(board.platform).isCellular) {
    fact('ICCID, after a start', Math.max(0, firstMs - withoutModemMs), model?.modemMs)
    report.note('modes', board, after.iccid.known ? 'ICCID read' : `no ICCID: ${after.iccid.reason}`)
  }
  assert.deepEqual(modulesOf(after), modulesOf(before), 'the board reports other modules than before')
}

const mostReadBytes = 256 * 1024

/** Its user region read twice: the same bytes each time, and how fast. */
export async function read(board: WalkedBoard, report: WalkReport): Promise<void> {
  const model = timeModelOf(board.platform)
  const region = userRegionOf(board.platform)
  const sizeBytes = Math.min(region.sizeBytes, mostReadBytes)
  const { alternate, address } = region
  const { first, second, times } = await inDfu(board, async (session, flashTimes) => ({
    first: await session.read({ alternate, address, sizeBytes }),
    second: await session.read({ alternate, address, sizeBytes }),
    times: flashTimes(),
  }))
  const { blocksInMs, statusesMs } = times
  report.fact('read', board, { what: '4 KiB read back', timesMs: blocksInMs, modelMs: model?.blockMs ?? null })
  report.fact('read', board, { what: 'GETSTATUS', timesMs: statusesMs, modelMs: model?.statusMs ?? null })
  assert.equal(blocksInMs.length, (2 * sizeBytes) / blockBytes)
  assert.ok(Buffer.from(first).equals(second), 'two readings differ')
}

async function compareShown(board: WalkedBoard, report: WalkReport, step: StepName): Promise<void> {
  const differences = await differencesShown(board)
  if (differences === null) report.note(step, board, 'no such board is simulated: nothing to compare with')
  for (const difference of differences ?? []) report.differs(step, board, difference)
}

async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const startedAt = systemClock.monotonic()
  await act()
  return systemClock.monotonic() - startedAt
}

function summaryOf({ deviceOsVersion, modules }: ParticleIdentity): string {
  const version = deviceOsVersion.known ? deviceOsVersion.value : `unknown (${deviceOsVersion.reason})`
  const names = modules.known
    ? modules.value.map((module) => `${moduleName(module)} ${module.version}`).join(', ')
    : `not read (${modules.reason})`
  return `Device OS ${version}; modules: ${names}`
}

function modulesOf({ modules }: ParticleIdentity): readonly string[] | null {
  return valueOrNull(modules)?.map((module) => `${moduleName(module)} ${module.version} ${module.integrity}`) ?? null
}
