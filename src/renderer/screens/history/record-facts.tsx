// The facts of a record besides its steps and modules.
import type { LedgerRecord } from '../../../shared/model/record.ts'
import { durationText, stampText } from '../../text/format.ts'
import { history } from '../../text/history.ts'
import { slotTexts } from '../../text/slot.ts'
import { type FactRow, Facts } from '../../ui/facts.tsx'

export function RecordFacts({ record }: { readonly record: LedgerRecord }) {
  return <Facts rows={[...boardRows(record), ...timeRows(record), ...placeRows(record)]} />
}

function boardRows({ closing, ...record }: LedgerRecord): FactRow[] {
  const iccid = closing?.iccid ?? record.iccid
  return [
    { name: slotTexts.deviceId, value: record.deviceId, isMono: true },
    { name: slotTexts.platform, value: record.platform + (record.isSimulated ? `, ${history.simulated}` : '') },
    stated(slotTexts.serial, closing?.serialNumber ?? record.serialNumber),
    iccid === null && record.iccidReason !== null
      ? { name: slotTexts.iccid, value: slotTexts.unreadable(record.iccidReason), isMissing: true }
      : stated(slotTexts.iccid, iccid),
    stated(slotTexts.imei, closing?.imei ?? record.imei),
    stated(`${slotTexts.deviceOs} ${history.before}`, record.deviceOsBefore),
    stated(`${slotTexts.deviceOs} ${history.after}`, closing?.deviceOsAfter ?? null),
  ]
}

function timeRows({ startedAt, closing }: LedgerRecord): FactRow[] {
  const started = { name: history.started, value: stampText(startedAt) }
  if (closing === null) return [started]
  const ended = { name: history.ended, value: stampText(closing.endedAt) }
  return [started, ended, { name: history.duration, value: durationText(closing.durationMs) }]
}

function placeRows(record: LedgerRecord): FactRow[] {
  return [
    { name: history.station, value: record.stationId },
    { name: history.slot, value: String(record.slot) },
    { name: slotTexts.usbPath, value: record.portPath, isMono: true },
    record.operator === null
      ? { name: history.operator, value: history.noOperator, isMissing: true }
      : { name: history.operator, value: record.operator },
    { name: history.recipe, value: record.recipeName },
    { name: history.recipeHash, value: record.recipeSha256, isMono: true },
    { name: history.software, value: record.softwareVersion },
    { name: history.recordId, value: record.recordId, isMono: true },
  ]
}

function stated(name: string, value: string | null): FactRow {
  return value === null ? { name, value: history.unknown, isMissing: true } : { name, value, isMono: true }
}
