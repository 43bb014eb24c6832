// The facts of a record besides its steps and modules.
import { recordName, recordType } from '../../../shared/model/board-name.ts'
import type { DfuIdentity } from '../../../shared/model/dfu-identity.ts'
import type { LedgerRecord } from '../../../shared/model/record.ts'
import { deviceTexts } from '../../text/device.ts'
import { durationText, stampText } from '../../text/format.ts'
import { history } from '../../text/history.ts'
import { recipeTexts } from '../../text/recipe.ts'
import { slotTexts } from '../../text/slot.ts'
import { type FactRow, Facts } from '../../ui/facts.tsx'
import { sayingsOf } from '../slot/board-facts.tsx'
import { abilityRows, identityRows, programRevision, revisionRow } from '../slot/device-rows.ts'

export function RecordFacts({ record }: { readonly record: LedgerRecord }) {
  return (
    <Facts
      rows={[
        ...(record.device === null ? boardRows(record) : deviceRows(record, record.device)),
        ...sayingRows(record.board),
        ...timeRows(record),
        ...placeRows(record),
        ...labelRows(record),
      ]}
    />
  )
}

/** Who the device was and is, and the versions that its own program said. */
function deviceRows({ closing, isSimulated }: LedgerRecord, device: DfuIdentity): FactRow[] {
  const after = closing?.deviceAfter ?? null
  const silent = after === null ? deviceTexts.notAskedAgain : deviceTexts.programSilent
  return [
    ...identityRows(device),
    ...(isSimulated ? [{ name: history.simulatedName, value: slotTexts.yes }] : []),
    revisionRow(deviceTexts.revisionBefore, programRevision(device), deviceTexts.programSilent),
    revisionRow(deviceTexts.revisionAfter, after && programRevision(after), silent),
    ...abilityRows(device),
  ]
}

function boardRows({ closing, ...record }: LedgerRecord): FactRow[] {
  return [
    { name: slotTexts.deviceId, value: recordName(record), isMono: true },
    { name: slotTexts.platform, value: recordType(record) + (record.isSimulated ? `, ${history.simulated}` : '') },
    stated(slotTexts.serial, closing?.serialNumber ?? record.serialNumber, record.serialNumberReason),
    stated(slotTexts.iccid, closing?.iccid ?? record.iccid, record.iccidReason),
    stated(slotTexts.imei, closing?.imei ?? record.imei, record.imeiReason),
    stated(`${slotTexts.deviceOs} ${history.before}`, record.deviceOsBefore, record.deviceOsBeforeReason),
    stated(`${slotTexts.deviceOs} ${history.after}`, closing?.deviceOsAfter ?? null, closing?.deviceOsAfterReason),
  ]
}

/** What the board said of itself besides names and modules; nothing in records that are older than the question. */
function sayingRows(board: LedgerRecord['board']): FactRow[] {
  if (board === null) return []
  return [{ name: slotTexts.mode, value: slotTexts.modes[board.mode] }, ...sayingsOf(board)]
}

function labelRows({ label }: LedgerRecord): FactRow[] {
  return Object.entries(label).map(([name, value]) => ({ name: history.labelOf(name), value }))
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
    { name: history.job, value: recipeTexts.jobNames[record.job] },
    { name: history.recipe, value: record.recipeName },
    { name: history.recipeHash, value: record.recipeSha256, isMono: true },
    { name: history.software, value: record.softwareVersion },
    { name: history.recordId, value: record.recordId, isMono: true },
  ]
}

function stated(name: string, value: string | null, reason: string | null = null): FactRow {
  if (value !== null) return { name, value, isMono: true }
  return { name, value: reason === null ? history.unknown : slotTexts.unreadable(reason), isMissing: true }
}
