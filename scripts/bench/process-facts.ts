// Loaded into each process of a benchmarked station (node --import): measures how late its event loop gets, what
// processor time and what memory it took, and writes that down when the process ends. The product knows nothing of it.
import { readFileSync, writeFileSync } from 'node:fs'
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
    const { user, system } = process.cpuUsage()
    const cpuMs = (user + system) / 1000
    const facts = { script: process.argv[1], loopP99Ms: late(delay.percentile(99)), cpuMs, peakBytes: peakBytes() }
    writeFileSync(join(folder, `${process.pid}.process.json`), JSON.stringify(facts))
  })
}

/** Of this program; what getrusage tells may be of the process that started it. */
function peakBytes(): number | null {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    return kib === undefined ? null : Number(kib) * 1024
  } catch {
    return null
  }
}
