// What came of an export, in words.
import type { ExportResult } from '../../../shared/contract/contract.ts'
import { history } from '../../text/history.ts'

export function exportWords(result: Exclude<ExportResult, { kind: 'cancelled' }>): string {
  return result.kind === 'saved' ? history.saved(result.path) : history.downloading
}
