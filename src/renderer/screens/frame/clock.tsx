// The time of day, so that a phone can stay in the locker.
import { useEffect, useState } from 'react'
import { repeatedly } from '../../station/later.ts'
import { clockText } from '../../text/format.ts'
import styles from './top-strip.module.css'

export function Clock() {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => repeatedly(5000, () => setNow(Date.now())), [])
  return (
    <time className={styles['clock']} dateTime={new Date(now).toISOString()}>
      {clockText(now)}
    </time>
  )
}
