// One slot in full: its state large, its board, its fault, the steps, the modules with their proof, and the log.

import { useRef } from 'react'
import { type ParticleIdentity, particleOf } from '../../../shared/model/identity.ts'
import type { SlotView } from '../../../shared/model/slot.ts'
import { useSlot, useSlotNumbers } from '../../station/use-bench.ts'
import { slotTexts } from '../../text/slot.ts'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { faultOf } from '../bench/hands.ts'
import { createSlotDigits } from '../bench/slot-digits.ts'
import { useSurroundings } from '../bench/use-surroundings.ts'
import { useKeys } from '../frame/keyboard-context.tsx'
import { historyRoute, type Navigate } from '../route.ts'
import { BoardFacts } from './board-facts.tsx'
import { DifferenceList } from './difference-list.tsx'
import { differencesOf } from './differences.ts'
import { FaultCard } from './fault-card.tsx'
import { HandPanel } from './hand-panel.tsx'
import { handWorkOf } from './hand-work.ts'
import { LogLines } from './log-lines.tsx'
import { ModuleTable } from './module-table.tsx'
import { ReportedModules } from './reported-modules.tsx'
import { SkippedModules } from './skipped-modules.tsx'
import { SlotHeadline } from './slot-headline.tsx'
import styles from './slot-screen.module.css'
import { StepTimeline } from './step-timeline.tsx'

interface SlotScreenProps {
  readonly slot: number
  readonly navigate: Navigate
}

export function SlotScreen({ slot, navigate }: SlotScreenProps) {
  const view = useSlot(slot)
  const around = useSurroundings(slot)
  useSlotKeys(slot, navigate)
  if (view === null) return <p className={styles['missing']}>{slotTexts.noSuchSlot(slot)}</p>
  const { board, job } = view
  const recordId = job?.recordId ?? null
  return (
    <div className={styles['screen']}>
      <div className={styles['side']}>
        <SlotHeadline view={view} around={around} />
        <Panel
          title={slotTexts.board}
          actions={
            recordId !== null && (
              <Button onPress={() => navigate(historyRoute('', recordId))}>{slotTexts.openRecord}</Button>
            )
          }
        >
          <BoardFacts board={particleOf(board)} portPath={view.portPath} />
        </Panel>
      </div>
      <div className={styles['main']}>
        <Reasons view={view} />
        <JobParts job={view.job} board={particleOf(board)} />
        <Panel title={slotTexts.log}>
          <LogLines lines={view.log} />
        </Panel>
      </div>
    </div>
  )
}

/** What went wrong, and what a hand can do about it. */
function Reasons({ view }: { readonly view: SlotView }) {
  const fault = faultOf(view)
  if (fault === null) return null
  const particle = particleOf(view.board)
  const work = particle === null ? null : handWorkOf(fault.code, particle.platform)
  const differences = differencesOf(fault, view.job?.modules ?? [])
  return (
    <>
      <FaultCard fault={fault} platform={particle?.platform ?? null} />
      {differences.length > 0 && <DifferenceList differences={differences} />}
      {work !== null && <HandPanel work={work} />}
    </>
  )
}

function JobParts({ job, board }: Pick<SlotView, 'job'> & { readonly board: ParticleIdentity | null }) {
  return (
    <>
      <Panel title={slotTexts.steps}>
        <StepTimeline
          steps={job?.steps ?? []}
          plan={job?.plan ?? []}
          progress={job?.progress ?? null}
          isOver={job !== null && job.outcome !== null}
        />
      </Panel>
      {job !== null && job.modules.length > 0 && (
        <Panel title={slotTexts.modules}>
          <ModuleTable modules={job.modules} />
        </Panel>
      )}
      {job !== null && job.notes.length > 0 && (
        <Panel title={slotTexts.notes}>
          <ul>
            {job.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Panel>
      )}
      {job !== null && job.skipped.length > 0 && (
        <Panel title={slotTexts.skipped}>
          <SkippedModules skipped={job.skipped} />
        </Panel>
      )}
      {(job === null || job.modules.length === 0) && board?.modules.known === true && (
        <Panel title={slotTexts.reported}>
          <ReportedModules modules={board.modules.value} />
        </Panel>
      )}
    </>
  )
}

const beside: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 }

/** Arrows and digits go from slot to slot without the way over the bench. */
function useSlotKeys(slot: number, navigate: Navigate): void {
  const numbers = useSlotNumbers()
  const digits = useRef(createSlotDigits())
  useKeys((key) => {
    const isDigit = /^\d$/.test(key)
    const wish = isDigit ? digits.current.type(key, numbers, performance.now()) : slot + (beside[key] ?? 0)
    if (wish === null || wish === slot || !numbers.includes(wish)) return isDigit
    navigate({ screen: 'slot', slot: wish })
    return true
  })
}
