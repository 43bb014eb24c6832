// Exports a ledger both ways in a process of its own, keeping nothing, and reports how much memory that took.
import { openLedgerForReading } from '../../src/main/audit/open-ledger.ts'

const [, , file = ''] = process.argv
using ledger = openLedgerForReading({ file })
let peakBytes = 0
let characters = 0

async function rowsOf(chunks: AsyncIterable<string>): Promise<number> {
  let rows = 0
  for await (const chunk of chunks) {
    rows += chunk.split('\n').length - 1
    characters += chunk.length
    peakBytes = Math.max(peakBytes, process.memoryUsage().rss)
  }
  return rows
}

// The first round warms caches and compiled code up; what grows after it would grow without end.
await rowsOf(ledger.exportCsv({ outcome: 'fail' }))
await rowsOf(ledger.exportJsonLines({ outcome: 'fail' }))
globalThis.gc?.()
const startBytes = process.memoryUsage().rss
const csvRows = await rowsOf(ledger.exportCsv({}))
const jsonRows = await rowsOf(ledger.exportJsonLines({}))
process.send?.({ csvRows, jsonRows, characters, growthBytes: peakBytes - startBytes })
process.disconnect?.()
