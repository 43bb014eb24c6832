// One record in full: who, what, where, when and how, as the ledger keeps it.

import { isAlreadyCurrent } from '../../../shared/model/already-current.ts'
import { recordName } from '../../../shared/model/board-name.ts'
import { valueOrNull } from '../../../shared/model/identity.ts'
import type { LedgerRecord } from '../../../shared/model/record.ts'
import { useAnswer } from '../../station/use-answer.ts'
import { history } from '../../text/history.ts'
import type { Verdict } from '../../text/outcome-look.ts'
import { screens } from '../../text/screens.ts'
import { slotTexts } from '../../text/slot.ts'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { FaultNotice } from '../frame/fault-notice.tsx'
import { historyRoute, type Navigate, type Route } from '../route.ts'
import { DifferenceList } from '../slot/difference-list.tsx'
import { differencesOf } from '../slot/differences.ts'
import { FaultCard } from '../slot/fault-card.tsx'
import { StepTimeline } from '../slot/step-timeline.tsx'
import { OutcomeBadge } from './outcome-badge.tsx'
import { RecordFacts } from './record-facts.tsx'
import { ImageParts, ModuleParts } from './record-parts.tsx'
import styles from './record-view.module.css'
import { recordedDevice } from './recorded-device.ts'

interface RecordViewProps {
  readonly recordId: string
  /** The search to go back to. */
  readonly back: Route
  readonly navigate: Navigate
}

export function RecordView({ recordId, back, navigate }: RecordViewProps) {
  const answer = useAnswer('showRecord', { recordId })
  const record = answer.value && { ...answer.value, device: recordedDevice(answer.value) }
  return (
    <div className={styles['screen']}>
      <div className={styles['head']}>
        <Button keyHint="Esc" onPress={() => navigate(back)}>
          {screens.back}
        </Button>
        {record !== null && <OutcomeBadge verdict={recordVerdict(record)} />}
        <h2>{record === null ? history.record : history.recordOf(recordName(record))}</h2>
        {record !== null && <SameBoard record={record} navigate={navigate} />}
      </div>
      {answer.fault !== null && <FaultNotice fault={answer.fault} />}
      {record !== null && <RecordParts record={record} />}
    </div>
  )
}

/** Where the port decides who a device is, there is nothing to find it by but that port. */
function SameBoard({ record, navigate }: { readonly record: LedgerRecord; readonly navigate: Navigate }) {
  const { deviceId, device, portPath } = record
  const serial = device !== null && device.twins.length === 0 ? valueOrNull(device.serialNumber) : null
  const name = deviceId ?? serial
  return (
    <Button onPress={() => navigate(historyRoute(name ?? portPath))}>
      {name === null ? history.samePort(portPath) : history.sameBoard}
    </Button>
  )
}

function recordVerdict(record: LedgerRecord): Verdict {
  return {
    outcome: record.closing?.outcome ?? 'open',
    job: record.job,
    alreadyCurrent: isAlreadyCurrent(record),
    faultCode: record.closing?.fault?.code ?? null,
  }
}

function RecordParts({ record }: { readonly record: LedgerRecord }) {
  const { closing } = record
  const differences = differencesOf(closing?.fault ?? null, closing)
  return (
    <div className={styles['parts']}>
      <div className={styles['column']}>
        <Panel title={history.record}>
          <RecordFacts record={record} />
        </Panel>
      </div>
      <div className={styles['column']}>
        {closing === null && <p>{history.stillOpen}</p>}
        {closing !== null && closing.fault !== null && (
          <FaultCard fault={closing.fault} platform={record.platform ?? 'device'} />
        )}
        {differences.length > 0 && <DifferenceList differences={differences} />}
        <Panel title={slotTexts.steps}>
          <StepTimeline steps={closing?.steps ?? []} plan={[]} progress={null} isOver />
        </Panel>
        {record.device === null ? (
          <ModuleParts record={record} />
        ) : (
          <ImageParts record={record} device={record.device} />
        )}
        <Panel title={history.plan}>
          <ol className={styles['plan']}>
            {record.plan.map((line, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two steps may read alike; a record never changes.
              <li key={place}>{line}</li>
            ))}
          </ol>
        </Panel>
      </div>
    </div>
  )
}
