// What can be done with the ledger as a whole: take the filtered records out, and check that nothing was changed.
import { useState } from 'react'
import type { ExportResult, LedgerCheck } from '../../../shared/contract/contract.ts'
import { useAct } from '../../station/use-answer.ts'
import { history } from '../../text/history.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { exportWords } from './export-words.ts'
import { fetchDownload } from './fetch-download.ts'
import styles from './history-screen.module.css'
import type { RecordFilterInput } from './record-filter.ts'

interface LedgerActionsProps {
  readonly filter: RecordFilterInput
  readonly total: number | null
}

export function LedgerActions({ filter, total }: LedgerActionsProps) {
  const act = useAct()
  const [exported, setExported] = useState<ExportResult | null>(null)
  const [check, setCheck] = useState<LedgerCheck | null>(null)
  const takeOut = async (format: 'csv' | 'jsonl') => {
    setExported(null)
    const result = await act.run('exportRecords', { format, filter })
    if (result?.kind === 'download') fetchDownload(result.url)
    setExported(result)
  }
  const verify = async () => {
    setCheck(null)
    setCheck(await act.run('verifyLedger', {}))
  }
  return (
    <>
      <div className={styles['actions']}>
        <strong>{total !== null && history.count(total)}</strong>
        <Button isDisabled={act.isBusy} onPress={() => void takeOut('csv')}>
          {history.exportCsv}
        </Button>
        <Button isDisabled={act.isBusy} onPress={() => void takeOut('jsonl')}>
          {history.exportJsonLines}
        </Button>
        <Button isDisabled={act.isBusy} onPress={() => void verify()}>
          {history.verify}
        </Button>
      </div>
      {act.fault !== null && <FaultNotice fault={act.fault} onDismiss={act.clear} />}
      {exported !== null && exported.kind !== 'cancelled' && <Notice tone="good">{exportWords(exported)}</Notice>}
      {check !== null && <CheckResult check={check} />}
    </>
  )
}

function CheckResult({ check }: { readonly check: LedgerCheck }) {
  if (check.ok) return <Notice tone="good">{history.ledgerGood(check.records)}</Notice>
  return (
    <Notice tone="fail">
      {history.ledgerBad(check.problems.length)}
      <ul>
        {check.problems.slice(0, 5).map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </Notice>
  )
}
