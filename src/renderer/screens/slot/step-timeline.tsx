// The steps of a job in order, with how long each took; those that are still to come stand below the running one.
import { assertNever } from '../../../shared/fault/fault.ts'
import type { StepRecord } from '../../../shared/model/record.ts'
import type { JobProgress } from '../../../shared/model/slot.ts'
import { bytesText, durationText } from '../../text/format.ts'
import { slotTexts } from '../../text/slot.ts'
import { Glyph, type GlyphName } from '../../ui/glyph.tsx'
import styles from './step-timeline.module.css'

interface StepTimelineProps {
  readonly steps: readonly StepRecord[]
  /** Names of all steps of the plan, in order. */
  readonly plan: readonly string[]
  readonly progress: JobProgress | null
  /** The job has ended: steps that did not run will not. */
  readonly isOver: boolean
}

export function StepTimeline({ steps, plan, progress, isOver }: StepTimelineProps) {
  if (steps.length === 0 && plan.length === 0) return <p>{slotTexts.noSteps}</p>
  const longestMs = Math.max(1, ...steps.map((step) => step.durationMs))
  const comingFrom = progress === null ? steps.length : Math.max(steps.length, progress.step - 1)
  return (
    <ol className={styles['timeline']}>
      {steps.map((step) => (
        <DoneStep key={step.position} step={step} longestMs={longestMs} />
      ))}
      {plan.slice(comingFrom).map((name, ahead) => {
        const isRunning = progress !== null && comingFrom + ahead === progress.step - 1
        const stage = isRunning ? 'running' : isOver ? 'unreached' : 'pending'
        // biome-ignore lint/suspicious/noArrayIndexKey: two steps may have one name; a plan never changes its order.
        return <ComingStep key={`${comingFrom + ahead} ${name}`} name={name} stage={stage} />
      })}
    </ol>
  )
}

function DoneStep({ step, longestMs }: { readonly step: StepRecord; readonly longestMs: number }) {
  return (
    <li className={styles['step']} data-result={step.result}>
      <Glyph name={resultGlyph(step.result)} />
      <span className={styles['name']}>
        {step.name}
        {step.result !== 'done' && <strong> {slotTexts.stepResults[step.result]}</strong>}
        {step.detail !== null && <span className={styles['detail']}>{step.detail}</span>}
      </span>
      <span className={styles['bytes']}>{step.bytes > 0 && bytesText(step.bytes)}</span>
      <meter className={styles['share']} min={0} max={longestMs} value={step.durationMs} aria-hidden="true" />
      <span className={styles['duration']}>{durationText(step.durationMs)}</span>
    </li>
  )
}

type Stage = 'running' | 'pending' | 'unreached'

function ComingStep({ name, stage }: { readonly name: string; readonly stage: Stage }) {
  return (
    <li className={styles['step']} data-result={stage}>
      <Glyph name={stage === 'running' ? 'play' : 'circle'} />
      <span className={styles['name']}>{name}</span>
      <span />
      <span />
      <span className={styles['duration']}>{slotTexts.stages[stage]}</span>
    </li>
  )
}

function resultGlyph(result: StepRecord['result']): GlyphName {
  switch (result) {
    case 'done':
      return 'check'
    case 'failed':
      return 'octagon'
    case 'skipped':
      return 'double-check'
    default:
      return assertNever(result)
  }
}
