// A record of the ledger as a person reads it in a terminal: the board, the job, and its modules before and after.
import { isAlreadyCurrent } from '../../shared/model/already-current.ts'
import { moduleName, validityText } from '../../shared/model/module.ts'
import type { LedgerRecord, ModuleReading, ModuleRecord } from '../../shared/model/record.ts'

/** Several lines; what was not read says why. */
export function recordText(record: LedgerRecord): string {
  return [`record ${record.recordId}`, ...boardLines(record), ...jobLines(record), ...moduleLines(record)].join('\n')
}

function boardLines({ closing, ...record }: LedgerRecord): readonly string[] {
  return [
    `  board: ${record.platform} ${record.deviceId}${record.isSimulated ? ', simulated' : ''}`,
    `  place: slot ${record.slot}, port ${record.portPath}, station ${record.stationId}`,
    `  serial number: ${stated(closing?.serialNumber ?? record.serialNumber, record.serialNumberReason)}`,
    `  ICCID: ${stated(closing?.iccid ?? record.iccid, record.iccidReason)}`,
    `  IMEI: ${stated(closing?.imei ?? record.imei, record.imeiReason)}`,
    `  Device OS before: ${stated(record.deviceOsBefore, record.deviceOsBeforeReason)}`,
    ...(closing ? [`  Device OS after: ${stated(closing.deviceOsAfter, closing.deviceOsAfterReason)}`] : []),
  ]
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
