// Records to fill ledgers with, plain enough for child processes.
import { type DfuIdentity, usbIdText } from '../../src/shared/model/dfu-identity.ts'
import type { DeviceId, PortPath, RecordId, Sha256 } from '../../src/shared/model/ids.ts'
import type {
  ImageRecord,
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

/** An STM32 whose program runs. */
export function device(fields: Partial<DfuIdentity> = {}): DfuIdentity {
  const ids = { vendorId: 0x1234, productId: 0xabcd, ...fields }
  return {
    kind: 'dfu',
    portPath: '1-2.3' as PortPath,
    mode: 'normal',
    revision: 0x0101,
    manufacturer: { known: true, value: 'Blinky GmbH' },
    productName: { known: true, value: 'Blinky Lamp' },
    serialNumber: { known: true, value: '3677365A3037' },
    twins: [],
    protocol: { known: false, reason: 'its program runs' },
    canUpload: true,
    canDownload: true,
    memories: [],
    instances: [
      { instanceId: 'USB\\VID_1234&PID_ABCD&REV_0101', guid: '55bd4c4c-f1c3-5d6c-9cf6-0a4c0b1e5d10' },
      { instanceId: 'USB\\VID_1234&PID_ABCD', guid: '0b6d9e0f-8d5a-5f0e-a5cf-2f3f6a1d7c22' },
    ],
    quirks: [],
    isSharedLoader: false,
    ...ids,
  }
}

/** Its loader: other ids, another serial number, DfuSe. */
export function loader(fields: Partial<DfuIdentity> = {}): DfuIdentity {
  return device({
    ...{ mode: 'dfu', vendorId: 0x0483, productId: 0xdf11, revision: 0x2200, isSharedLoader: true },
    productName: { known: true, value: 'STM32  BOOTLOADER' },
    protocol: { known: true, value: 'dfuse' },
    memories: [{ alternate: 0, name: '@Internal Flash  /0x08000000/064*0002Kg' }],
    instances: [{ instanceId: 'USB\\VID_0483&PID_DF11', guid: 'f2ad4a0c-2a3b-5a3b-8d41-7c8a7b1e9a01' }],
    quirks: ['action-required'],
    ...fields,
  })
}

export function deviceOpening(fields: Partial<RecordOpening> = {}): RecordOpening {
  const found = fields.device ?? device()
  const silent = 'a DFU device has none'
  return opening({
    ...{ platform: null, deviceId: null, device: found, portPath: found.portPath },
    serialNumber: found.serialNumber.known ? found.serialNumber.value : null,
    serialNumberReason: found.serialNumber.known ? null : found.serialNumber.reason,
    ...{ iccid: null, iccidReason: silent, imei: null, imeiReason: silent },
    ...{ deviceOsBefore: null, deviceOsBeforeReason: silent, modulesBefore: [], modulesBeforeReason: silent },
    recipeName: `${usbIdText(found)} to 1.02`,
    plan: ['Write Internal Flash'],
    ...fields,
  })
}

export function imageRecord(fields: Partial<ImageRecord> = {}): ImageRecord {
  return {
    position: 1,
    alternate: 0,
    memory: 'Internal Flash',
    address: 0x0800_0000,
    sizeBytes: 2048,
    sha256: sha256Of('d'),
    readBackSha256: sha256Of('d'),
    proof: 'read-back',
    action: 'written',
    reason: null,
    ...fields,
  }
}

export function deviceClosing(recordId: RecordId, fields: Partial<RecordClosing> = {}): RecordClosing {
  const silent = 'a DFU device has none'
  return closing(recordId, {
    ...{ deviceOsAfter: null, deviceOsAfterReason: silent, modules: [], modulesAfter: [], modulesAfterReason: silent },
    images: [imageRecord()],
    deviceAfter: device({ revision: 0x0102 }),
    ...fields,
  })
}
