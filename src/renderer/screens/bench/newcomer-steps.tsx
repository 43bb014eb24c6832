// The empty state: three steps from nothing to the first board, each ticked when it is done. Gone once a board is judged
// or all is set up.
import type { StationView } from '../../../shared/model/slot.ts'
import { useBench } from '../../station/use-bench.ts'
import { newcomer } from '../../text/bench.ts'
import { Button } from '../../ui/button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import type { Navigate } from '../route.ts'
import styles from './newcomer-steps.module.css'

interface NewcomerStepsProps {
  readonly station: StationView
  readonly navigate: Navigate
}

export function NewcomerSteps({ station, navigate }: NewcomerStepsProps) {
  const hasPorts = useBench((mirror) => mirror.slots().some((slot) => slot.state !== 'off'))
  const hasBoards = useBench((mirror) => mirror.slots().some((slot) => slot.board !== null))
  const hasRecipe = station.recipeName !== null
  if (hasRecipe && (hasPorts || hasBoards)) return null
  return (
    <section className={styles['steps']} aria-labelledby="newcomer-title">
      <h2 id="newcomer-title">{newcomer.title}</h2>
      <ol className={styles['list']}>
        <Step title={newcomer.recipeStep} help={newcomer.recipeHelp} isDone={hasRecipe}>
          <Button kind={hasRecipe ? 'plain' : 'main'} keyHint="F4" onPress={() => navigate({ screen: 'firmware' })}>
            {newcomer.recipeButton}
          </Button>
        </Step>
        <Step title={newcomer.portsStep} help={newcomer.portsHelp} isDone={hasPorts}>
          <Button kind={hasPorts ? 'plain' : 'main'} keyHint="F6" onPress={() => navigate({ screen: 'settings' })}>
            {newcomer.portsButton}
          </Button>
        </Step>
        <Step title={newcomer.boardStep} help={newcomer.boardHelp} isDone={hasBoards} />
      </ol>
    </section>
  )
}

interface StepProps {
  readonly title: string
  readonly help: string
  readonly isDone: boolean
  readonly children?: React.ReactNode
}

function Step({ title, help, isDone, children }: StepProps) {
  return (
    <li className={styles['step']} data-done={isDone || undefined}>
      <p className={styles['title']}>
        {isDone && <Glyph name="check" />}
        {title}
        {isDone && <span className={styles['done']}>{newcomer.done}</span>}
      </p>
      <p>{help}</p>
      {children}
    </li>
  )
}
