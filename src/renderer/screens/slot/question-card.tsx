// A question at full size: what is asked of a person before a start, and what a start says.
import { deviceTexts } from '../../text/device.ts'
import { Glyph } from '../../ui/glyph.tsx'
import styles from './question-card.module.css'

export function QuestionCard({ question }: { readonly question: string }) {
  return (
    <section className={styles['card']} aria-label={deviceTexts.question}>
      <h2 className={styles['title']}>
        <Glyph name="question" />
        {deviceTexts.question}
      </h2>
      <p className={styles['words']}>{question}</p>
      <p>{deviceTexts.answerYes}</p>
    </section>
  )
}
