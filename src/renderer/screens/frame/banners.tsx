// What is unusual about the station as a whole, below the top strip: lost connection, USB process down, jobs cut off by
// the last end. Each says what to do, or that nothing needs to be done.
import { useState } from 'react'
import { describeFault } from '../../../shared/fault/fault.ts'
import type { Connection } from '../../station/link.ts'
import { useStationView } from '../../station/use-bench.ts'
import { useConnection } from '../../station/use-connection.ts'
import { frame } from '../../text/bench.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { FocusBanner } from '../packs/focus-banner.tsx'
import { historyRoute, type Navigate } from '../route.ts'
import styles from './banners.module.css'

export function Banners({ navigate }: { readonly navigate: Navigate }) {
  const connection = useConnection()
  const station = useStationView()
  const words = connectionWords(connection, station !== null)
  return (
    <div className={styles['banners']}>
      {words !== null && <Notice tone={connection === 'denied' ? 'fail' : 'warn'}>{words}</Notice>}
      {station !== null && station.recipeWarning !== null && <Notice tone="fail">{station.recipeWarning}</Notice>}
      {station !== null && station.quirkWarning !== null && <Notice tone="fail">{station.quirkWarning}</Notice>}
      {station !== null && station.focus !== null && <FocusBanner name={station.focus} />}
      {station !== null && !station.usb.up && (
        <Notice tone="warn">{frame.usbDown(describeFault(station.usb.fault).title)}</Notice>
      )}
      {station !== null && station.closedAtStart > 0 && (
        <ClosedAtStart count={station.closedAtStart} navigate={navigate} />
      )}
    </div>
  )
}

function connectionWords(connection: Connection, hasStation: boolean): string | null {
  if (connection === 'lost') return frame.lost
  if (connection === 'denied') return frame.denied
  return connection === 'connecting' && !hasStation ? frame.connecting : null
}

function ClosedAtStart({ count, navigate }: { readonly count: number; readonly navigate: Navigate }) {
  const [isSeen, setIsSeen] = useState(false)
  if (isSeen) return null
  return (
    <Notice
      tone="warn"
      actions={
        <>
          <Button onPress={() => navigate(historyRoute('', null, 'interrupted'))}>{frame.showThem}</Button>
          <Button onPress={() => setIsSeen(true)}>{frame.dismiss}</Button>
        </>
      }
    >
      {frame.closedAtStart(count)}
    </Notice>
  )
}
