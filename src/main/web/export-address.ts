// The address of an export, written and read in one place: the filter of the ledger as a query.
import { type ExportResult, type RecordFilter, recordFilter } from '../../shared/contract/contract.ts'

export interface ExportRequest {
  readonly format: 'csv' | 'jsonl'
  readonly filter: RecordFilter
}

/** Relative to the page. */
export function exportAddress({ format, filter }: ExportRequest): string {
  const query = new URLSearchParams({ format })
  for (const [name, value] of Object.entries(filter)) {
    if (value !== null && value !== '') query.set(name, String(value))
  }
  return `export?${query}`
}

/** Null for a query that is not an export. */
export function readExportQuery(query: URLSearchParams): ExportRequest | null {
  const { format, from, to, ...rest } = Object.fromEntries(query)
  if (format !== 'csv' && format !== 'jsonl') return null
  const parsed = recordFilter.safeParse({
    ...rest,
    ...(from === undefined ? {} : { from: Number(from) }),
    ...(to === undefined ? {} : { to: Number(to) }),
  })
  return parsed.success ? { format, filter: parsed.data } : null
}

/** What this door does with an export: the browser fetches it from there. Fits DeskOptions.deliverExport. */
export async function offerDownload(format: 'csv' | 'jsonl', filter: RecordFilter): Promise<ExportResult> {
  return { kind: 'download', url: exportAddress({ format, filter }) }
}
