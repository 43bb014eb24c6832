// CSV for spreadsheets (RFC 4180): one row a record, modules and images in words. Every text is quoted and keeps all its digits;
// what a spreadsheet would run as a formula begins with an apostrophe instead, because names come from outside.
import type { Database } from 'better-sqlite3'
import { stringify } from 'csv-stringify/sync'
import { faultCodes } from '../../shared/fault/fault-codes.ts'
import { isAlreadyCurrent } from '../../shared/model/already-current.ts'
import type { BoardAssets, Readable } from '../../shared/model/identity.ts'
import { moduleName, validityText } from '../../shared/model/module.ts'
import type { LedgerRecord, ModuleReading, ModuleRecord } from '../../shared/model/record.ts'
import { deviceColumns } from './csv-device-columns.ts'
import { exportRecords } from './export-records.ts'
import type { LedgerFilter } from './ledger.ts'

type Cell = string | number | null | undefined

/** Columns in order. Times are ISO 8601 UTC; an empty field is unknown. */
const columns: Readonly<Record<string, (record: LedgerRecord) => Cell>> = {
  record_id: (record) => record.recordId,
  outcome: ({ closing }) => closing?.outcome ?? 'open',
  fault_code: ({ closing }) => closing?.fault?.code ?? null,
  fault: ({ closing }) => (closing?.fault ? (faultCodes[closing.fault.code]?.title ?? null) : null),
  fault_detail: ({ closing }) => closing?.fault?.detail ?? null,
  started_at: (record) => timeText(record.startedAt),
  ended_at: ({ closing }) => (closing ? timeText(closing.endedAt) : null),
  duration_ms: ({ closing }) => closing?.durationMs ?? null,
  station_id: (record) => record.stationId,
  software_version: (record) => record.softwareVersion,
  slot: (record) => record.slot,
  port_path: (record) => record.portPath,
  platform: (record) => record.platform,
  device_id: (record) => record.deviceId,
  serial_number: (record) => record.serialNumber ?? record.closing?.serialNumber ?? null,
  serial_number_reason: (record) => (record.closing?.serialNumber ? null : record.serialNumberReason),
  iccid: (record) => record.iccid ?? record.closing?.iccid ?? null,
  iccid_reason: (record) => (record.closing?.iccid ? null : record.iccidReason),
  imei: (record) => record.imei ?? record.closing?.imei ?? null,
  imei_reason: (record) => (record.closing?.imei ? null : record.imeiReason),
  device_os_before: (record) => record.deviceOsBefore,
  device_os_before_reason: (record) => record.deviceOsBeforeReason,
  device_os_after: ({ closing }) => closing?.deviceOsAfter ?? null,
  device_os_after_reason: ({ closing }) => closing?.deviceOsAfterReason ?? null,
  recipe: (record) => record.recipeName,
  recipe_sha256: (record) => record.recipeSha256,
  simulated: (record) => (record.isSimulated ? 'yes' : 'no'),
  operator: (record) => record.operator,
  modules: ({ closing }) => closing?.modules.map(moduleText).join('; ') ?? null,
  modules_before: (record) => record.modulesBefore.map(readingText).join('; '),
  modules_before_reason: (record) => record.modulesBeforeReason,
  modules_after: ({ closing }) => closing?.modulesAfter.map(readingText).join('; ') ?? null,
  modules_after_reason: ({ closing }) => closing?.modulesAfterReason ?? null,
  job: (record) => record.job,
  already_current: (record) => (isAlreadyCurrent(record) ? 'yes' : 'no'),
  label: (record) => labelText(record.label),
  mode: ({ board, device }) => board?.mode ?? device?.mode ?? null,
  protected: ({ board }) => statedText(board?.isProtected),
  listening: ({ board }) => statedText(board?.isListening),
  setup_done: ({ board }) => statedText(board?.setupDone),
  ncp_version: ({ board }) => statedText(board?.ncpVersion),
  assets: ({ board }) => assetsText(board?.assets),
  ...deviceColumns,
}

export function exportCsv(database: Database, filter: LedgerFilter): AsyncGenerator<string, void, undefined> {
  const cells = Object.values(columns)
  return exportRecords(database, filter, {
    head: rowsText([Object.keys(columns)]),
    text: (records) => rowsText(records.map((record) => cells.map((cell) => cell(record)))),
  })
}

function rowsText(rows: readonly (readonly Cell[])[]): string {
  return stringify([...rows], { escape_formulas: true, quoted_string: true, record_delimiter: 'windows' })
}

function timeText(ms: number): string {
  return new Date(ms).toISOString()
}

/** "system 1: 2011>4006 read-back"; a question mark where the board could not say. */
function moduleText(module: ModuleRecord): string {
  const before = module.before ?? '?'
  switch (module.action) {
    case 'written':
    case 'updated':
      return `${moduleName(module)}: ${before}>${module.after ?? '?'} ${proofText(module)}`
    case 'unchanged':
      return `${moduleName(module)}: ${before} unchanged ${proofText(module)}`
    case 'skipped':
    case 'not reached':
      return `${moduleName(module)}: ${before} ${module.action} (target ${module.target})`
  }
}

/** "system 1: 5600 valid, SHA-256 04f8..."; the hash only where the board said it. */
function readingText(reading: ModuleReading): string {
  const { version, suffixSha256 } = reading
  const hash = suffixSha256 === null ? '' : `, SHA-256 ${suffixSha256}`
  return `${moduleName(reading)}: ${version} ${validityText(reading)}${hash}`
}

/** "lot=7; product=Blinky", in the order of the recipe. */
function labelText(label: LedgerRecord['label']): string | null {
  const parts = Object.entries(label).map(([name, value]) => `${name}=${value}`)
  return parts.length === 0 ? null : parts.join('; ')
}

/** The value, "?" with the reason, or nothing where nobody asked. */
function statedText(value: Readable<string | boolean> | undefined): string | null {
  if (!value) return null
  if (!value.known) return `? ${value.reason}`
  if (typeof value.value === 'string') return value.value
  return value.value ? 'yes' : 'no'
}

function assetsText(assets: Readable<BoardAssets> | undefined): string | null {
  if (!assets) return null
  if (!assets.known) return `? ${assets.reason}`
  return assets.value.available.map(({ name, sha256 }) => `${name} SHA-256 ${sha256}`).join('; ')
}

function proofText({ proof }: ModuleRecord): string {
  return proof === 'none' ? 'not proven' : proof
}
