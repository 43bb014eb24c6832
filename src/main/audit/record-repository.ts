// Writes records. An opening is one transaction and a closing with its steps, modules and images is one:
// on the disk when the call returns, or absent. Nothing is ever updated.
import type { Database } from 'better-sqlite3'
import { Fault, type FaultReport } from '../../shared/fault/fault.ts'
import type { RecordId } from '../../shared/model/ids.ts'
import type { RecordClosing, RecordOpening } from '../../shared/model/record.ts'
import { deviceWordsOf, imageRow } from './device-rows.ts'
import { chainAppender } from './hash-chain.ts'
import { withLedgerFaults } from './ledger-faults.ts'
import { limitKeeper } from './recipe-limits.ts'
import { recordIdMaker } from './record-id.ts'
import { searchKeysOf } from './search-keys.ts'
import { closingRow, interruptedClosing, openingRow, stepRow } from './written-rows.ts'

export interface RecordWriter {
  openRecord(opening: RecordOpening): RecordId
  closeRecord(closing: RecordClosing): void
  closeInterrupted(fault: FaultReport): readonly RecordId[]
}

export interface WriterOptions {
  readonly stationId: string
  readonly softwareVersion: string
  readonly now: () => number
}

const insertRecord = `
INSERT INTO record (record_id, station_id, software_version, slot, port_path, platform, device_id, serial_number,
  serial_number_reason, iccid, iccid_reason, imei, imei_reason, device_os_before, device_os_before_reason, recipe_name,
  recipe_sha256, is_simulated, started_at, plan, modules_before, modules_before_reason, operator,
  job, label, board, device, device_name, has_own_serial, revision_before)
VALUES (@recordId, @stationId, @softwareVersion, @slot, @portPath, @platform, @deviceId, @serialNumber,
  @serialNumberReason, @iccid, @iccidReason, @imei, @imeiReason, @deviceOsBefore, @deviceOsBeforeReason, @recipeName,
  @recipeSha256, @isSimulated, @startedAt, @plan, @modulesBefore, @modulesBeforeReason, @operator,
  @job, @label, @board, @device, @deviceName, @hasOwnSerial, @revisionBefore)`

const insertClosing = `
INSERT INTO closing (record_id, outcome, fault_code, fault_detail, ended_at, duration_ms, device_os_after,
  device_os_after_reason, iccid, imei, serial_number, step_count, module_count, modules_after, modules_after_reason,
  device_after, revision_after, image_count)
VALUES (@recordId, @outcome, @faultCode, @faultDetail, @endedAt, @durationMs, @deviceOsAfter,
  @deviceOsAfterReason, @iccid, @imei, @serialNumber, @stepCount, @moduleCount, @modulesAfter, @modulesAfterReason,
  @deviceAfter, @revisionAfter, @imageCount)`

const insertStep = `
INSERT INTO step (record_id, position, name, started_at, duration_ms, result, bytes, detail)
VALUES (@recordId, @position, @name, @startedAt, @durationMs, @result, @bytes, @detail)`

const insertModule = `
INSERT INTO module (record_id, position, kind, module_index, before_version, target_version, after_version, sha256,
  read_back_sha256, proof, action, reason)
VALUES (@recordId, @position, @kind, @index, @before, @target, @after, @sha256, @readBackSha256, @proof, @action, @reason)`

const insertImage = `
INSERT INTO image (record_id, position, alternate, memory, address, size_bytes, sha256, read_back_sha256, proof, action,
  reason)
VALUES (@recordId, @position, @alternate, @memory, @address, @sizeBytes, @sha256, @readBackSha256, @proof, @action,
  @reason)`

/** Prepares its statements once. */
export function recordWriter(database: Database, { stationId, softwareVersion, now }: WriterOptions): RecordWriter {
  const nextId = recordIdMaker(now)
  const chain = chainAppender(database)
  const record = database.prepare(insertRecord)
  const writeClosing = closingWriter(database)
  const key = database.prepare('INSERT INTO search_key (key, record_number) VALUES (?, ?)')
  const refuse = limitKeeper(database, now)
  const openRows = database.prepare<[], { record_id: RecordId; started_at: number }>(
    `SELECT record_id, started_at FROM record
     WHERE NOT EXISTS (SELECT 1 FROM closing WHERE closing.record_id = record.record_id) ORDER BY number`,
  )

  const open = database.transaction((opening: RecordOpening): RecordId => {
    refuse(opening)
    const row = openingRow(opening)
    const recordId = nextId()
    const { lastInsertRowid } = record.run({ ...row, recordId, stationId, softwareVersion })
    const ids = [recordId, row.deviceId, row.iccid, row.imei, row.serialNumber, row.portPath]
    for (const word of searchKeysOf([...ids, ...deviceWordsOf(opening.device)])) key.run(word, lastInsertRowid)
    chain('open', recordId)
    return recordId
  })
  const close = database.transaction((closing: RecordClosing): void => {
    writeClosing(closing)
    chain('close', closing.recordId)
  })
  const interrupt = database.transaction((fault: FaultReport): readonly RecordId[] => {
    const endedAt = now()
    const rows = openRows.all()
    for (const row of rows) close(interruptedClosing(row.record_id, { startedAt: row.started_at, endedAt, fault }))
    return rows.map((row) => row.record_id)
  })

  return {
    openRecord: (opening) => withLedgerFaults('open a record', () => open.immediate(opening)),
    closeRecord: (closing) => withLedgerFaults(`close record ${closing.recordId}`, () => close.immediate(closing)),
    closeInterrupted: (fault) => withLedgerFaults('close what was cut off', () => interrupt.immediate(fault)),
  }
}

/** Writes steps, modules and images, and the closing last: the tables refuse them for a record that is closed. */
function closingWriter(database: Database): (closing: RecordClosing) => void {
  const state = database.prepare<[string], { number: number; is_device: 0 | 1; closed: 0 | 1 }>(
    `SELECT number, device IS NOT NULL AS is_device,
       EXISTS (SELECT 1 FROM closing WHERE closing.record_id = record.record_id) AS closed
     FROM record WHERE record_id = ?`,
  )
  const insert = database.prepare(insertClosing)
  const writeParts = partsWriter(database)
  const hasKey = database.prepare('SELECT 1 FROM search_key WHERE key = ? AND record_number = ?')
  const key = database.prepare('INSERT INTO search_key (key, record_number) VALUES (?, ?)')
  return (closing) => {
    const { recordId, deviceAfter } = closing
    const found = state.get(recordId)
    if (found === undefined) throw new Fault('INTERNAL', `there is no record ${recordId} to close`)
    if (found.closed === 1) throw new Fault('INTERNAL', `record ${recordId} is closed already`)
    writeParts(closing)
    const row = closingRow(closing, found.is_device === 1)
    insert.run(row)
    for (const word of searchKeysOf([row.iccid, row.imei, row.serialNumber, ...deviceWordsOf(deviceAfter)])) {
      if (hasKey.get(word, found.number) === undefined) key.run(word, found.number)
    }
  }
}

function partsWriter(database: Database): (closing: RecordClosing) => void {
  const step = database.prepare(insertStep)
  const module = database.prepare(insertModule)
  const image = database.prepare(insertImage)
  return ({ recordId, steps, modules, images }) => {
    for (const row of steps) step.run(stepRow(recordId, row))
    modules.forEach((row, position) => {
      module.run({ ...row, recordId, position })
    })
    for (const row of images) image.run(imageRow(recordId, row))
  }
}
