// Records to fill ledgers with, plain enough for child processes.
import type { DeviceId, PortPath, RecordId, Sha256 } from '../../src/shared/model/ids.ts'
import type {
  ModuleReading,
  ModuleRecord,
  RecordClosing,
  RecordOpening,
  StepRecord,
} from '../../src/shared/model/record.ts'

export const startOfTime = Date.UTC(2026, 10, 21, 8)

export function deviceIdOf(number: number): DeviceId {
  return `e00fce68${number.toString(16).padStart(16, '0')}` as DeviceId
}

function sha256Of(letter: string): Sha256 {
  return letter.repeat(64) as Sha256
}

export function opening(fields: Partial<RecordOpening> = {}): RecordOpening {
  return {
    job: 'flash',
    slot: 3,
    portPath: '1-2.3' as PortPath,
    platform: 'boron',
    deviceId: deviceIdOf(1),
    device: null,
    serialNumber: 'B4000HAF1234567',
    serialNumberReason: null,
    iccid: '89014103211118510720',
    iccidReason: null,
    imei: '356726100000001',
    imeiReason: null,
    deviceOsBefore: '3.3.1',
    deviceOsBeforeReason: null,
    recipeName: 'Boron to 4.0.2',
    recipeSha256: sha256Of('a'),
    isSimulated: false,
    startedAt: startOfTime,
    plan: ['Switch to DFU', 'Write system 1'],
    modulesBefore: [moduleReading({ version: 2011 })],
    modulesBeforeReason: null,
    operator: 'Mei',
    label: {},
    board: null,
    limits: null,
    ...fields,
  }
}

function moduleReading(fields: Partial<ModuleReading> = {}): ModuleReading {
  return {
    kind: 'system',
    index: 1,
    version: 4006,
    integrity: 'passed',
    dependenciesMet: 'passed',
    suffixSha256: null,
    ...fields,
  }
}

export function moduleRecord(fields: Partial<ModuleRecord> = {}): ModuleRecord {
  return {
    kind: 'system',
    index: 1,
    before: 2011,
    target: 4006,
    after: 4006,
    sha256: sha256Of('b'),
    readBackSha256: sha256Of('b'),
    proof: 'read-back',
    action: 'written',
    reason: null,
    ...fields,
  }
}

export function stepRecord(position: number, fields: Partial<StepRecord> = {}): StepRecord {
  const startedAt = startOfTime + position
  const rest = { durationMs: 12, result: 'done', bytes: 4096, detail: null } as const
  return { position, name: `Step ${position}`, startedAt, ...rest, ...fields }
}

export function closing(recordId: RecordId, fields: Partial<RecordClosing> = {}): RecordClosing {
  return {
    recordId,
    outcome: 'pass',
    fault: null,
    endedAt: startOfTime + 41_000,
    durationMs: 41_000,
    deviceOsAfter: '4.0.2',
    deviceOsAfterReason: null,
    iccid: null,
    imei: null,
    serialNumber: null,
    steps: [stepRecord(0), stepRecord(1)],
    modules: [moduleRecord(), moduleRecord({ kind: 'user', proof: 'none', action: 'skipped', readBackSha256: null })],
    images: [],
    deviceAfter: null,
    modulesAfter: [
      moduleReading(),
      moduleReading({ kind: 'user', version: 6, dependenciesMet: 'failed', suffixSha256: sha256Of('c') }),
    ],
    modulesAfterReason: null,
    ...fields,
  }
}
