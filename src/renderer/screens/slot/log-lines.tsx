// The last lines of what happened in this slot while this board was there, newest at the end.
import type { LogLine } from '../../../shared/model/slot.ts'
import { timeText } from '../../text/format.ts'
import { slotTexts } from '../../text/slot.ts'
import styles from './log-lines.module.css'

export function LogLines({ lines }: { readonly lines: readonly LogLine[] }) {
  if (lines.length === 0) return <p>{slotTexts.noLog}</p>
  return (
    <ol className={styles['log']}>
      {lines.map((line, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two lines may be equal in time and text; lines never move.
        <li key={place}>
          <time dateTime={new Date(line.at).toISOString()}>{timeText(line.at)}</time> {line.text}
        </li>
      ))}
    </ol>
  )
}
