// Whose device it is: its serial number with the end large, as labels have it. Where that is missing, or others have the
// same one, the port decides which device it is: then the port is large, and the reason stands beside it.
import type { ReactNode } from 'react'
import { type DfuIdentity, usbIdText } from '../../../shared/model/dfu-identity.ts'
import { bench } from '../../text/bench.ts'
import styles from './tile-identity.module.css'

export function DeviceLines({ device }: { readonly device: DfuIdentity }) {
  const { serialNumber, twins, portPath } = device
  const ids = usbIdText(device)
  if (serialNumber.known && twins.length === 0) {
    const { value } = serialNumber
    return (
      <Lines head={value.slice(0, -6)} tail={value.slice(-6)}>
        <span className={styles['iccid']} data-line="ids" title={ids}>
          {ids}
        </span>
      </Lines>
    )
  }
  const reason = serialNumber.known ? bench.notUnique : bench.noSerial
  const why = serialNumber.known ? `${reason}: ${serialNumber.value}` : serialNumber.reason
  return (
    <Lines head={bench.port} tail={portPath} isPort>
      <span className={styles['reason']} data-line="reason" title={why}>
        {reason}
        <span className={styles['reasonIds']}>, {ids}</span>
      </span>
    </Lines>
  )
}

interface LinesProps {
  readonly head: string
  readonly tail: string
  readonly isPort?: boolean
  readonly children: ReactNode
}

function Lines({ head, tail, isPort = false, children }: LinesProps) {
  return (
    <span className={styles['identity']}>
      <span className={styles['id']} title={isPort ? `${head} ${tail}` : head + tail}>
        {head !== '' && <span className={isPort ? styles['port'] : styles['deviceHead']}>{head}</span>}
        <span className={styles['idTail']} data-whole={isPort || head === '' || undefined}>
          {tail}
        </span>
      </span>
      {children}
    </span>
  )
}
