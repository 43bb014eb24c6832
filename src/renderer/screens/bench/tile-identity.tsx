// Whose board it is: the device ID with its last six digits large (they are on the label), and the ICCID.
import type { BoardIdentity, ParticleIdentity } from '../../../shared/model/identity.ts'
import { bench } from '../../text/bench.ts'
import { DeviceLines } from './device-lines.tsx'
import styles from './tile-identity.module.css'

export function TileIdentity({ board }: { readonly board: BoardIdentity }) {
  return board.kind === 'particle' ? <ParticleLines board={board} /> : <DeviceLines device={board} />
}

function ParticleLines({ board }: { readonly board: ParticleIdentity }) {
  const { deviceId, iccid } = board
  return (
    <span className={styles['identity']}>
      <span className={styles['id']} title={deviceId}>
        <span className={styles['idHead']}>{deviceId.slice(0, -6)}</span>
        <span className={styles['idTail']}>{deviceId.slice(-6)}</span>
      </span>
      <IccidLine iccid={iccid} />
    </span>
  )
}

/** The end of an ICCID tells SIMs apart, so it is the beginning that gives way in a narrow tile. */
function IccidLine({ iccid }: Pick<ParticleIdentity, 'iccid'>) {
  if (!iccid.known) {
    return (
      <span className={styles['iccid']} data-line="iccid" data-missing title={iccid.reason}>
        <span className={styles['iccidHead']}>
          {bench.iccidLabel} – {iccid.reason}
        </span>
      </span>
    )
  }
  return (
    <span className={styles['iccid']} data-line="iccid" title={iccid.value}>
      <span className={styles['iccidHead']}>
        {bench.iccidLabel} {iccid.value.slice(0, -6)}
      </span>
      <span className={styles['iccidTail']}>{iccid.value.slice(-6)}</span>
    </span>
  )
}
