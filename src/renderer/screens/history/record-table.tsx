// One row a record. Arrow keys walk, Enter or a press opens.
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components'
import type { RecordSummary } from '../../../shared/model/record.ts'
import { bench } from '../../text/bench.ts'
import { durationText, nameParts, stampText } from '../../text/format.ts'
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
  { id: 'device', name: history.board },
  { id: 'iccid', name: history.iccid },
  { id: 'type', name: history.type },
  { id: 'slot', name: history.slot },
  { id: 'version', name: history.version },
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
        {record.isSimulated && <span className={styles['note']}> {history.simulated}</span>}
      </Cell>
      <Cell>
        <BoardName name={record.name} />
      </Cell>
      <Cell>
        <code>{record.iccid ?? '–'}</code>
      </Cell>
      <Cell>
        <span className={styles['type']} title={record.type}>
          {record.type}
        </span>
      </Cell>
      <Cell>{record.slot}</Cell>
      <Cell>{versionsText(record)}</Cell>
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

/** In characters: beyond, a name would push the rest out of the screen. */
const longName = 28

/** The part that tells boards apart stands out: the end of an ID, or the port where that decides. */
function BoardName({ name }: Pick<RecordSummary, 'name'>) {
  const { head, tail } = nameParts(name)
  return (
    <code className={styles['name']} title={name} data-long={name.length > longName || undefined}>
      <span className={styles['nameHead']}>{head}</span>
      <strong>{tail}</strong>
    </code>
  )
}

function versionsText({ platform, ...record }: RecordSummary): string {
  if (platform === null) return bench.revisions(record.revisionBefore, record.revisionAfter)
  return `${record.deviceOsBefore ?? '?'} → ${record.deviceOsAfter ?? '?'}`
}
