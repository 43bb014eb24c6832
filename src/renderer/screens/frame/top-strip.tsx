// The strip above every screen: which station, what is flashed, by whom, on which network, and the day so far.
import type { StationView } from '../../../shared/model/slot.ts'
import { useStationView } from '../../station/use-bench.ts'
import { frame } from '../../text/bench.ts'
import { yieldText } from '../../text/format.ts'
import { Clock } from './clock.tsx'
import styles from './top-strip.module.css'

export function TopStrip() {
  const station = useStationView()
  return (
    <header className={styles['strip']}>
      {station === null ? <strong>{frame.product}</strong> : <Facts station={station} />}
    </header>
  )
}

function Facts({ station }: { readonly station: StationView }) {
  return (
    <>
      {station.isSimulated && <p className={styles['simulation']}>{frame.simulation}</p>}
      <dl className={styles['facts']}>
        <Fact name={frame.station} value={station.stationId} />
        <Fact name={frame.recipe} value={station.recipeName ?? frame.none} isWide />
        <Fact name={frame.operator} value={station.operator ?? frame.nobody} />
        <Fact name={frame.network} value={frame.offline} />
      </dl>
      <Tally tally={station.tally} />
      <Clock />
    </>
  )
}

function Tally({ tally }: Pick<StationView, 'tally'>) {
  const { pass, fail, error } = tally
  return (
    <dl className={styles['tally']} aria-label={frame.tallyLabel} title={frame.tallyLabel}>
      <Fact name={frame.pass} value={String(pass)} />
      <Fact name={frame.fail} value={String(fail)} />
      <Fact name={frame.error} value={String(error)} />
      <Fact name={frame.yield} value={yieldText(pass, pass + fail)} />
    </dl>
  )
}

interface FactProps {
  readonly name: string
  readonly value: string
  readonly isWide?: boolean
}

function Fact({ name, value, isWide }: FactProps) {
  return (
    <div className={styles['fact']} data-wide={isWide || undefined}>
      <dt>{name}</dt>
      <dd title={value}>{value}</dd>
    </div>
  )
}
