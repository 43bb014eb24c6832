// ledger list, show, export and verify: reading only, also while a station writes.
import { existsSync } from 'node:fs'
import type { RecordSummary } from '../../../shared/model/record.ts'
import type { LedgerReader } from '../../audit/ledger.ts'
import { openLedgerForReading } from '../../audit/open-ledger.ts'
import { dataFolderAt } from '../../desk/data-folder.ts'
import type { CommandLine } from '../arguments.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { recordText } from '../record-text.ts'
import { UsageError } from '../usage-error.ts'

const pageLimit = 200

export async function ledger(line: CommandLine, output: Output): Promise<ExitCode> {
  const [, verb, id = ''] = line.words
  const file = dataFolderAt(line.data).ledger
  if (!existsSync(file)) throw new UsageError(`${file}: no station has kept records here`)
  using reader = openLedgerForReading({ file })
  switch (verb) {
    case 'list':
      return list(reader, line, output)
    case 'show':
      return show(reader, id, output)
    case 'export':
      return exportAll(reader, line, output)
    default:
      return verify(reader, output)
  }
}

function list(reader: LedgerReader, line: CommandLine, output: Output): ExitCode {
  let cursor: string | null = null
  do {
    const page = reader.search({ text: line.text }, { limit: pageLimit, before: cursor })
    for (const record of page.records) output.result(record, summaryLine(record))
    cursor = page.cursor
  } while (cursor)
  return exitCodes.ok
}

function summaryLine(record: RecordSummary): string {
  const { recordId, startedAt, slot, type, name, iccid, outcome, faultCode, durationMs } = record
  const seconds = durationMs === null ? '-' : `${(durationMs / 1000).toFixed(1)} s`
  const at = new Date(startedAt).toISOString()
  const what = record.alreadyCurrent ? 'already current' : record.job
  return [recordId, at, `slot ${slot}`, type, name, iccid ?? '-', outcome, faultCode ?? '-', seconds, what].join('  ')
}

function show(reader: LedgerReader, id: string, output: Output): ExitCode {
  const record = reader.record(id)
  if (!record) throw new UsageError(`ledger show ${id}: there is no such record`)
  output.result(record, recordText(record))
  return exitCodes.ok
}

async function exportAll(reader: LedgerReader, line: CommandLine, output: Output): Promise<ExitCode> {
  const filter = { text: line.text }
  const chunks = line.format === 'csv' ? reader.exportCsv(filter) : reader.exportJsonLines(filter)
  for await (const chunk of chunks) if (!(await output.text(chunk))) break
  return exitCodes.ok
}

async function verify(reader: LedgerReader, output: Output): Promise<ExitCode> {
  const verdict = await reader.verify()
  const { sequence, hash } = verdict.head
  const head = `chain of ${sequence} entries ends in ${hash}`
  output.result(
    verdict,
    verdict.ok ? `ok: ${verdict.records} records, ${head}` : `DAMAGED: ${verdict.records} records, ${head}`,
  )
  for (const problem of verdict.problems) output.note(`${problem.kind} ${problem.table}: ${problem.detail}`)
  return verdict.ok ? exitCodes.ok : exitCodes.stationFailed
}
