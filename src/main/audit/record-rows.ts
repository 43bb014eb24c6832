// Rows of the ledger as SQLite gives them, and their way into the model. Rows were checked by the tables' own rules
// when they were written, so the parsers here only rename and join.
import type { FaultReport } from '../../shared/fault/fault.ts'
import type { FaultCode } from '../../shared/fault/fault-codes.ts'
import { recordName, recordType } from '../../shared/model/board-name.ts'
import type { DfuIdentity } from '../../shared/model/dfu-identity.ts'
import type { DeviceId, PortPath, RecordId, Sha256 } from '../../shared/model/ids.ts'
import type { PlatformName } from '../../shared/model/platform.ts'
import type { JobKind } from '../../shared/model/recipe.ts'
import type {
  ImageRecord,
  LedgerRecord,
  ModuleReading,
  ModuleRecord,
  Outcome,
  RecordSummary,
  StepRecord,
} from '../../shared/model/record.ts'

export interface RecordRow {
  readonly number: number
  readonly record_id: RecordId
  readonly station_id: string
  readonly software_version: string
  readonly slot: number
  readonly port_path: PortPath
  readonly platform: PlatformName | null
  readonly device_id: DeviceId | null
  readonly serial_number: string | null
  readonly serial_number_reason: string | null
  readonly iccid: string | null
  readonly iccid_reason: string | null
  readonly imei: string | null
  readonly imei_reason: string | null
  readonly device_os_before: string | null
  readonly device_os_before_reason: string | null
  readonly recipe_name: string
  readonly recipe_sha256: Sha256
  readonly is_simulated: 0 | 1
  readonly started_at: number
  readonly plan: string
  readonly modules_before: string
  readonly modules_before_reason: string | null
  readonly operator: string | null
  /** The next three are null in rows of version 1. */
  readonly job: JobKind | null
  readonly label: string | null
  readonly board: string | null
  /** JSON of a DfuIdentity; null for Particle boards, where platform and device_id say it. */
  readonly device: string | null
}

export interface ClosingRow {
  readonly record_id: RecordId
  readonly outcome: Outcome
  readonly fault_code: FaultCode | null
  readonly fault_detail: string | null
  readonly ended_at: number
  readonly duration_ms: number
  readonly device_os_after: string | null
  readonly device_os_after_reason: string | null
  readonly iccid: string | null
  readonly imei: string | null
  readonly serial_number: string | null
  readonly step_count: number
  readonly module_count: number
  readonly modules_after: string
  readonly modules_after_reason: string | null
  readonly device_after: string | null
}

export interface StepRow {
  readonly position: number
  readonly name: string
  readonly started_at: number
  readonly duration_ms: number
  readonly result: StepRecord['result']
  readonly bytes: number
  readonly detail: string | null
}

export interface ModuleRow {
  readonly kind: ModuleRecord['kind']
  readonly module_index: number
  readonly before_version: number | null
  readonly target_version: number
  readonly after_version: number | null
  readonly sha256: Sha256
  readonly read_back_sha256: Sha256 | null
  readonly proof: ModuleRecord['proof']
  readonly action: ModuleRecord['action']
  readonly reason: string | null
}

export interface ImageRow {
  readonly position: number
  readonly alternate: number
  readonly memory: string
  readonly address: number | null
  readonly size_bytes: number
  readonly sha256: Sha256
  readonly read_back_sha256: Sha256 | null
  readonly proof: ImageRecord['proof']
  readonly action: ImageRecord['action']
  readonly reason: string | null
}

export interface SummaryRow {
  readonly number: number
  readonly record_id: RecordId
  readonly started_at: number
  readonly slot: number
  readonly port_path: PortPath
  readonly platform: PlatformName | null
  readonly device_id: DeviceId | null
  readonly device: string | null
  readonly revision_before: string | null
  readonly revision_after: string | null
  readonly iccid: string | null
  readonly outcome: Outcome | null
  readonly fault_code: string | null
  readonly duration_ms: number | null
  readonly recipe_name: string
  readonly device_os_before: string | null
  readonly device_os_after: string | null
  readonly is_simulated: 0 | 1
  readonly job: JobKind | null
  readonly already_current: 0 | 1
}

export interface ClosingRows {
  readonly closing: ClosingRow
  readonly steps: readonly StepRow[]
  readonly modules: readonly ModuleRow[]
  readonly images: readonly ImageRow[]
}

export function recordFrom(row: RecordRow, closed: ClosingRows | null): LedgerRecord {
  return {
    recordId: row.record_id,
    job: row.job ?? 'flash',
    stationId: row.station_id,
    softwareVersion: row.software_version,
    slot: row.slot,
    portPath: row.port_path,
    platform: row.platform,
    deviceId: row.device_id,
    device: deviceFrom(row.device),
    serialNumber: row.serial_number,
    serialNumberReason: row.serial_number_reason,
    iccid: row.iccid,
    iccidReason: row.iccid_reason,
    imei: row.imei,
    imeiReason: row.imei_reason,
    deviceOsBefore: row.device_os_before,
    deviceOsBeforeReason: row.device_os_before_reason,
    recipeName: row.recipe_name,
    recipeSha256: row.recipe_sha256,
    isSimulated: row.is_simulated === 1,
    startedAt: row.started_at,
    plan: JSON.parse(row.plan) as LedgerRecord['plan'],
    modulesBefore: JSON.parse(row.modules_before) as LedgerRecord['modulesBefore'],
    modulesBeforeReason: row.modules_before_reason,
    operator: row.operator,
    label: row.label === null ? {} : (JSON.parse(row.label) as LedgerRecord['label']),
    board: row.board === null ? null : (JSON.parse(row.board) as LedgerRecord['board']),
    closing: closed === null ? null : closingFrom(closed),
  }
}

function closingFrom({ closing, steps, modules, images }: ClosingRows): NonNullable<LedgerRecord['closing']> {
  return {
    outcome: closing.outcome,
    fault: faultFromRow(closing),
    endedAt: closing.ended_at,
    durationMs: closing.duration_ms,
    deviceOsAfter: closing.device_os_after,
    deviceOsAfterReason: closing.device_os_after_reason,
    iccid: closing.iccid,
    imei: closing.imei,
    serialNumber: closing.serial_number,
    steps: steps.map(stepFrom),
    modules: modules.map(moduleFrom),
    images: images.map(imageFrom),
    deviceAfter: deviceFrom(closing.device_after),
    modulesAfter: JSON.parse(closing.modules_after) as readonly ModuleReading[],
    modulesAfterReason: closing.modules_after_reason,
  }
}

function deviceFrom(text: string | null): DfuIdentity | null {
  return text === null ? null : (JSON.parse(text) as DfuIdentity)
}

function faultFromRow({ fault_code, fault_detail }: ClosingRow): FaultReport | null {
  return fault_code === null ? null : { code: fault_code, detail: fault_detail ?? '' }
}

function stepFrom(row: StepRow): StepRecord {
  return {
    position: row.position,
    name: row.name,
    startedAt: row.started_at,
    durationMs: row.duration_ms,
    result: row.result,
    bytes: row.bytes,
    detail: row.detail,
  }
}

function moduleFrom(row: ModuleRow): ModuleRecord {
  return {
    kind: row.kind,
    index: row.module_index,
    before: row.before_version,
    target: row.target_version,
    after: row.after_version,
    sha256: row.sha256,
    readBackSha256: row.read_back_sha256,
    proof: row.proof,
    action: row.action,
    reason: row.reason,
  }
}

function imageFrom(row: ImageRow): ImageRecord {
  return {
    position: row.position,
    alternate: row.alternate,
    memory: row.memory,
    address: row.address,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    readBackSha256: row.read_back_sha256,
    proof: row.proof,
    action: row.action,
    reason: row.reason,
  }
}

export function summaryFrom(row: SummaryRow): RecordSummary {
  const device = deviceFrom(row.device)
  return {
    recordId: row.record_id,
    job: row.job ?? 'flash',
    startedAt: row.started_at,
    slot: row.slot,
    portPath: row.port_path,
    type: recordType({ platform: row.platform, device }),
    name: recordName({ deviceId: row.device_id, device }),
    platform: row.platform,
    deviceId: row.device_id,
    iccid: row.iccid,
    outcome: row.outcome ?? 'open',
    alreadyCurrent: row.already_current === 1,
    faultCode: row.fault_code,
    durationMs: row.duration_ms,
    recipeName: row.recipe_name,
    deviceOsBefore: row.device_os_before,
    deviceOsAfter: row.device_os_after,
    revisionBefore: row.revision_before,
    revisionAfter: row.revision_after,
    isSimulated: row.is_simulated === 1,
  }
}
