// A ledger that cannot be written stops the line: no board passes, none is even begun. And one data folder has one
// station.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openLedger } from '../../src/main/audit/open-ledger.ts'
import { dataFolderAt } from '../../src/main/desk/data-folder.ts'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { playedDesk, simulatedDesk, temporaryFolder } from './desk-under-test.ts'
import { openingIn, recipe, stockedLibrary } from './samples.ts'

/** A foreign program that holds the ledger, as long as it likes. */
function holdLedger(folder: string): () => void {
  const held = new Sqlite(dataFolderAt(folder).ledger)
  held.exec('BEGIN IMMEDIATE')
  return () => {
    held.exec('ROLLBACK')
    held.close()
  }
}

describe('a ledger that cannot be written', () => {
  it('lets no job begin: no board is touched, none passes; and once it can, the line goes on', async () => {
    const folder = temporaryFolder()
    await stockedLibrary(folder, 'photon/')
    const wanted = recipe({ platforms: ['photon'] })
    const simulation = { boards: 'photon:2', speed: 40 }
    const under = await simulatedDesk({ dataFolder: folder, recipe: wanted, simulation, slotCount: 2 })
    const release = holdLedger(folder)
    await under.until(() => under.slots().every(({ state }) => state === 'error'))
    expect(under.slots().map(({ fault }) => fault?.code)).toEqual(['LEDGER_UNWRITABLE', 'LEDGER_UNWRITABLE'])
    expect(under.slots().flatMap(({ job }) => job?.steps ?? [])).toEqual([])
    expect(under.records).toEqual([])
    release()
    expect((await under.call('searchRecords', { filter: {} })).total).toBe(0)
    await under.call('startSlots', { slots: [1, 2] })
    await under.until(() => under.slots().every(({ state }) => state === 'passed'))
    expect(under.records).toHaveLength(2)
  })

  it('lets no job pass that has begun: the verdict is not told before its record is written', async () => {
    const folder = temporaryFolder()
    await stockedLibrary(folder, 'photon/')
    const wanted = recipe({ platforms: ['photon'] })
    const simulation = { boards: 'photon:1', speed: 20 }
    const under = await simulatedDesk({ dataFolder: folder, recipe: wanted, simulation, slotCount: 1 })
    await under.until(() => under.slots()[0]?.job?.recordId != null)
    const release = holdLedger(folder)
    await under.until(() => under.slots()[0]?.state === 'error')
    expect(under.slots()[0]?.fault?.code).toBe('LEDGER_UNWRITABLE')
    expect(under.records).toEqual([])
    release()
    await under.desk.close()
    expect(under.records.map(({ closing }) => closing?.outcome)).toEqual(['pass'])
  })

  it('does not take the station along when a process dies, nor its lock when it closes', async () => {
    const under = await playedDesk()
    under.says({ kind: 'ask', id: 1, ask: { kind: 'open', opening: openingIn(1) } })
    await expect.poll(() => under.hosts.latest().told.some(({ kind }) => kind === 'answer')).toBe(true)
    const release = holdLedger(under.folder)
    under.hosts.latest().ends({ signal: 'SIGKILL' })
    expect(under.log.lines.join('\n')).toContain('open records are not closed: LEDGER_UNWRITABLE')
    await under.desk.close()
    release()
    const next = await playedDesk({ dataFolder: under.folder })
    expect(next.station().closedAtStart).toBe(1)
  })
})

describe('one data folder', () => {
  it('has one station; the second is refused and harms nothing', async () => {
    const first = await playedDesk()
    await expect(playedDesk({ dataFolder: first.folder })).rejects.toMatchObject({ code: 'LEDGER_IN_USE' })
    expect(first.hosts.born).toHaveLength(1)
    await first.desk.close()
    await first.desk.close()
    const next = await playedDesk({ dataFolder: first.folder })
    expect(next.station().closedAtStart).toBe(0)
  })

  it('that cannot be made is refused by name', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    const dataFolder = join(folder, 'file', 'station')
    await expect(playedDesk({ dataFolder })).rejects.toMatchObject({
      code: 'LEDGER_UNWRITABLE',
      detail: expect.stringContaining(dataFolder),
    })
  })

  it('gives its lock back when the station cannot start', async () => {
    const folder = temporaryFolder()
    // A file where the library keeps its sets.
    mkdirSync(join(folder, 'firmware'))
    writeFileSync(join(folder, 'firmware', 'sets'), '')
    await expect(playedDesk({ dataFolder: folder })).rejects.toMatchObject({ code: 'INTERNAL' })
    const ledger = openLedger({
      file: dataFolderAt(folder).ledger,
      ...{ stationId: 'S', softwareVersion: '0', clock: systemClock },
    })
    ledger[Symbol.dispose]()
  })

  it('is cleared of what an upload left that was cut off', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'upload-abc', 'deep'), { recursive: true })
    writeFileSync(join(folder, 'upload-abc', 'deep', 'x.bin'), 'x')
    await playedDesk({ dataFolder: folder })
    expect(existsSync(join(folder, 'upload-abc'))).toBe(false)
  })
})
