// The calls about records.
import type { Handlers } from '../../shared/contract/contract.ts'
import { Fault } from '../../shared/fault/fault.ts'
import type { StationState } from './station-state.ts'

type LedgerCalls = Pick<Handlers, 'searchRecords' | 'showRecord' | 'exportRecords' | 'verifyLedger'>

export function ledgerCalls({ ledger, options }: StationState): LedgerCalls {
  return {
    searchRecords: async ({ filter, limit, cursor }) => ledger.search(filter, { limit, before: cursor }),
    showRecord: async ({ recordId }) => {
      const record = ledger.record(recordId)
      if (!record) throw new Fault('CALL_REJECTED', `no record is named ${recordId}`)
      return record
    },
    exportRecords: ({ format, filter }) => options.deliverExport(format, filter),
    verifyLedger: async () => {
      const verdict = await ledger.verify()
      return { ok: verdict.ok, records: verdict.records, problems: verdict.problems.map((problem) => problem.detail) }
    },
  }
}
