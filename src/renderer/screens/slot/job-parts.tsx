// The job of one slot: its steps, what was done to each module or piece and how that was proven, and what else to know.
import type { SlotView } from '../../../shared/model/slot.ts'
import { deviceTexts } from '../../text/device.ts'
import { slotTexts } from '../../text/slot.ts'
import { Panel } from '../../ui/panel.tsx'
import { ImageTable } from './image-table.tsx'
import { ModuleTable } from './module-table.tsx'
import { ReportedModules } from './reported-modules.tsx'
import { SkippedModules } from './skipped-modules.tsx'
import { StepTimeline } from './step-timeline.tsx'

export function JobParts({ view: { job, board } }: { readonly view: SlotView }) {
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
      {job !== null && job.images.length > 0 && (
        <Panel title={deviceTexts.images}>
          <ImageTable images={job.images} />
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
      {(job === null || job.modules.length === 0) && board?.kind === 'particle' && board.modules.known && (
        <Panel title={slotTexts.reported}>
          <ReportedModules modules={board.modules.value} />
        </Panel>
      )}
    </>
  )
}
