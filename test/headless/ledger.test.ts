// ledger list, show, export and verify, also while a station writes; doctor, devices, identify.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openLedger } from '../../src/main/audit/open-ledger.ts'
import { dataFolderAt } from '../../src/main/desk/data-folder.ts'
import { closingOf, deviceId, openingIn } from '../desk/samples.ts'
import { jsonLines, linesOf, startStation, station, temporaryFolder } from './run-station.ts'

/** A data folder with two closed records and an open one. */
function folderWithRecords() {
  const data = temporaryFolder()
  const clock = { now: () => Date.UTC(2026, 0, 1) }
  using ledger = openLedger({ file: dataFolderAt(data).ledger, stationId: 'S', softwareVersion: '1', clock })
  const ids = [1, 2, 3].map((slot) => ledger.openRecord(openingIn(slot)))
  const [first, second] = ids
  if (!first || !second) throw new Error('no records')
  ledger.closeRecord(closingOf(first, 'pass'))
  ledger.closeRecord(closingOf(second, 'fail'))
  return { data, ids }
}

describe('the ledger commands', () => {
  it('list: newest first, each with its outcome', async () => {
    const { data, ids } = folderWithRecords()
    const { code, stdout } = await station('ledger', 'list', '--json', '--data', data)
    expect(code).toBe(0)
    expect(jsonLines(stdout).map(({ recordId, outcome }) => [recordId, outcome])).toEqual([
      [ids[2], 'open'],
      [ids[1], 'fail'],
      [ids[0], 'pass'],
    ])
    const told = linesOf((await station('ledger', 'list', '--data', data)).stdout)
    expect(told).toHaveLength(3)
    expect(told[1]).toContain(`${deviceId(2)}  -  fail  USB_GONE  60.0 s`)
    const found = await station('ledger', 'list', '--search', deviceId(1), '--json', '--data', data)
    expect(jsonLines(found.stdout).map(({ recordId }) => recordId)).toEqual([ids[0]])
  })

  it('show: one record, whole', async () => {
    const { data, ids } = folderWithRecords()
    const { code, stdout } = await station('ledger', 'show', String(ids[1]), '--json', '--data', data)
    expect(code).toBe(0)
    expect(jsonLines(stdout)).toMatchObject([
      {
        recordId: ids[1],
        stationId: 'S',
        plan: ['Enter DFU'],
        closing: { outcome: 'fail', fault: { code: 'USB_GONE' } },
      },
    ])
    const told = await station('ledger', 'show', String(ids[1]), '--data', data)
    for (const line of [
      `record ${ids[1]}`,
      '  serial number: not readable because not asked',
      '  Device OS before: 2.0.1',
      '  outcome: fail USB_GONE: unplugged',
      '  modules before:',
      '    system 1  2011  integrity passed, dependencies failed  no hash reported',
      '  modules after: not readable because not asked',
    ]) {
      expect(linesOf(told.stdout)).toContain(line)
    }
    const none = await station('ledger', 'show', 'r-0', '--data', data)
    expect(none).toMatchObject({ code: 2, stdout: '', stderr: 'ledger show r-0: there is no such record\n' })
  })

  it('export: CSV unless JSON Lines are asked for', async () => {
    const { data, ids } = folderWithRecords()
    const csv = (await station('ledger', 'export', '--data', data)).stdout.split('\r\n')
    expect(csv[0]).toContain('"record_id","outcome"')
    expect(csv.slice(1, 4).map((row) => row.split('","')[0])).toEqual(ids.map((id) => `"${id}`))
    const lines = await station('ledger', 'export', '--format', 'jsonl', '--data', data)
    expect(jsonLines(lines.stdout).map(({ recordId }) => recordId)).toEqual(ids)
    const some = await station('ledger', 'export', '--format', 'jsonl', '--search', deviceId(2), '--data', data)
    expect(jsonLines(some.stdout)).toHaveLength(1)
  })

  it('verify: ok, and damaged when a hand was in it', async () => {
    const { data } = folderWithRecords()
    const good = await station('ledger', 'verify', '--json', '--data', data)
    expect(good.code).toBe(0)
    expect(jsonLines(good.stdout)).toMatchObject([{ ok: true, records: 3, problems: [], head: { sequence: 5 } }])
    const hand = new Sqlite(dataFolderAt(data).ledger)
    const triggers = hand.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all()
    for (const { name } of triggers) hand.exec(`DROP TRIGGER ${name}`)
    hand.exec("UPDATE closing SET duration_ms = 1 WHERE outcome = 'fail'")
    hand.close()
    const bad = await station('ledger', 'verify', '--data', data)
    expect(bad.code).toBe(3)
    expect(bad.stdout).toMatch(/^DAMAGED: 3 records/)
    expect(linesOf(bad.stderr).length).toBeGreaterThan(0)
  })

  it.each(['list', 'show r', 'export', 'verify'])(
    '%s where no station ever was: one line, exit 2, nothing made',
    async (verb) => {
      const data = join(temporaryFolder(), 'typo')
      const ended = await station('ledger', ...verb.split(' '), '--data', data)
      expect(ended).toMatchObject({ code: 2, stdout: '' })
      expect(linesOf(ended.stderr)).toEqual([`${join(data, 'ledger.sqlite')}: no station has kept records here`])
      expect(existsSync(data)).toBe(false)
    },
  )

  it('of a file that is no ledger: one line, exit 3', async () => {
    const data = temporaryFolder()
    writeFileSync(dataFolderAt(data).ledger, 'not a database, by any means, and long enough to be looked at'.repeat(40))
    const ended = await station('ledger', 'list', '--data', data)
    expect(ended).toMatchObject({ code: 3, stdout: '' })
    expect(linesOf(ended.stderr)).toEqual([expect.stringMatching(/^LEDGER_DAMAGED: .*ledger\.sqlite/)])
  })

  it('read while a station writes', async () => {
    const data = temporaryFolder()
    const running = startStation(['demo', '--headless', '--boards', '4', '--sim-speed', '3', '--json', '--data', data])
    await running.said('"outcome"')
    const [list, verify, csv] = await Promise.all([
      station('ledger', 'list', '--json', '--data', data),
      station('ledger', 'verify', '--data', data),
      station('ledger', 'export', '--data', data),
    ])
    expect([list.code, verify.code, csv.code]).toEqual([0, 0, 0])
    expect(jsonLines(list.stdout).some(({ outcome }) => outcome === 'pass')).toBe(true)
    expect(running.child.exitCode).toBeNull()
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('devices and identify', () => {
  it('say what is on the bench, and write nothing', async () => {
    const data = join(temporaryFolder(), 'data')
    const bench = ['--sim', 'boron:1,photon:1,p2:1', '--sim-speed', '60', '--data', data]
    const [devices, identify, told] = await Promise.all([
      station('devices', '--json', ...bench),
      station('identify', '--json', ...bench),
      station('identify', ...bench),
    ])
    expect([devices.code, identify.code, told.code]).toEqual([0, 0, 0])
    const found = jsonLines(devices.stdout)
    expect(found.map(({ portPath, platform, mode, fault }) => [portPath, platform, mode, fault])).toEqual([
      ['1-1.1', 'boron', 'normal', null],
      ['1-1.2', 'photon', 'normal', null],
      ['1-1.3', 'p2', 'normal', null],
    ])
    const known = jsonLines(identify.stdout)
    expect(known.map(({ deviceId: id }) => id)).toEqual(found.map(({ deviceId: id }) => id))
    expect(known[0]).toMatchObject({ iccid: expect.stringMatching(/^89/), deviceOsVersion: expect.any(String) })
    expect(known[1]).toMatchObject({ iccid: null, notReadable: { iccid: expect.any(String) } })
    for (const board of known) {
      const values = [
        ...(['serialNumber', 'iccid', 'imei', 'deviceOsVersion', 'isProtected', 'isListening', 'setupDone'] as const),
        ...(['ncpVersion', 'ncpModuleVersion', 'answersRequests', 'modules', 'assets'] as const),
      ]
      const reasons = board['notReadable'] as Readonly<Record<string, string>>
      for (const name of values) expect(board[name] === null, name).toBe(name in reasons)
    }
    expect(told.stdout).toContain('not readable because')
    expect(existsSync(data)).toBe(false)
  })

  it('a board that does not say who it is gives exit 1, and its fault', async () => {
    const file = join(temporaryFolder(), 'bench.json')
    const boards = [{ platform: 'boron' }, { platform: 'p2', faults: ['access denied'] }]
    writeFileSync(file, JSON.stringify({ format: 'dfu-station-bench', version: 1, boards }))
    const { code, stdout } = await station('identify', '--json', '--sim', file, '--sim-speed', '60')
    expect(code).toBe(1)
    expect(jsonLines(stdout)[1]).toMatchObject({ deviceId: null, fault: { code: 'USB_ACCESS_DENIED' } })
  })
})

describe('doctor', () => {
  it('gives findings, each with what to do; exit 3 when something is missing', async () => {
    const { code, stdout } = await station('doctor', '--json', '--data', temporaryFolder())
    const findings = jsonLines(stdout)
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Node', 'Data folder', 'Disk', 'USB library']),
    )
    expect(findings.every(({ ok, remedy }) => ok === (remedy === null))).toBe(true)
    expect(code).toBe(findings.every(({ ok }) => ok) ? 0 : 3)
  })

  it('makes no folder, and names one that cannot be made', async () => {
    const folder = temporaryFolder()
    const data = join(folder, 'not', 'yet')
    const fine = await station('doctor', '--json', '--data', data)
    expect(jsonLines(fine.stdout).find(({ name }) => name === 'Data folder')).toMatchObject({ ok: true })
    expect(existsSync(join(folder, 'not'))).toBe(false)
    writeFileSync(join(folder, 'file'), '')
    const wrong = await station('doctor', '--json', '--data', join(folder, 'file', 'data'))
    expect(wrong.code).toBe(3)
    expect(jsonLines(wrong.stdout).find(({ name }) => name === 'Data folder')).toMatchObject({ ok: false })
  })
})
