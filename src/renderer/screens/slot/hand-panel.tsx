// What the hands do at a board that needs a button: the picture, and the same in numbered words; of a board that nobody
// here has seen, the words alone.
import { handWork } from '../../text/hand-work.ts'
import { Panel } from '../../ui/panel.tsx'
import { BoardPicture } from './board-picture.tsx'
import styles from './hand-panel.module.css'
import type { HandWork } from './hand-work.ts'

export function HandPanel({ work }: { readonly work: HandWork }) {
  return (
    <Panel title={handWork.title}>
      <div className={styles['parts']}>
        <BoardPicture work={work} />
        <div>
          <HandSteps steps={work.steps} />
          {work.body === 'module' && <p className={styles['remark']}>{handWork.module}</p>}
        </div>
      </div>
    </Panel>
  )
}

export function DeviceHandPanel({ steps }: { readonly steps: readonly string[] }) {
  return (
    <Panel title={handWork.title}>
      <HandSteps steps={steps} />
    </Panel>
  )
}

function HandSteps({ steps }: { readonly steps: readonly string[] }) {
  return (
    <ol className={styles['steps']}>
      {steps.map((step) => (
        <li key={step}>{step}</li>
      ))}
    </ol>
  )
}
