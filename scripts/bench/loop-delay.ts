// Loaded into each process of a benchmarked station (node --import): measures how late its event loop gets, and writes
// that down when the process ends. The product knows nothing of it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const resolutionMs = 10
const folder = process.env['DFU_STATION_BENCH_FOLDER']

if (folder) {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  process.on('exit', () => {
    // The histogram counts from one tick of its timer to the next; what is beyond the tick is lateness.
    const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs)
    const facts = { script: process.argv[1], p99Ms: late(delay.percentile(99)), maxMs: late(delay.max) }
    writeFileSync(join(folder, `${process.pid}.loop.json`), JSON.stringify(facts))
  })
}
