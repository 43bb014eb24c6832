// History: every record of the ledger, found by any id, filtered, paged, exported, checked. A record opens in place.
import { useState } from 'react'
import { useAnswer } from '../../station/use-answer.ts'
import { useSettled } from '../../station/use-settled.ts'
import { history } from '../../text/history.ts'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { type Navigate, type Route, routeAbove } from '../route.ts'
import { FilterBar } from './filter-bar.tsx'
import styles from './history-screen.module.css'
import { LedgerActions } from './ledger-actions.tsx'
import { Pager } from './pager.tsx'
import { emptyFields, type FilterFields, filterOf, isEmpty } from './record-filter.ts'
import { RecordTable } from './record-table.tsx'
import { RecordView } from './record-view.tsx'
import { usePages } from './use-pages.ts'

interface HistoryScreenProps {
  /** The search that a scan or a link brought, and the record that is open. */
  readonly place: Extract<Route, { screen: 'history' }>
  readonly navigate: Navigate
}

const pageSize = 50
const typingMs = 250

export function HistoryScreen({ place, navigate }: HistoryScreenProps) {
  const [fields, setFields] = useState<FilterFields>(() => ({ ...emptyFields(place.text), outcome: place.outcome }))
  const settled = useSettled(fields, typingMs)
  const pages = usePages(settled)
  const filter = filterOf(settled)
  const answer = useAnswer('searchRecords', { filter, limit: pageSize, cursor: pages.cursor })
  const page = answer.value
  if (place.recordId !== null)
    return <RecordView recordId={place.recordId} back={routeAbove(place)} navigate={navigate} />
  return (
    <div className={styles['screen']}>
      <FilterBar fields={fields} onChange={setFields} />
      <LedgerActions filter={filter} total={page?.total ?? null} />
      {answer.fault !== null && <FaultNotice fault={answer.fault} />}
      <div className={styles['records']} aria-busy={answer.isAsking}>
        {page !== null && page.records.length === 0 ? (
          <p className={styles['nothing']}>{isEmpty(settled) ? history.nothingYet : history.nothing}</p>
        ) : (
          <RecordTable records={page?.records ?? []} onOpen={(recordId) => navigate({ ...place, recordId })} />
        )}
      </div>
      <Pager pages={pages} page={page} pageSize={pageSize} />
    </div>
  )
}
