// What is asked of a person at one slot, what went wrong there, and what a hand can do about it.
import type { FaultCode } from '../../../shared/fault/fault-codes.ts'
import type { SlotView } from '../../../shared/model/slot.ts'
import { faultOf, whoseWords } from '../bench/hands.ts'
import { asks } from '../bench/slot-acts.ts'
import { DifferenceList } from './difference-list.tsx'
import { differencesOf } from './differences.ts'
import { FaultCard } from './fault-card.tsx'
import { DeviceHandPanel, HandPanel } from './hand-panel.tsx'
import { deviceHandWork, handWorkOf } from './hand-work.ts'
import { QuestionCard } from './question-card.tsx'

export function SlotReasons({ view }: { readonly view: SlotView }) {
  const fault = faultOf(view)
  if (asks(view)) return <QuestionCard question={view.question ?? ''} />
  if (fault === null) return null
  const differences = differencesOf(fault, view.job)
  return (
    <>
      <FaultCard fault={fault} platform={whoseWords(view)} />
      {differences.length > 0 && <DifferenceList differences={differences} />}
      <HandWork code={fault.code} board={view.board} />
    </>
  )
}

function HandWork({ code, board }: { readonly code: FaultCode } & Pick<SlotView, 'board'>) {
  if (board?.kind !== 'particle') {
    const steps = deviceHandWork(code)
    return steps === null ? null : <DeviceHandPanel steps={steps} />
  }
  const work = handWorkOf(code, board.platform)
  return work === null ? null : <HandPanel work={work} />
}
