// kill -9 of the whole station at moments all over a job, closings included: the USB process ends by itself, no PASS
// was written that the board does not bear out, and the next start closes what was open and says so.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openLedger } from '../../src/main/audit/open-ledger.ts'
import { dataFolderAt } from '../../src/main/desk/data-folder.ts'
import type { LedgerRecord } from '../../src/shared/model/record.ts'
import { recipe } from '../desk/samples.ts'
import { missingInDump } from './flash-dumps.ts'
import { flashOutput, linesOf, startStation, station, stockedFolder, temporaryFolder } from './run-station.ts'
import { childrenOf, untilGone, untilRecords } from './watch-process.ts'

/** A station that ends by itself when its parent is gone does so within this time. */
const orphanMs = 5_000

function startFlash(data: string, speed: number) {
  const dump = join(temporaryFolder(), 'dump')
  const file = join(temporaryFolder(), 'recipe.json')
  writeFileSync(file, JSON.stringify(recipe()))
  const bench = ['--sim', 'boron:2,photon:1,p2:1', '--sim-speed', String(speed), '--sim-dump', dump]
  return { dump, running: startStation(['flash', '--recipe', file, ...bench, '--json', '--data', data]) }
}

/** Kills the station alone, as an out-of-memory killer would, and waits for its USB process. */
async function kill({ child, ended }: ReturnType<typeof startStation>): Promise<void> {
  const children = childrenOf(child.pid)
  child.kill('SIGKILL')
  await ended
  expect(await untilGone(children, orphanMs), 'the USB process outlived its station').toBe(true)
}

/** What the next start finds, and what it makes of it. */
async function nextStart(data: string): Promise<readonly LedgerRecord[]> {
  const { ledger: file } = dataFolderAt(data)
  if (!existsSync(file)) return []
  using ledger = openLedger({ file, stationId: 'next', softwareVersion: '0', clock: { now: () => Date.now() } })
  ledger.closeInterrupted({ code: 'STATION_CRASHED', detail: 'found open when the station started' })
  expect(await ledger.verify()).toMatchObject({ ok: true, problems: [] })
  return ledger.search({}).records.flatMap(({ recordId }) => ledger.record(recordId) ?? [])
}

function expectTruth(records: readonly LedgerRecord[], dump: string): void {
  const boards = records.map(({ deviceId }) => deviceId)
  expect(new Set(boards).size, 'one record a board').toBe(boards.length)
  for (const record of records) {
    expect(['pass', 'interrupted']).toContain(record.closing?.outcome)
    if (record.closing?.outcome === 'pass')
      expect(
        missingInDump(dump, { ...record, platform: record.platform ?? '', deviceId: record.deviceId ?? '' }),
      ).toEqual([])
    else expect(record.closing?.fault?.code).toBe('STATION_CRASHED')
  }
}

// Process IDs of children are read from /proc.
describe.skipIf(process.platform !== 'linux')('a station that is killed', { timeout: 60_000 }, () => {
  it('in mid-flash: the next start closes what was open, says so, and works', async () => {
    const data = await stockedFolder()
    const { running } = startFlash(data, 6)
    await untilRecords(data, 4)
    await delay(300)
    await kill(running)
    const words = ['--target', '4.0.2', '--sim', 'boron:1', '--sim-speed', '60', '--json', '--data', data]
    const next = await station('flash', ...words)
    expect(next.code).toBe(0)
    expect(linesOf(next.stderr)).toEqual([
      expect.stringMatching(/^warn station: 4 records were found open .* interrupted$/),
    ])
    expect(flashOutput(next.stdout).summary).toEqual({ pass: 1, fail: 0, error: 0 })
    const records = await nextStart(data)
    expect(records.map(({ closing }) => closing?.fault?.code ?? closing?.outcome)).toEqual([
      'pass',
      ...Array.from({ length: 4 }, () => 'STATION_CRASHED'),
    ])
  })

  // From before the first record is opened to after the last is closed.
  it('at any moment of its jobs: no PASS that the board does not bear out', async () => {
    const outcomes = new Set<string | undefined>()
    await inLanes(
      Array.from({ length: 14 }, (_, n) => n * 130),
      async (afterMs) => {
        const data = await stockedFolder()
        const { dump, running } = startFlash(data, 60)
        if (afterMs > 0) await untilRecords(data, 1)
        await delay(afterMs)
        await kill(running)
        const records = await nextStart(data)
        expectTruth(records, dump)
        for (const { closing } of records) outcomes.add(closing?.outcome)
      },
    )
    // Else the moments were not all over the jobs.
    expect(outcomes).toEqual(new Set(['interrupted', 'pass']))
  })

  it('just when a record closes: what was told was committed before, and is true', async () => {
    await inLanes([0, 1, 2, 4, 8, 16], async (afterMs) => {
      const data = await stockedFolder()
      const { dump, running } = startFlash(data, 60)
      await running.said('"outcome"')
      await delay(afterMs)
      await kill(running)
      const records = await nextStart(data)
      expectTruth(records, dump)
      const told = linesOf(running.stdout())
        .filter((line) => line.includes('"outcome":"pass"') && line.endsWith('}'))
        .map((line) => (JSON.parse(line) as { readonly recordId: string }).recordId)
      expect(told.length).toBeGreaterThan(0)
      const passed = records.filter(({ closing }) => closing?.outcome === 'pass').map(({ recordId }) => recordId)
      expect(passed).toEqual(expect.arrayContaining(told))
    })
  })
})

/** Three runs at a time: most of each is waiting. A failure names its moment. */
async function inLanes(moments: readonly number[], run: (afterMs: number) => Promise<void>): Promise<void> {
  const waiting = [...moments]
  const lane = async () => {
    for (let moment = waiting.shift(); moment !== undefined; moment = waiting.shift()) {
      const afterMs = moment
      await run(afterMs).catch((cause: unknown) => {
        throw new Error(`killed after ${afterMs} ms: ${String(cause)}`, { cause })
      })
    }
  }
  await Promise.all([lane(), lane(), lane()])
}
