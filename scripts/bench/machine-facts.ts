// On what it was measured: without it a figure says nothing.
import { execFileSync } from 'node:child_process'
import { arch, cpus, loadavg, totalmem, type } from 'node:os'

export interface MachineFacts {
  readonly measuredAt: string
  readonly system: string
  readonly processor: string
  readonly cores: number
  readonly memoryGiB: number
  readonly node: string
  /** One-minute load when the benchmark began: other work on the computer. */
  readonly loadAtStart: number
  readonly commit: string
}

export function machineFacts(): MachineFacts {
  return {
    measuredAt: new Date().toISOString(),
    system: `${type()} ${arch()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    loadAtStart: Number((loadavg()[0] ?? 0).toFixed(2)),
    commit: commit(),
  }
}

function commit(): string {
  try {
    const head = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim()
    const changed = execFileSync('git', ['status', '--porcelain', 'src'], { encoding: 'utf8', stdio: 'pipe' }).trim()
    return changed ? `${head} with changes` : head
  } catch {
    return 'unknown'
  }
}
