// A station that opens and closes records without end, in a process of its own, so that it can be killed.
import { openLedger } from '../../src/main/audit/open-ledger.ts'
import { closing, opening, stepRecord } from './record-samples.ts'

const [, , file = ''] = process.argv
const ledger = openLedger({ file, stationId: 'child', softwareVersion: '0.1.0', clock: Date })
const steps = Array.from({ length: 200 }, (_, position) => stepRecord(position))
for (let count = 0; ; count++) {
  ledger.closeRecord(closing(ledger.openRecord(opening()), { steps }))
  if (count === 3) process.send?.('ready')
  if (count % 10 === 0) await new Promise(setImmediate)
}
