// A record of the ledger as a person reads it in a terminal: the board, the job, and its modules before and after, or the
// pieces of image that went to a DFU device.
import { placeText } from '../../shared/model/address.ts'
import { isAlreadyCurrent } from '../../shared/model/already-current.ts'
import { recordName, recordType } from '../../shared/model/board-name.ts'
import { type DfuIdentity, revisionText, usbIdText } from '../../shared/model/dfu-identity.ts'
import { moduleName, validityText } from '../../shared/model/module.ts'
import type { ImageRecord, LedgerRecord, ModuleReading, ModuleRecord } from '../../shared/model/record.ts'
import { twinsOf } from '../../shared/model/record-twins.ts'

/** Several lines; what was not read says why. */
export function recordText(record: LedgerRecord): string {
  const { device } = record
  return [
    `record ${record.recordId}`,
    `  board: ${recordType(record)} ${recordName(record)}${record.isSimulated ? ', simulated' : ''}`,
    `  place: slot ${record.slot}, port ${record.portPath}, station ${record.stationId}`,
    `  serial number: ${stated(record.closing?.serialNumber ?? record.serialNumber, record.serialNumberReason)}`,
    ...(device ? deviceLines(record, device) : boardLines(record)),
    ...jobLines(record),
    ...(device ? imageLines(record) : moduleLines(record)),
  ].join('\n')
}

function boardLines({ closing, ...record }: LedgerRecord): readonly string[] {
  return [
    `  ICCID: ${stated(closing?.iccid ?? record.iccid, record.iccidReason)}`,
    `  IMEI: ${stated(closing?.imei ?? record.imei, record.imeiReason)}`,
    `  Device OS before: ${stated(record.deviceOsBefore, record.deviceOsBeforeReason)}`,
    ...(closing ? [`  Device OS after: ${stated(closing.deviceOsAfter, closing.deviceOsAfterReason)}`] : []),
  ]
}

/** Its serial number is no name where others have the same; the record says so. */
function deviceLines(record: LedgerRecord, device: DfuIdentity): readonly string[] {
  const { manufacturer, protocol, instances, quirks } = device
  const { closing } = record
  const twins = twinsOf(record)
  const same = `also on ${twins.join(', ')}: it tells nothing, the port tells them apart`
  const after = closing?.deviceAfter
  return [
    ...(twins.length > 0 ? [`  the same serial number: ${same}`] : []),
    `  made by: ${manufacturer.known ? manufacturer.value : `not readable because ${manufacturer.reason}`}`,
    `  before: ${modeText(device)}`,
    ...(closing ? [`  after: ${after ? modeText(after) : 'not asked again'}`] : []),
    `  protocol: ${protocol.known ? protocol.value : `not known because ${protocol.reason}`}`,
    ...instances.map(({ instanceId, guid }) => `  ${guid}  ${instanceId}`),
    ...(quirks.length > 0 ? [`  quirks: ${quirks.join(', ')}`] : []),
  ]
}

/** Of its loader the version says nothing of the program. */
function modeText({ mode, revision, ...device }: DfuIdentity): string {
  const what = mode === 'normal' ? 'its program ran, version' : 'in its loader, version'
  return `${usbIdText(device)}, ${what} ${revisionText(revision)}`
}

function imageLines({ closing }: LedgerRecord): readonly string[] {
  return closing ? ['  images:', ...closing.images.map(imageLine)] : []
}

function imageLine(image: ImageRecord): string {
  const { position, memory, address, sizeBytes, action, proof, sha256, readBackSha256, reason } = image
  const place = placeText({ memory, address })
  const proven = proof === 'none' ? 'not proven' : proof
  const read = readBackSha256 === null || readBackSha256 === sha256 ? '' : `, read back ${shortHash(readBackSha256)}`
  const why = reason === null ? '' : `: ${reason}`
  return `    ${position}  ${place}  ${sizeBytes} bytes  ${action}  ${proven}  ${shortHash(sha256)}${read}${why}`
}

function jobLines({ closing, ...record }: LedgerRecord): readonly string[] {
  const fault = closing?.fault ? ` ${closing.fault.code}: ${closing.fault.detail}` : ''
  const began = [
    `  job: ${record.job}${isAlreadyCurrent({ ...record, closing }) ? ', already current: nothing was written' : ''}`,
    `  recipe: ${record.recipeName} (${shortHash(record.recipeSha256)})`,
    `  operator: ${record.operator ?? 'not named'}`,
    ...Object.entries(record.label).map(([name, value]) => `  label: ${name}: ${value}`),
    `  software: ${record.softwareVersion}`,
    `  started: ${new Date(record.startedAt).toISOString()}`,
  ]
  if (!closing) return [...began, '  outcome: still open', '  plan:', ...record.plan.map((line) => `    ${line}`)]
  const steps = closing.steps.map(({ position, name, result, durationMs, detail }) => {
    const why = detail === null ? '' : `: ${detail}`
    return `    ${position}  ${name}  ${result}  ${seconds(durationMs)}${why}`
  })
  return [
    ...began,
    `  took: ${seconds(closing.durationMs)}`,
    `  outcome: ${closing.outcome}${fault}`,
    '  steps:',
    ...steps,
  ]
}

function moduleLines({ closing, ...record }: LedgerRecord): readonly string[] {
  const before = readings('before', record.modulesBefore, record.modulesBeforeReason)
  if (!closing) return before
  const after = readings('after', closing.modulesAfter, closing.modulesAfterReason)
  return ['  targets:', ...closing.modules.map(targetLine), ...before, ...after]
}

function targetLine(module: ModuleRecord): string {
  const versions = `${module.before ?? '?'} -> ${module.after ?? '?'} (target ${module.target})`
  const proof = module.proof === 'none' ? 'not proven' : module.proof
  return `    ${moduleName(module)}  ${versions}  ${module.action}  ${proof}  ${shortHash(module.sha256)}`
}

function readings(when: string, modules: readonly ModuleReading[], reason: string | null): readonly string[] {
  if (reason !== null) return [`  modules ${when}: not readable because ${reason}`]
  const rows = modules.map((module) => {
    const hash = module.suffixSha256 === null ? 'no hash reported' : shortHash(module.suffixSha256)
    return `    ${moduleName(module)}  ${module.version}  ${validityText(module)}  ${hash}`
  })
  return [`  modules ${when}:`, ...rows]
}

function stated(value: string | null, reason: string | null): string {
  return value ?? (reason === null ? 'not known' : `not readable because ${reason}`)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function shortHash(sha256: string): string {
  return sha256.slice(0, 12)
}
