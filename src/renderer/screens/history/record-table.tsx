// One row a record. Arrow keys walk, Enter or a press opens.
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components'
import type { RecordSummary } from '../../../shared/model/record.ts'
import { durationText, stampText } from '../../text/format.ts'
import { history } from '../../text/history.ts'
import { recipeTexts } from '../../text/recipe.ts'
import { OutcomeBadge } from './outcome-badge.tsx'
import styles from './record-table.module.css'

interface RecordTableProps {
  readonly records: readonly RecordSummary[]
  readonly onOpen: (recordId: string) => void
}

const columns = [
  { id: 'time', name: history.time },
  { id: 'outcome', name: history.outcome },
  { id: 'device', name: history.deviceId },
  { id: 'iccid', name: history.iccid },
  { id: 'platform', name: history.platform },
  { id: 'slot', name: history.slot },
  { id: 'os', name: history.deviceOs },
  { id: 'recipe', name: history.recipe },
  { id: 'fault', name: history.fault },
  { id: 'took', name: history.duration },
]

export function RecordTable({ records, onOpen }: RecordTableProps) {
  return (
    <Table
      className={styles['table'] ?? ''}
      aria-label={history.table}
      onRowAction={(recordId) => onOpen(String(recordId))}
    >
      <TableHeader columns={columns}>
        {(column) => <Column isRowHeader={column.id === 'device'}>{column.name}</Column>}
      </TableHeader>
      <TableBody items={records}>{(record) => <RecordRow id={record.recordId} record={record} />}</TableBody>
    </Table>
  )
}

function RecordRow({ id, record }: { readonly id: string; readonly record: RecordSummary }) {
  return (
    <Row id={id} className={styles['row'] ?? ''} textValue={record.name}>
      <Cell>{stampText(record.startedAt)}</Cell>
      <Cell>
        <OutcomeBadge verdict={record} />
        {record.job !== 'flash' && <span className={styles['note']}> {recipeTexts.jobNames[record.job]}</span>}
      </Cell>
      <Cell>
        <code>
          {record.name.slice(0, -6)}
          <strong>{record.name.slice(-6)}</strong>
        </code>
      </Cell>
      <Cell>
        <code>{record.iccid ?? '–'}</code>
      </Cell>
      <Cell>
        {record.platform}
        {record.isSimulated && <span className={styles['note']}> {history.simulated}</span>}
      </Cell>
      <Cell>{record.slot}</Cell>
      <Cell>{deviceOsText(record)}</Cell>
      <Cell>
        <span className={styles['recipe']} title={record.recipeName}>
          {record.recipeName}
        </span>
      </Cell>
      <Cell>
        <code className={styles['code']}>{record.faultCode}</code>
      </Cell>
      <Cell>{record.durationMs !== null && durationText(record.durationMs)}</Cell>
    </Row>
  )
}

function deviceOsText({ deviceOsBefore, deviceOsAfter }: RecordSummary): string {
  return `${deviceOsBefore ?? '?'} → ${deviceOsAfter ?? '?'}`
}
